// The form of a page, and its facts and sentences told again for what a reader chooses in it. Nothing is fetched before
// that. Until all of it is told, and whenever something fails, the page stays as it was.

import { floated } from "./amounts.mjs";
import { open } from "./engine.mjs";
import { elsewhere } from "./python.mjs";
import { choose, facts, settle, texts, Untold, within } from "./retell.mjs";
import { retable } from "./table.mjs";

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
let loading = null;
let asked = 0;
let busy = 0;
let running = Promise.resolve();
let warmed = false;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const status = element("p", { role: "status", ...spoken });
const form = element("form", { class: "retell", "aria-label": say("form"), ...spoken });

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
  form.append(element("button", {}, say("again")), status);
  const shown = document.querySelector("dl.parameters");
  if (shown) {
    shown.after(form);
    shown.hidden = true;
  }
  if (!shown) document.querySelector("main h1").after(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = chosen();
    try {
      history.pushState(null, "", `${location.pathname}?${new URLSearchParams(values)}`);
    } catch { /* in some frames the address cannot hold the choice */ }
    show(values);
  });
  form.addEventListener("change", async (event) => {
    const about = await page().catch(() => null);
    if (!about) return; // said when it is asked for
    for (const field of ordered.filter((one) => one.depends.length)) refill(about, field);
    prepare(about);
  });
  addEventListener("popstate", () => show(named()));
}

// A whole number of any length stays what it is.
const numbered = (text) => (/^-?\d+$/.test(text) ? BigInt(text) : Number(text));
const chosen = () => Object.fromEntries(fields.map((field) => [field.name, form.elements[field.name].value]));

// What the address says: where it says nothing of a field, what was built, or the first that there is.
function named() {
  const given = new URLSearchParams(location.search);
  return Object.fromEntries(fields.flatMap(({ name }) => (given.has(name) ? [[name, given.get(name)]] : [])));
}

// The choices of a field at the values of those that they hang on, with the same choice as before if it is there.
function refill(told, field, value = form.elements[field.name].value) {
  const values = { ...told.values, ...chosen() };
  const at = JSON.stringify(field.depends.map((name) => String(values[name])));
  const choices = told.choices[field.name]?.[at];
  if (choices) form.elements[field.name].replaceChildren(...options(choices, value));
}

let fetched = null;
function page() {
  fetched ??= fetch(script.dataset.told).then((answer) => {
    if (!answer.ok) throw new Untold("missing");
    return answer.json();
  }, () => { throw new Untold("missing"); });
  fetched.catch(() => (fetched = null));
  return fetched;
}

// What asks the engine, which is begun when a reader first changes something.
function ready(about) {
  if (!loading) {
    status.textContent = say("fetching", { size: ((about.python ? 23 : 9) + about.bytes / 1e6).toFixed(0) });
    loading = open(about);
    loading.catch(() => (loading = null));
  }
  return loading;
}

async function prepare(about) {
  const query = await ready(about).catch(() => null); // whoever asks for it says what is wrong
  if (!busy) status.textContent = "";
  if (query && !warmed) await warm(query, about);
}

// While the reader still chooses, the facts of the page as built are found once more: what an engine does for the first
// time takes it three times as long. It ends as soon as something is chosen.
async function warm(query, about) {
  warmed = true;
  const idle = (sql) => (busy ? Promise.reject(new Untold("stopped")) : query(sql));
  try {
    await choose(idle, about.values);
    for (const { facts: asked } of about.parts.filter((part) => part.facts && !part.stays)) {
      await settle(idle, asked);
      for (const finder of asked.finders) await facts(idle, { ...asked, finders: [finder] });
    }
  } catch (error) {
    if (ended(error)) loading = null;
  }
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
function above(part) {
  const block = document.querySelector(`[data-retold="${part.block}"]`);
  const before = (heading) => heading.compareDocumentPosition(block) & Node.DOCUMENT_POSITION_FOLLOWING;
  return [...document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")].filter(before).at(-1)?.textContent.trim() ?? "";
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

async function told(query, part, chosen) {
  const content = await contentOf(query, part, chosen);
  return part.label ? [element("div", { id: part.label }, ...content)] : content;
}

async function contentOf(query, part, chosen) {
  if (part.table) return parsed(await within(above(part), retable(query, part.table, chosen)));
  if (part.python) return laidOut(await within(above(part), elsewhere(query, part.python, chosen.python)), part.flow);
  if (part.texts) return laidOut(await within(above(part), texts(query, part.texts)), part.flow);
  await settle(query, part.facts);
  const found = await facts(query, part.facts);
  const sentences = found.filter((fact) => fact.score >= part.least).slice(0, part.limit).map((fact) => fact.sentence);
  return laidOut(part.flow === "list" ? sentences : sentences.map(stopped), part.flow);
}

function described() {
  return fields.map(({ label, name }) => `${label} ${form.elements[name].selectedOptions[0].textContent}`).join(", ");
}

function asBuilt() {
  for (const [block, content] of original) block.replaceChildren(...content);
  note("");
  status.textContent = "";
}

// What stays says so, where the page is told for another moment.
function note(text, parts = []) {
  for (const old of document.querySelectorAll("p.stays")) old.remove();
  if (!text) return;
  const untold = parts.filter((part) => part.stays).map((part) => document.querySelector(`[data-retold="${part.block}"]`));
  for (const block of [...document.querySelectorAll("[data-stays]"), ...untold]) {
    block.before(element("p", { class: "stays", ...spoken }, text));
  }
}

// The form as it is for what is asked for; the values of all fields. Raises Untold for one that is no choice.
function filled(about, given) {
  const values = {};
  for (const field of ordered) {
    const { name } = field;
    const wanted = given[name] ?? built[name];
    if (field.depends.length) refill(about, field, wanted);
    else form.elements[name].value = wanted;
    values[name] = form.elements[name].value;
    if (values[name] === wanted || !(name in given)) continue;
    for (const one of fields) form.elements[one.name].value = built[one.name];
    throw new Untold("unknown", { name: field.label, value: wanted });
  }
  return values;
}

const typed = (values) =>
  Object.fromEntries(fields.map(({ name, kind }) => [name, ["whole", "number"].includes(kind) ? numbered(values[name]) : values[name]]));

// One choice at a time: of those that wait, only the last is told.
function show(given) {
  const mine = ++asked;
  busy++;
  running = running.then(() => mine === asked && again(given, () => mine === asked)).finally(() => busy--);
  return running;
}

async function again(given, isLast) {
  try {
    const about = await page();
    const values = filled(about, given);
    if (fields.every(({ name }) => values[name] === built[name])) return asBuilt();
    const query = await ready(about);
    if (!isLast()) return undefined;
    status.textContent = say("finding");
    await choose(query, { ...about.values, ...typed(values) });
    const said = Object.fromEntries(fields.map((field) => [field.name, asText(field, values[field.name])]));
    const made = [];
    for (const part of about.parts) {
      if (!part.stays) made.push([part.block, await told(query, part, { values: said, pages: about.pages, python: about.python })]);
      if (!isLast()) return undefined;
    }
    for (const [number, content] of made) {
      const block = document.querySelector(`[data-retold="${number}"]`);
      block.replaceChildren(...content);
      block.dispatchEvent(new CustomEvent("retold", { bubbles: true }));
    }
    const moment = fields.map((field) => `${field.label} ${field.value}`).join(", ");
    note(say("stays", { choice: moment }), about.parts);
    status.textContent = say("told", { choice: described() });
  } catch (error) {
    if (ended(error)) loading = null;
    if (isLast()) status.textContent = say("cannot", { reason: reason(error) });
  }
  return undefined;
}

const reason = (error) => (error instanceof Untold ? say(error.said, error.named) : say("failed", { error: error.message }));

if (fields.length && blocks.length) {
  write();
  const given = new URLSearchParams(location.search);
  if (fields.some((field) => given.has(field.name))) show(named());
}
