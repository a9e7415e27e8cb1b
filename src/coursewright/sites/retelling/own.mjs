// A reader's own files in the place of tables: read here and sent nowhere, held to the contract of the table, and put into
// the engine beside what the course has, which comes back when the reader wants it. Nothing is kept of a file.

import { parsed, Wrong } from "./csv.mjs";
import { LINES, parsedLines } from "./json.mjs";
import { compareTexts, within } from "./retell.mjs";

const { words } = 'OWN';
const say = (name, named = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => named[key] ?? "");
const SHOWN = 5; // problems of one kind
const MOST = 2000; // choices, as tables/choices.py has it
const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
const table = (name) => `main.${quoted(name)}`;
const built = (name) => `_built ${name}`;
const listed = (names) => names.map((name) => `“${name}”`).join(", ");

const kindOf = ({ kind, example }) => say(`kind_${kind}`, { example });

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// --- a file as the engine takes it

// The texts of the wanted columns, in their order; a missing value is null.
function texts(bytes, file, spec) {
  const inLines = LINES.test(file.name);
  const { names, rows, lines, numbers = [] } = inLines ? parsedLines(bytes) : parsed(bytes, file.name, spec.delimiter);
  const problems = [];
  const at = spec.columns.map(({ theirs }) => {
    const place = names.indexOf(theirs) >= 0 ? names.indexOf(theirs) : names.findIndex((name) => name.toLowerCase() === theirs.toLowerCase());
    if (place < 0) problems.push({ said: "no_column", named: { column: theirs } });
    return place;
  });
  const more = spec.exactly ? names.filter((_, place) => !at.includes(place)) : [];
  problems.push(...more.map((column) => ({ said: "more_column", named: { column } })));
  if (rows.length < spec.least || (spec.most !== null && rows.length > spec.most)) {
    problems.push({ said: "rows", named: { found: rows.length, said: spec.wanted } });
  }
  const asTexts = new Map(spec.columns.flatMap((one, nth) => (one.kind === "text" && at[nth] >= 0 ? [[names[at[nth]], one]] : [])));
  const mistaken = numbers.filter(({ name }) => asTexts.has(name)); // a build writes such numbers in its own form
  problems.push(...mistaken.slice(0, SHOWN).map(({ name, line, value }) => ({ said: "kind", named: { column: name, line, value, kind: kindOf(asTexts.get(name)) } })));
  if (problems.length) throw new Wrong(...problems);
  const missing = new Set(inLines ? spec.missing.slice(1) : spec.missing); // an empty text is one there
  return { lines, columns: at.map((place) => rows.map((row) => (missing.has(row[place]) ? null : row[place]))) };
}

export async function read(file, spec, largest) {
  if (file.size > largest) {
    const [size, most] = [file.size, largest].map((bytes) => (bytes / 1e6).toFixed(1));
    throw new Wrong({ said: "large", named: { size, most } });
  }
  const bytes = await file.arrayBuffer().catch(() => { throw new Wrong({ said: "unread", named: {} }); });
  return { name: file.name, ...texts(new Uint8Array(bytes), file, spec) };
}

// The first of the rows that a SELECT of lines and values finds, as problems, and how many more there are.
async function problemsOf(query, select, said, named) {
  const found = await query(`SELECT *, count(*) OVER () FROM (${select}) ORDER BY 1 LIMIT ${SHOWN}`);
  const problems = found.map(([line, value]) => ({ said, named: { ...named, line, value: value ?? "" } }));
  const more = found.length ? Number(found[0][2]) - found.length : 0;
  return more ? [...problems, { said: "more", named: { number: more } }] : problems;
}

// Puts the rows of a file into the engine as `spec.staged`, typed and held to the contract. Raises Wrong.
async function stage(query, own, spec, file) {
  const line = quoted(own.line);
  await query.put("_texts", file.columns, file.lines);
  const typed = spec.columns.filter(({ wrong }) => wrong).map((column) => {
    const { ours, theirs, wrong } = column;
    const text = `c${spec.columns.findIndex((one) => one.ours === ours)}`;
    return problemsOf(query, `SELECT line, ${text} FROM _texts WHERE ${text} IS NOT NULL AND ${wrong}`, "kind", { column: theirs, kind: kindOf(column) });
  });
  const types = (await Promise.all(typed)).flat();
  if (types.length) throw new Wrong(...types);
  const columns = spec.columns.map(({ ours, read: value }) => `${value} AS ${quoted(ours)}`);
  const staged = quoted(spec.staged);
  await query(`CREATE OR REPLACE TABLE ${staged} AS SELECT line AS ${line}, ${columns.join(", ")} FROM _texts ORDER BY line, rowid`);
  const rules = spec.rules.map(async ({ name, columns: ours, said, rows }) => {
    const at = spec.columns.findIndex((one) => one.ours.toLowerCase() === ours[0].toLowerCase());
    const found = await problemsOf(query, rows, name, { column: spec.columns[at].theirs, columns: listed(ours), said });
    const value = ({ value, line }) => (name === "unique" ? value : file.columns[at][file.lines.indexOf(line)] ?? value);
    return found.map((one) => ({ ...one, named: { ...one.named, value: value(one.named) } })); // as the reader wrote it
  });
  const broken = (await Promise.all(rules)).flat();
  if (broken.length) throw new Wrong(...broken);
}

// --- the tables of the engine

const standing = new WeakMap(); // of each engine: the files whose rows it has, by table, and what is put aside
const state = (query) => {
  if (!standing.has(query)) standing.set(query, { files: new Map(), aside: new Set() });
  return standing.get(query);
};

async function aside(query, name) {
  const { aside: put } = state(query);
  if (put.has(name)) return;
  const [there] = await query(`SELECT count(*) FROM duckdb_tables() WHERE table_name = '${name.replaceAll("'", "''")}'`);
  if (Number(there[0])) await query(`ALTER TABLE ${table(name)} RENAME TO ${quoted(built(name))}`);
  put.add(name);
}

async function back(query, name) {
  const { aside: put } = state(query);
  if (!put.delete(name)) return;
  await query(`DROP TABLE IF EXISTS ${table(name)}`);
  const [there] = await query(`SELECT count(*) FROM duckdb_tables() WHERE table_name = '${built(name).replaceAll("'", "''")}'`);
  if (Number(there[0])) await query(`ALTER TABLE ${quoted(built(name))} RENAME TO ${quoted(name)}`);
}

// The tables of the engine as the files say, and what is made of them at the values that it was told last; the course's
// own where there is none. Raises Wrong, and nothing has changed.
export async function settle(query, own, files) {
  const { files: have } = state(query);
  const changed = own.tables.filter(({ name }) => have.get(name) !== files.get(name));
  if (!changed.length) return;
  for (const spec of changed) if (files.has(spec.name)) await stage(query, own, spec, files.get(spec.name));
  for (const { name, staged } of changed) {
    if (!files.has(name)) {
      await back(query, name);
      have.delete(name);
      continue;
    }
    await aside(query, name);
    await query(`CREATE OR REPLACE TABLE ${table(name)} AS SELECT * EXCLUDE (${quoted(own.line)}) FROM ${quoted(staged)} ORDER BY rowid; DROP TABLE ${quoted(staged)}; DROP TABLE _texts`);
    have.set(name, files.get(name));
  }
  for (const { name, rows } of own.made) {
    await (files.size ? aside(query, name) : back(query, name));
    if (files.size) await within(name, query(`CREATE OR REPLACE TABLE ${table(name)} AS ${rows}`));
  }
}

// The choices of a field as a build would find them: values and labels as texts. Raises Wrong where there is none.
export async function choices(query, { rows, ordered }, { kind, label: name }) {
  const found = await query(rows);
  if (!found.length) throw new Wrong({ said: "no_choice", named: { name } });
  if (found.length > MOST) throw new Wrong({ said: "many_choices", named: { name, number: found.length, most: MOST } });
  const values = found.map(([value]) => value);
  if (values.includes(null)) throw new Wrong({ said: "no_value", named: { name } });
  const value = values.find((one, at) => values.indexOf(one) < at);
  if (value !== undefined) throw new Wrong({ said: "twice", named: { name, value } });
  const number = ["whole", "number"].includes(kind);
  if (!ordered) found.sort(([one], [other]) => (number ? Number(one) - Number(other) : compareTexts(one, other)));
  return found.map(([value, label]) => [value, label ?? value]);
}

// Whether a value is one like those that were tried in the text of the page, as courses/retelling_values.py has it.
export function isTried({ shapes }, text) {
  const digits = text.replace(/\p{Nd}+/gu, (found) => "0".repeat(Math.min(found.length, 10)));
  const isAddress = ["http", "ftp", "mailto", "www"].some((one) => text.toLowerCase().includes(one));
  return shapes.includes((isAddress ? digits : digits.replace(/\p{L}+/gu, "a")).replace(/a(?:[ -]?(?:a|0+))+/g, "a"));
}

export const untried = (name, value) => new Wrong({ said: "untried", named: { name, value } });

// --- what readers see

function sentence({ said, named }) {
  return said === "wrong" ? named.text : say(said, named);
}

// The form of one table: what a file needs, a field for it, and what is wrong with the one that was chosen.
function field(spec, about, files, act, undo) {
  const ident = `own.${spec.name}`;
  const input = element("input", { type: "file", id: ident, accept: ".csv,.tsv,.txt,.jsonl,.ndjson,text/csv,text/tab-separated-values", "aria-describedby": `${ident}.wants` });
  const columns = spec.columns.map((one) => element("li", {}, element("code", {}, one.theirs), ` (${kindOf(one)})`));
  const list = element("ul", {}, ...columns);
  const wants = element("div", { id: `${ident}.wants` }, element("p", {}, say("wanted", { table: spec.name })), list);
  const status = element("div", { role: "status" });
  const again = element("button", { type: "button" }, say("back"));
  again.hidden = true;
  const tell = (text, problems = []) => {
    status.replaceChildren(element("p", {}, text));
    if (problems.length) status.append(element("ul", { class: "problems" }, ...problems.map((one) => element("li", {}, sentence(one)))));
  };
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    const before = files.get(spec.name);
    tell(say("reading", { file: file.name }));
    try {
      const found = await read(file, spec, about.own.bytes);
      files.set(spec.name, found);
      await act();
      again.hidden = false;
      tell(say("used", { file: file.name, rows: found.lines.length }));
    } catch (error) {
      if (before) files.set(spec.name, before);
      else files.delete(spec.name);
      await undo();
      input.value = "";
      const problems = error instanceof Wrong ? error.problems : [{ said: "wrong", named: { text: error.message } }];
      tell(say("cannot", { file: file.name, table: spec.name }), problems);
    }
  });
  again.addEventListener("click", async () => {
    const before = files.get(spec.name);
    files.delete(spec.name);
    try {
      await act();
    } catch (error) {
      files.set(spec.name, before);
      return tell(error.message);
    }
    input.value = "";
    tell(say("returned"));
    input.focus();
    again.hidden = true;
    return undefined;
  });
  return element("div", { class: "own-table", role: "group", "aria-label": say("file", { table: spec.name }) },
    element("label", { for: ident }, say("file", { table: spec.name })), " ", input, " ", again, status, wants);
}

// The place where readers bring files: `act` has the page told again with those in `files`, or raises what is wrong, and
// `undo` has it told as it was.
export function offer(place, about, files, act, undo) {
  const fields = about.own.tables.map((spec) => field(spec, about, files, act, undo));
  place.append(element("p", {}, say("where")), ...fields);
}

export const stays = () => say("stays");
