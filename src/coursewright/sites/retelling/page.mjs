// The form of a page, and its facts and sentences told again for what a reader chooses in it. Nothing is fetched before
// that. Until all of it is told, and whenever something fails, the page stays as it was.

import { choose, facts, settle, texts } from "./retell.mjs";

const script = document.querySelector("script[data-told]");
const { words, spoken } = 'SAID'; // in the language of the course, or with the attributes of another
const say = (name, named = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => named[key]);
const parameters = document.querySelector("script.parameters");
const fields = parameters ? JSON.parse(parameters.textContent).filter((field) => field.choices.length > 1) : [];
const built = Object.fromEntries(fields.map((field) => [field.name, String(field.value)]));
const blocks = [...document.querySelectorAll("[data-retold]")];
const original = new Map(blocks.map((block) => [block, block.innerHTML]));
let loading = null;
let asked = 0;

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
    history.pushState(null, "", `${location.pathname}?${new URLSearchParams(values)}`);
    show(values);
  });
  form.addEventListener("change", async (event) => {
    const told = await page();
    for (const field of fields.filter((one) => one.depends.includes(event.target.name))) refill(told, field);
  });
  addEventListener("popstate", () => show(named()));
}

// A whole number of any length stays what it is.
const numbered = (text) => (/^-?\d+$/.test(text) ? BigInt(text) : Number(text));
const chosen = () => Object.fromEntries(fields.map((field) => [field.name, form.elements[field.name].value]));

function named() {
  const given = new URLSearchParams(location.search);
  return Object.fromEntries(fields.map((field) => [field.name, given.get(field.name) ?? built[field.name]]));
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
    if (!answer.ok) throw new Error(say("missing"));
    return answer.json();
  });
  fetched.catch(() => (fetched = null));
  return fetched;
}

async function unpacked(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(say("missing"));
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes; // the server said that it is packed, and the browser undid it
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function plain(value) {
  if (value === undefined) return null;
  return typeof value === "bigint" ? Number(value) : value;
}

async function engine(told) {
  const at = (name) => new URL(name, import.meta.url).href;
  if (typeof WebAssembly !== "object") throw new Error(say("no_wasm"));
  if (!globalThis.Arrow) {
    await new Promise((done, failed) => {
      const arrow = element("script", { src: at("arrow.js") });
      arrow.onload = done;
      arrow.onerror = () => failed(new Error(say("missing")));
      document.head.append(arrow);
    });
  }
  const duckdb = await import("./duckdb-browser.mjs");
  const wasm = new Blob([await unpacked(at(told.engine))], { type: "application/wasm" });
  const worker = new Worker(at("duckdb-browser-eh.worker.js"));
  const stopped = new Promise((_, failed) => worker.addEventListener("error", () => failed(new Error(say("no_start")))));
  const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  const address = URL.createObjectURL(wasm);
  try {
    await Promise.race([database.instantiate(address), stopped]);
    await database.open({});
    const connection = await database.connect();
    const query = async (sql) =>
      (await connection.query(sql)).toArray().map((row) => [...row].map(([, value]) => plain(value)));
    await query("SET autoinstall_known_extensions = false");
    await query("SET autoload_known_extensions = false");
    const files = Object.entries(told.tables).map(async ([name, file]) => [name, await unpacked(at(file))]);
    for (const [name, bytes] of await Promise.all(files)) {
      await connection.insertArrowFromIPCStream(bytes, { name, create: true });
    }
    for (const sql of told.prelude) await query(sql);
    return query;
  } catch (error) {
    worker.terminate();
    throw error;
  } finally {
    URL.revokeObjectURL(address);
  }
}

function ready(told) {
  if (!loading) {
    status.textContent = say("fetching", { size: (9 + told.bytes / 1e6).toFixed(0) });
    loading = engine(told);
    loading.catch(() => (loading = null));
  }
  return loading;
}

const stopped = (sentence) => (/[.!?…]$/.test(sentence) ? sentence : `${sentence}.`);

function laidOut(sentences, flow) {
  if (flow === "list") return [element("ul", {}, ...sentences.map((sentence) => element("li", {}, sentence)))];
  if (flow === "paragraph") return [element("p", {}, sentences.join(" "))];
  return sentences.map((sentence) => element("p", {}, sentence));
}

async function told(query, part) {
  if (part.texts) return laidOut(await texts(query, part.texts), part.flow);
  await settle(query, part.facts);
  const found = await facts(query, part.facts);
  const sentences = found.filter((fact) => fact.score >= part.least).slice(0, part.limit).map((fact) => fact.sentence);
  return laidOut(part.flow === "list" ? sentences : sentences.map(stopped), part.flow);
}

function described(values) {
  return fields
    .map((field) => `${field.label} ${form.elements[field.name].selectedOptions[0]?.textContent ?? values[field.name]}`)
    .join(", ");
}

function asBuilt() {
  for (const [block, html] of original) block.innerHTML = html;
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

async function show(values) {
  const mine = ++asked;
  try {
    for (const field of fields.filter((one) => !one.depends.length)) form.elements[field.name].value = values[field.name];
    const same = fields.every((field) => values[field.name] === built[field.name]);
    const about = await page();
    for (const field of fields.filter((one) => one.depends.length)) refill(about, field, values[field.name]);
    if (same) return asBuilt();
    for (const field of fields) {
      if (form.elements[field.name].value !== values[field.name]) throw new Error(say("unknown", { name: field.label, value: values[field.name] }));
    }
    const query = await ready(about);
    if (mine !== asked) return undefined;
    status.textContent = say("finding");
    const typed = Object.fromEntries(fields.map((field) => [field.name, ["whole", "number"].includes(field.kind) ? numbered(values[field.name]) : values[field.name]]));
    await choose(query, { ...about.values, ...typed });
    const made = [];
    for (const part of about.parts) {
      if (!part.stays) made.push([part.block, await told(query, part)]);
      if (mine !== asked) return undefined;
    }
    for (const [number, content] of made) document.querySelector(`[data-retold="${number}"]`).replaceChildren(...content);
    const moment = fields.map((field) => `${field.label} ${field.value}`).join(", ");
    note(say("stays", { choice: moment }), about.parts);
    status.textContent = say("told", { choice: described(values) });
  } catch (error) {
    if (mine === asked) status.textContent = say("cannot", { reason: error.message });
  }
  return undefined;
}

if (fields.length && blocks.length) {
  write();
  const given = new URLSearchParams(location.search);
  if (fields.some((field) => given.has(field.name))) show(named());
}
