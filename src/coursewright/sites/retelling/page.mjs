// The form of a page, and its facts and sentences told again for what a reader chooses in it. Nothing is fetched before
// the button is pressed but, at a change, the choices that hang on it. Until all of it is told, and whenever something
// fails, the page stays as it was. Where the form offers it, files of the reader's stand in the place of tables.

import { floated } from "./amounts.mjs";
import { open } from "./engine.mjs";
import { elsewhere } from "./python.mjs";
import { asked as question } from "./question.mjs";
import { choose, facts, settle, texts, Untold, within } from "./retell.mjs";
import { retable } from "./table.mjs";
import { contents, marked, titled, written } from "./text.mjs";

const script = document.querySelector("script[data-told]");
const { words, spoken } = 'SAID'; // in the language of the course, or with the attributes of another
const say = (name, named = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => named[key] ?? "");
const parameters = document.querySelector("script.parameters");
const hasChoice = ({ choices, depends }) => choices.length > 1 || (choices.length && depends.length);
const fields = parameters ? JSON.parse(parameters.textContent).filter(hasChoice) : [];
const built = Object.fromEntries(fields.map((field) => [field.name, String(field.value)]));
const ordered = []; // each after those on which its choices hang
const place = (field) => {
  if (ordered.includes(field)) return;
  for (const other of fields) if (field.depends.includes(other.name)) place(other);
  ordered.push(field);
};
fields.forEach(place);
const blocks = [...document.querySelectorAll("[data-retold]")];
const original = new Map(blocks.map((block) => [block, [...block.childNodes]]));
const body = document.querySelector("main");
const frame = {
  title: document.title,
  heading: body.querySelector("h1"),
  sections: body.querySelector("nav.contents"),
  rest: rest(),
  homes: new Map(), // where the blocks stood that are in the text for another choice too
};
const files = new Map(); // of the reader's, by the tables in whose place they stand
let mine = null; // the script for these, once they are asked for
let half = false; // whether the form says what is not told
let told = null; // the values that the page is told for; as it was built if there are none
let loading = null;
let asked = 0;
let running = Promise.resolve();

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const status = element("p", { role: "status", ...spoken });
const form = element("form", { class: "retell", "aria-label": say("form"), ...spoken });
const control = (name) => form.elements.namedItem(name); // a parameter may be called "length", which `elements` has itself

function options(choices, value) {
  return choices.map((choice) => {
    const [own, label] = Array.isArray(choice) ? choice : [choice.value, choice.label];
    const option = element("option", { value: String(own) }, String(label));
    option.selected = String(own) === value;
    return option;
  });
}

function write() {
  for (const field of fields) {
    const select = element("select", { name: field.name, autocomplete: "off" });
    select.append(...options(field.choices, built[field.name]));
    form.append(element("label", {}, field.label, " ", select), " ");
  }
  form.append(...(fields.length ? [element("button", {}, say("again"))] : []), status);
  const shown = document.querySelector("dl.parameters");
  if (shown) {
    shown.after(form);
    shown.hidden = true;
  }
  if (!shown) document.querySelector("main h1").after(form);
  if (offers) offer();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = chosen();
    try {
      history.pushState(null, "", `${location.pathname}?${new URLSearchParams(values)}`);
    } catch { /* in some frames the address cannot hold the choice */ }
    show(values);
  });
  form.addEventListener("change", async () => {
    if (!ordered.some((one) => one.depends.length)) return;
    const about = await page().catch(() => null);
    if (!about) return; // said when it is asked for
    const query = files.size ? await settled(about).catch(() => null) : null;
    for (const field of ordered.filter((one) => one.depends.length)) {
      if (query && about.own.choices[field.name]) await refillFrom(query, about, field, chosen(), control(field.name).value);
      else refill(about, field);
    }
  });
  addEventListener("popstate", () => show(named()));
}

// Where readers bring files: nothing of it is loaded before it is opened.
function offer() {
  const place = element("details", { class: "own", ...spoken }, element("summary", {}, say("own")));
  const undo = () => (half ? show(told ?? built, true) : null);
  place.addEventListener("toggle", async () => {
    try {
      const about = await page();
      mine = await import("./own.mjs").catch(() => { throw new Untold("missing"); });
      if (place.childElementCount === 1) mine.offer(place, about, files, bring, undo);
    } catch (error) {
      status.textContent = say("cannot", { reason: reason(error) });
    }
  });
  form.after(place);
}

// Tells the page with the files that there are. Raises what is wrong.
async function bring() {
  const error = await show(chosen(), true);
  if (error) throw error.problems ? error : new Error(reason(error));
}

// A whole number of any length stays what it is.
const numbered = (text) => (/^-?\d+$/.test(text) ? BigInt(text) : Number(text));
const chosen = () => Object.fromEntries(fields.map((field) => [field.name, control(field.name).value]));

// What the address says: where it says nothing of a field, what was built, or the first that there is.
function named() {
  const given = new URLSearchParams(location.search);
  const said = fields.flatMap(({ name }) => (given.has(name) ? [[name, given.get(name)]] : []));
  return Object.assign(Object.create(null), Object.fromEntries(said));
}

// The choices of a field at the values of those that they hang on, with the same choice as before if it is there.
function refill(told, field, value = control(field.name).value) {
  const values = { ...told.values, ...chosen() };
  const at = JSON.stringify(field.depends.map((name) => String(values[name])));
  const choices = told.choices[field.name]?.[at];
  if (choices) control(field.name).replaceChildren(...options(choices, value));
}

// Objects have the keys that were written and no others: a page or a parameter may be called "constructor".
const bare = (_, value) => (value && !Array.isArray(value) && typeof value === "object" ? Object.setPrototypeOf(value, null) : value);

let fetched = null;
function page() {
  fetched ??= fetch(script.dataset.told).then((answer) => {
    if (!answer.ok) throw new Untold("missing");
    return answer.text();
  }, () => { throw new Untold("missing"); }).then((text) => JSON.parse(text, bare));
  fetched.catch(() => (fetched = null));
  return fetched;
}

// What asks the engine, which is fetched when a reader first has something told.
function ready(about) {
  if (!loading) {
    status.textContent = say("fetching", { size: ((about.python ? 23 : 9) + about.bytes / 1e6).toFixed(0) });
    loading = open(about);
    const begun = loading;
    if (about.charts) import("./chart.mjs").then(({ plot }) => plot(about.charts, begun)).catch(() => {}); // met where one is drawn
    loading.catch(() => (loading = null));
  }
  return loading;
}

// Whether the engine is not there any more: the next choice begins another.
const ended = (error) => ["slow", "no_start"].includes(error.said);

const stopped = (sentence) => (/[.!?…]$/.test(sentence) ? sentence : `${sentence}.`);

function laidOut(sentences, flow) {
  if (flow === "list") return [element("ul", {}, ...sentences.map((sentence) => element("li", {}, sentence)))];
  if (flow === "paragraph") return [element("p", {}, sentences.join(" "))];
  return sentences.map((sentence) => element("p", {}, sentence));
}

// What a part is called: the heading that it stands below.
function above(part, draft) {
  const block = (draft ?? document).querySelector(`[data-${draft ? "block" : "retold"}="${part.block}"]`);
  const before = (heading) => heading.compareDocumentPosition(block) & Node.DOCUMENT_POSITION_FOLLOWING;
  return [...(draft ?? body).querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(before).at(-1)?.textContent.trim() ?? "";
}

// A value in text, as Python writes it.
function asText(field, text) {
  if (field.kind === "truth") return text === "true" ? "True" : "False";
  return field.kind === "number" ? floated(Number(text)) : text;
}

function parsed(html) {
  const holder = element("template");
  holder.innerHTML = html;
  return [...holder.content.childNodes];
}

// A part for the present choice; null for one that stays as it is.
async function toldPart(query, part, known, draft) {
  const content = await within(above(part, draft), contentOf(query, part, known, draft));
  if (!content) return null;
  if (part.texts?.markdown) return part.label ? [element("p", {}, element("a", { id: part.label })), ...content] : content;
  return part.label ? [element("div", { id: part.label }, ...content)] : content;
}

// The place of a part among the blocks of the page, as a build counts those that are told.
function nth({ block }, draft) {
  const places = draft ? [...draft.querySelectorAll("[data-block]")].map((one) => one.dataset.block) : [];
  return draft ? places.indexOf(String(block)) : block;
}

async function contentOf(query, part, known, draft) {
  if (part.table) return parsed(await retable(query, part.table, { ...known, ident: `figure-${nth(part, draft)}` }));
  if (part.question) return question(part.question, known.chosen);
  if (part.figure) return (await import("./chart.mjs")).redraw(query, part.figure, known);
  const byPython = (telling, rows) => elsewhere(telling, rows, known.python);
  if (part.python) return laidOut((await byPython(part.python.telling, await query(part.python.rows))).map(([text]) => text), part.flow);
  if (part.texts?.markdown) return marked(await texts(query, part.texts), part.flow, known.pages);
  if (part.texts) return laidOut(await texts(query, part.texts), part.flow);
  await settle(query, part.facts);
  const sentences = await facts(query, part.facts, part, byPython);
  return laidOut(part.flow === "list" ? sentences : sentences.map(stopped), part.flow);
}

function described() {
  return fields.map(({ label, name }) => `${label} ${control(name).selectedOptions[0].textContent}`).join(", ");
}

// What the page says below its heading and what the site says there; our data at its end aside.
function rest() {
  const framed = (one) => one.matches?.("h1, p.date, nav.run, nav.contents");
  const nodes = [...body.childNodes].filter((one) => one.localName !== "script");
  return nodes.slice(nodes.findLastIndex(framed) + 1);
}

// The page with another title, heading, list of sections and text.
function put(title, heading, sections, nodes) {
  const active = document.activeElement; // which may be in the form that moves
  document.title = title;
  body.querySelector("h1").replaceWith(heading);
  const listed = body.querySelector("nav.contents");
  if (listed && sections) listed.replaceWith(sections);
  else if (sections) rest()[0].before(sections);
  else listed?.remove();
  const [end] = [...body.childNodes].filter((one) => one.localName === "script").slice(0, 1);
  for (const old of rest()) old.remove();
  if (end) end.before(...nodes);
  else body.append(...nodes);
  if (active !== document.activeElement) active.focus({ preventScroll: true });
}

function asBuilt() {
  told = null;
  for (const [block, content] of original) block.replaceChildren(...content);
  if (frame.homes.size) {
    for (const [block, home] of frame.homes) home.replaceWith(block);
    frame.homes.clear();
    put(frame.title, frame.heading, frame.sections, frame.rest);
  }
  note("");
  status.textContent = "";
}

// What stays says so, where the page is told for another moment, or from a reader's files: by its number, why.
function note(text, numbers = [], theirs = []) {
  for (const old of document.querySelectorAll("p.stays")) old.remove();
  if (!text) return;
  const places = (all) => all.flatMap((number) => [...document.querySelectorAll(`[data-retold="${number}"]`)]);
  const say = (text) => (block) => block.before(element("p", { class: "stays", ...spoken }, text));
  [...document.querySelectorAll("[data-stays]"), ...places(numbers)].forEach(say(text));
  places(theirs.filter((number) => !numbers.includes(number))).forEach(say(mine?.stays()));
}

// The engine with the reader's files in it, and what is made of them.
async function settled(about) {
  const query = await ready(about);
  await choose(query, about.values);
  await mine.settle(query, about.own, files);
  return query;
}

// The choices of a field that the reader's files give.
async function refillFrom(query, about, field, values, wanted) {
  await choose(query, { ...about.values, ...typed(values) });
  const choices = await mine.choices(query, about.own.choices[field.name], field);
  control(field.name).replaceChildren(...options(choices, wanted));
}

// The form as it is for what is asked for; the values of all fields. Raises Untold for one that is no choice, unless
// another may be `taken`.
async function filled(about, given, query, taken) {
  const values = {};
  for (const field of ordered) {
    const { name } = field;
    const wanted = given[name] ?? built[name];
    if (query && about.own.choices[name]) await refillFrom(query, about, field, values, wanted);
    else if (field.depends.length) refill(about, field, wanted);
    else control(name).replaceChildren(...options(field.choices, wanted));
    values[name] = control(name).value;
    if (values[name] === wanted || taken || !(name in given)) continue;
    for (const one of fields) control(one.name).value = built[one.name];
    throw new Untold("unknown", { name: field.label, value: wanted });
  }
  return values;
}

const typed = (values) =>
  Object.fromEntries(fields.filter(({ name }) => name in values).map(({ name, kind }) => [name, ["whole", "number"].includes(kind) ? numbered(values[name]) : values[name]]));

async function passages(query, whens) {
  const asked = new Map(); // all at once, and each once
  for (const { rows } of whens) if (rows && !asked.has(rows)) asked.set(rows, query(rows));
  return Promise.all(whens.map(async ({ rows, told }) => (rows ? (await asked.get(rows)).length > 0 : told)));
}

// The whole text for another choice, in which blocks that cannot be told again stand as they were.
function replace(about, draft, made, values) {
  const { text } = about;
  const sections = contents(draft);
  for (const place of draft.querySelectorAll("[data-block]")) {
    const number = place.dataset.block;
    const content = made.get(Number(number));
    const block = document.querySelector(["retold", "stays", "held"].map((mark) => `[data-${mark}="${text.blocks[number]}"]`).join(", "));
    const own = block?.parentElement.id.startsWith("site.told") ? block.parentElement : block; // to which feeds lead
    const marks = { "data-retold": text.blocks[number] ?? "" };
    const part = about.parts.find(({ block }) => String(block) === number);
    if (content) place.replaceWith(...(part.texts?.markdown ? content : [element("div", marks, ...content)]));
    else if (own) {
      const home = document.createComment("");
      own.before(home);
      frame.homes.set(own, home);
      place.replaceWith(own);
    } else place.replaceWith(element("p", { class: "stays", ...spoken }, say("absent")));
  }
  const heading = draft.querySelector("h1");
  heading.remove();
  put(titled(text, values), heading, sections.length ? navigation(text, sections) : null, [...draft.childNodes]);
}

const listOf = (parts) =>
  element("ul", {}, ...parts.map(({ id, text, below }) => element("li", {}, element("a", { href: `#${encodeURIComponent(id)}` }, text), ...(below.length ? [listOf(below)] : []))));

function navigation(text, sections) {
  const summary = element("summary", { id: "site.contents" }, text.contents);
  const list = element("details", {}, summary, listOf(sections));
  list.open = Boolean(body.querySelector("nav.contents details")?.open);
  return element("nav", { class: "contents", "aria-labelledby": "site.contents" }, element("p", {}, text.contents), list);
}

// One choice at a time: of those that wait, only the last is told. What went wrong, if something did.
function show(given, taken = false) {
  const own = ++asked;
  running = running.then(() => (own === asked ? again(given, () => own === asked, taken) : undefined));
  return running;
}

// Raises Untold for a value of the reader's file that stands in the text and may be more than a word there.
function checkTried({ own, text }, said) {
  for (const { name, label } of fields) {
    const known = own.choices[name];
    if (known && text.names.includes(name) && !mine.isTried(known, said[name])) throw mine.untried(label, said[name]);
  }
}

async function again(given, isLast, taken) {
  try {
    const about = await page();
    const brought = files.size ? await settled(about) : null;
    half = Boolean(brought);
    const values = await filled(about, given, brought, taken);
    const others = fields.some(({ name }) => values[name] !== built[name]);
    if (!others && !brought) {
      asBuilt();
      status.textContent = fields.length ? say("told", { choice: described() }) : ""; // not everybody sees that it is
      return undefined;
    }
    const query = brought ?? (mine ? await settled(about) : await ready(about));
    if (!isLast()) return undefined;
    status.textContent = say("finding");
    await choose(query, { ...about.values, ...typed(values) });
    const said = Object.fromEntries(fields.map((field) => [field.name, asText(field, values[field.name])]));
    const known = { values: said, pages: about.pages, python: about.python, charts: about.charts, chosen: { ...about.values, ...values } };
    if (brought && about.text) checkTried(about, said);
    const draft = about.text && written(about.text, await passages(query, about.whens), known);
    const found = await Promise.all(about.parts.map((part) => { // all asked at once: the engine never waits for us
      const there = !draft || draft.querySelector(`[data-block="${part.block}"]`);
      return !part.stays && there ? toldPart(query, part, known, draft) : null;
    }));
    if (!isLast()) return undefined;
    const parts = about.parts.map((part, at) => [part, found[at]]);
    const made = parts.flatMap(([{ block }, content]) => (content ? [[block, content]] : []));
    const left = parts.flatMap(([part, content]) => (!content && (!part.question || part.question.fields.length) ? [part.block] : []));
    const moment = fields.map((field) => `${field.label} ${field.value}`).join(", ");
    asBuilt();
    if (draft) replace(about, draft, new Map(made), said);
    else for (const [number, content] of made) document.querySelector(`[data-retold="${number}"]`).replaceChildren(...content);
    body.dispatchEvent(new CustomEvent("retold", { bubbles: true }));
    const numbered = (block) => (about.text ? about.text.blocks[block] : block);
    const ours = brought ? about.own.stays.map(numbered) : []; // which are of the course's own data
    note(others ? say("stays", { choice: moment }) : mine.stays(), left.map(numbered), ours);
    status.textContent = fields.length ? say("told", { choice: described() }) : "";
    [told, half] = [values, false];
  } catch (error) {
    if (ended(error)) loading = null;
    if (isLast()) status.textContent = error.problems ? "" : say("cannot", { reason: reason(error) });
    return error;
  }
  return undefined;
}

const reason = (error) => (error instanceof Untold ? say(error.said, error.named) : say("failed", { error: error.message }));

const offers = Boolean(document.querySelector("dl.parameters[data-own]"));
if ((fields.length || offers) && blocks.length) {
  write();
  const given = new URLSearchParams(location.search);
  if (fields.some((field) => given.has(field.name))) show(named());
}
