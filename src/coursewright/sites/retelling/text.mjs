// The text of a page for what its reader chose: its values in their places, its passages told or not, its sections named
// anew. tests/test_retelling.py compares it with what a build gives for the same choice.

import { Untold } from "./retell.mjs";
import { filled } from "./table.mjs";

const MARK = /zq(\d+)qz/g;

function each(root, what) {
  const found = [];
  const walker = document.createTreeWalker(root, what);
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

// Passages stand between two comments; those that are not told go, with all that is in them.
function choosePassages(root, told) {
  for (const begin of each(root, NodeFilter.SHOW_COMMENT)) {
    const number = /^when (\d+)$/.exec(begin.data)?.[1];
    if (number === undefined || !root.contains(begin)) continue;
    let end = begin.nextSibling;
    while (end && !(end.nodeType === Node.COMMENT_NODE && end.data === `end ${number}`)) end = end.nextSibling;
    if (!end) throw new Untold("text", { part: `{when} ${number}` });
    while (!told[number] && begin.nextSibling !== end) begin.nextSibling.remove();
    begin.remove();
    end.remove();
  }
}

const part = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

// The address of the page that a link such as race:1976-16 names; nothing where there is none.
function named(target, pages) {
  const [, file, key, anchor] = /^([^:?#]+):([^#]*)(#.*)?$/.exec(target) ?? [];
  if (!(file in pages)) return /^(https?:\/\/|mailto:)/.test(target) ? target : null;
  const address = pages[file][decodeURIComponent(key)];
  return address === undefined ? null : address + (anchor ?? "");
}

function lead(link, target, pages) {
  const address = named(target, pages);
  if (address === null) link.replaceWith(...link.childNodes);
  else link.setAttribute("href", address);
}

function fill(root, say, pages) {
  const value = (_, number) => say(Number(number));
  const onOneLine = (...found) => value(...found).trim().split(/\s+/).join(" ");
  for (const text of each(root, NodeFilter.SHOW_TEXT)) text.data = text.data.replace(MARK, onOneLine);
  for (const one of root.querySelectorAll("*")) {
    for (const { name, value: written } of [...one.attributes]) {
      if (!written.match(MARK) || name === "id") continue;
      const made = ["href", "src"].includes(name) ? written.replace(MARK, (...found) => part(value(...found))) : written.replace(MARK, onOneLine);
      if (name === "href") lead(one, made, pages);
      else one.setAttribute(name, made);
    }
  }
}

// GitHub's anchors, as pages/syntax/parser.py makes them.
const slug = (text) => text.trim().toLowerCase().replace(/[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\- ]/gu, "").replaceAll(" ", "-");

function nameSections(root) {
  const taken = new Set();
  for (const one of root.querySelectorAll("[id]")) {
    const own = one.id.match(MARK) ? slug(one.textContent) : one.id;
    let name = own;
    for (let nth = 1; taken.has(name); nth++) name = `${own}-${nth}`;
    taken.add(name);
    one.id = name;
  }
}

// What sites/contents.py lists: sections and theirs, where there are more than two.
export function contents(root) {
  const heads = [...root.querySelectorAll("h1[id], h2[id], h3[id], h4[id], h5[id], h6[id]")];
  const inside = heads.filter((head, at) => at || head.localName !== "h1");
  const top = Math.min(...inside.map((head) => Number(head.localName[1])));
  const parts = [];
  for (const { localName, id, textContent } of inside) {
    const level = Number(localName[1]);
    if (level === top) parts.push({ id, text: textContent, below: [] });
    else if (level === top + 1 && parts.length) parts.at(-1).below.push({ id, text: textContent, below: [] });
  }
  return parts.length > 2 ? parts : [];
}

// A page's text as a fragment, in which a place is kept for each block; `told` says which passages are told.
export function written(text, told, { values, pages }) {
  const holder = document.createElement("template");
  holder.innerHTML = text.html;
  const root = holder.content;
  choosePassages(root, told);
  fill(root, (number) => values[text.names[number]], pages);
  nameSections(root);
  return root;
}

export function titled(text, values) {
  const title = filled(text.title, values);
  return title === text.site ? title : `${title} · ${text.site}`;
}

// --- Markdown as grammars have it: links, strong and emphatic words, and values that are text whatever is in them.

const ENTITY = /&#(\d+);/g;
const PLAIN = /^(?:&#\d+;|[^&<>\\`*_[\]~$^@])*$/u;
const SPAN = /\[([^[\]()]*)\]\(([^\s()<>]+)\)|\*\*(?=[\p{L}\p{N}])([^*[\]]*[\p{L}\p{N}])\*\*|\*(?=[\p{L}\p{N}])([^*[\]]*[\p{L}\p{N}])\*/gu;

const unescaped = (text) => text.replace(ENTITY, (_, code) => String.fromCodePoint(Number(code)));

function plain(text) {
  if (!PLAIN.test(text) || /https?:|mailto:|www\./i.test(text)) throw new Untold("text");
  return document.createTextNode(unescaped(text));
}

function spans(text, pages) {
  const made = [];
  let at = 0;
  for (const found of text.matchAll(SPAN)) {
    if (found.index > at) made.push(plain(text.slice(at, found.index)));
    at = found.index + found[0].length;
    const [, said, target, strong, emphatic] = found;
    if (target === undefined) {
      const one = document.createElement(strong === undefined ? "em" : "strong");
      one.append(plain(strong ?? emphatic));
      made.push(one);
      continue;
    }
    const link = document.createElement("a");
    link.append(...spans(said, pages));
    const address = named(unescaped(target), pages);
    if (address === null) made.push(...link.childNodes);
    else {
      link.setAttribute("href", address);
      made.push(link);
    }
  }
  if (at < text.length) made.push(plain(text.slice(at)));
  return made;
}

// Texts in Markdown, laid out as `form` says. What they begin with must not make them a list, a heading or a quotation.
export function marked(texts, form, pages) {
  const items = texts.map((text) => text.trim()).map((text) => {
    if (/^(?:[-+>#=:]|\d+[.)]|\s*$)|\n/.test(text)) throw new Untold("text");
    return spans(text, pages);
  });
  if (!items.length) return [];
  const wrap = (name, content) => {
    const one = document.createElement(name);
    one.append(...content);
    return one;
  };
  if (form === "list") return [wrap("ul", items.map((item) => wrap("li", item)))];
  if (form === "paragraphs") return items.map((item) => wrap("p", item));
  return [wrap("p", items.flatMap((item, at) => (at ? [" ", ...item] : item)))];
}
