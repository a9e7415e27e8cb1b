// A table written again as a build writes it: the rules of its columns come with the page, the values from the engine, as
// exact texts. What pages/columns and pages/formats/html_table.py do besides is here once more; tests compare both.

import { absolute, compare, ends, exact, floated, numbers, plus, share, short, single, step, written } from "./amounts.mjs";
import { Untold } from "./retell.mjs";

export const escape = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#x27;");
export const say = (text, named) => text.replace(/\{(\w+)\}/g, (_, name) => named[name]);
const isMissing = (text, rule) => text === null || (rule.number === "float" && text.endsWith("nan"));

// --- moments (pages/columns/moments.py)

function moment(text) {
  const found = /^(?:(\d{4})-(\d\d)-(\d\d))?[ ]?(?:(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?$/.exec(text);
  if (!found) throw new Untold("text");
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0));
  const parts = Number((found[7] ?? "").padEnd(6, "0"));
  const weekday = new Date(Date.UTC(2000, month - 1, day));
  weekday.setUTCFullYear(year, month - 1, day);
  return { year, month, day, hour, minute, second, parts, weekday: weekday.getUTCDay() };
}

const FIELDS = {
  y: (at) => at.year, d: (at) => at.day, m: (at) => at.minute, s: (at) => at.second,
  H: (at) => at.hour, h: (at) => at.hour % 12 || 12, K: (at) => at.hour % 12, k: (at) => at.hour || 24,
};
const NAMES = { month: (at) => at.month - 1, weekday: (at) => at.weekday, hour: (at) => at.hour, era: () => 0 };

export function shaped(at, pattern) {
  return pattern
    .map((piece) => {
      if (typeof piece === "string") return piece;
      if (piece.names) return piece.names[NAMES[piece.by](at)];
      const text = String(FIELDS[piece.field](at)).padStart(piece.width, "0");
      return piece.field === "y" && piece.width === 2 ? text.slice(-2) : text;
    })
    .join("");
}

function exactly(clock, at, signs) {
  if (!at.parts) return clock;
  const [, before, digits, after] = /^([^]*?)(\p{Nd}+)(\P{Nd}*)$/u.exec(clock);
  return before + digits + `${signs.decimal}${String(at.parts).padStart(6, "0")}`.replace(/0+$/, "") + after;
}

function moments(rule, known, signs) {
  const read = (text) => moment(text);
  const all = known.map(read);
  if (rule.kind === "date") return (text) => shaped(read(text), rule.date);
  const detail = all.some((at) => at.second || at.parts) ? "medium" : "short";
  const clock = rule.clock ?? rule[detail];
  if (rule.kind === "time") return (text) => exactly(shaped(read(text), clock), read(text), signs);
  if (rule.whole) return (text) => shaped(read(text), rule.whole);
  if (!all.some((at) => at.hour || at.minute || at.second || at.parts)) return (text) => shaped(read(text), rule.date);
  return (text) => {
    const at = read(text);
    return rule.together.replace("{1}", () => shaped(at, rule.date)).replace("{0}", () => exactly(shaped(at, clock), at, signs));
  };
}

// As Python's own text of a moment has it: six digits of a second, or none.
const inFull = (text) => text.replace(/\.(\d+)$/, (_, parts) => `.${parts.padEnd(6, "0")}`);

const CLOCK = /^(?:(?:(\d+):(?=[0-5]\d:))?([0-5]?\d):(?=[0-5]\d(?!\d)))?(\d+(?:\.\d+)?)$/;

// Lengths of time such as 58.790 and 1:02.1 in seconds; nothing for any other texts.
function clockOrders(values) {
  const known = values.filter((value) => value !== null);
  const found = values.map((value) => (value === null ? null : CLOCK.exec(value)));
  if (!known.some((value) => value.includes(":")) || found.filter(Boolean).length < known.length) return [];
  return found.map((clock) => {
    if (!clock) return null;
    const seconds = exact(clock[3]);
    const whole = BigInt(clock[1] ?? 0) * 3600n + BigInt(clock[2] ?? 0) * 60n;
    const [n, places] = [seconds.n + whole * 10n ** BigInt(-seconds.e), -seconds.e];
    const all = String(n).padStart(places + 1, "0");
    return places ? `${all.slice(0, -places)}.${all.slice(-places)}` : all;
  });
}

// --- columns (pages/columns/column.py, drawn.py, sparks.py)

function shortest(text, rule) {
  if (rule.number !== "float" || /inf/.test(text)) return exact(text);
  return exact(rule.single ? single(Number(text)) : String(Number(text)));
}

function full(text, rule) {
  if (text === null) return null;
  if (rule.kind === "number" && rule.number === "float") {
    const number = Number(text.replace("inf", "Infinity").replace("-nan", "nan"));
    return floated((rule.single && Number.isFinite(number) ? Number(single(number)) : number) + 0);
  }
  return rule.kind === "timestamp" || rule.kind === "time" ? inFull(text) : text;
}

function bars(rule, amounts) {
  const [low, high] = ends([{ n: 0n, e: 0 }, ...amounts.filter(Boolean)]);
  let scale = [low, high];
  if (rule.bar) {
    const most = exact(rule.bar);
    const longest = amounts.filter(Boolean).find((amount) => compare(absolute(amount), most) > 0);
    if (longest) throw new Untold("text");
    scale = [low.n < 0n ? { n: -most.n, e: most.e } : low, most];
  }
  if (!compare(...scale)) return amounts.map(() => null);
  const nought = { n: 0n, e: 0 };
  return amounts.map(
    (a) => a && [compare(a, nought) < 0 ? a : nought, compare(a, nought) > 0 ? a : nought].map((end) => share(end, ...scale, 4)),
  );
}

// On one scale for all `columns`: from 0 to 1, or from -1 where some are less than nought.
function shades(columns) {
  let [low, high] = ends(columns.flat().filter(Boolean));
  if (low.n < 0n && high.n > 0n) [low, high] = [{ n: 0n, e: 0 }, ends([absolute(low), high])[1]];
  return columns.map((column) => column.map((a) => (a && compare(low, high) ? share(a, low, high, 4) : null)));
}

const BLOCKS = "▁▂▃▄▅▆▇█";
const NO_VALUE = "·";

function listed(text) {
  return text === null ? [] : text.split(" ").slice(0, -1).map((item) => (item === "=" ? null : item.slice(1)));
}

function sparks(rule, texts, said, signs) {
  const rows = texts.map((text) =>
    listed(text).map((item) => (item === null || /inf|nan/.test(item) ? null : shortest(item, rule))),
  );
  const known = rows.flat().filter(Boolean);
  const write = numbers(rule, known, signs);
  const all = ends(known);
  const shown = rows.map((row) => {
    const own = row.filter(Boolean);
    if (!own.length) return { text: rule.missing, spark: null };
    const [low, high] = rule.spark === "alone" ? ends(own) : all;
    const flat = !compare(low, high);
    const text = row.map((a) => (a ? BLOCKS[flat ? 3 : step(a, low, high, 7)] : NO_VALUE)).join("");
    const points = row.map((a) => a && (flat ? 0.5 : share(a, low, high, 3)));
    const [first, last, [lowest, highest]] = [own[0], own.at(-1), ends(own)];
    const named = { count: String(own.length), first: write(first), last: write(last), low: write(lowest), high: write(highest) };
    return { text, spark: { points, alt: own.length === 1 ? write(first) : say(said.spark, named) } };
  });
  const values = texts.map((text) => (text === null ? null : `[${listed(text).map((item) => inJson(item, rule)).join(", ")}]`));
  return { kind: "", align: rule.align, texts: shown.map((one) => one.text), sparks: shown.map((one) => one.spark), values, amounts: [] };
}

function inJson(item, rule) {
  if (item === null) return "null";
  if (rule.number === "whole") return item;
  if (/inf|nan/.test(item)) return "null";
  const number = Number(item);
  if (rule.number === "float") return floated(number + 0);
  const decimal = exact(item);
  if (compare(decimal, exact(String(number)))) throw new Untold("text");
  return Number.isInteger(number) ? String(BigInt(number)) : floated(number);
}

function total(rule, known, write) {
  if (!rule.total) return null;
  if (!known.length) return rule.missing;
  const amounts = known.map((text) => shortest(text, rule));
  if (amounts.some((amount) => amount.endless)) throw new Untold("text");
  return write(amounts.reduce(plus, { n: 0n, e: 0 }));
}

function column(rule, texts, said, signs) {
  if (rule.kind === "spark") return sparks(rule, texts, said, signs);
  const known = texts.filter((text) => !isMissing(text, rule));
  let write = (text) => text;
  if (rule.kind === "number") {
    const amount = numbers(rule, known.map((text) => shortest(text, rule)), signs);
    write = (text) => amount(shortest(text, rule));
  } else if (rule.kind === "boolean") write = (text) => said[text === "true" ? "yes" : "no"];
  else if (["date", "timestamp", "time"].includes(rule.kind)) write = moments(rule, known, signs);
  const kind = rule.kind === "number" ? "number" : ["text", "null"].includes(rule.kind) ? "text" : "value";
  const orders = kind === "text" ? clockOrders(texts) : [];
  const measured = rule.bar !== null || rule.heat;
  const drawn = (text) => {
    const amount = isMissing(text, rule) ? null : shortest(text, rule);
    return amount?.endless ? null : amount;
  };
  const amounts = measured && rule.kind === "number" ? texts.map(drawn) : [];
  const sum = rule.total ? total(rule, known, (amount) => numbers(rule, known.map((text) => shortest(text, rule)), signs)(amount)) : null;
  return {
    kind: orders.length ? "number" : kind,
    align: rule.align,
    texts: texts.map((text) => (isMissing(text, rule) ? rule.missing : write(text))),
    values: texts.map((text) => full(text, rule)),
    orders,
    amounts,
    bars: rule.bar !== null && measured ? bars(rule, amounts) : [],
    total: sum,
  };
}

function shaded(rules, columns) {
  const together = rules.flatMap((rule, at) => (rule.heat === "together" ? [at] : []));
  const alone = rules.flatMap((rule, at) => (rule.heat === "alone" ? [[at]] : []));
  for (const group of [together, ...alone]) {
    shades(group.map((at) => columns[at].amounts)).forEach((strengths, nth) => (columns[group[nth]].shades = strengths));
  }
}

function known(columns, rules, said, signs) {
  const count = (number) => written({ n: BigInt(number), e: 0 }, 0, signs);
  return columns.flatMap((one, at) => {
    const there = one.values.filter((value) => value !== null && value !== "NaN").length;
    if (one.total === null || one.total === undefined || there === one.values.length) return [];
    return [say(said.known, { column: rules[at].name, known: count(there), all: count(one.values.length) })];
  });
}

// --- HTML (pages/formats/html_table.py)

const CLASSES = { left: "", right: "number", centre: "centre" };
const classed = (align) => (CLASSES[align] ? ` class="${CLASSES[align]}"` : "");
const letters = (text) => [...text].length;

function head(rule, one) {
  const sorted = one.values.length ? ` data-kind="${one.kind}"` : "";
  const longest = one.kind === "text" ? Math.max(0, ...one.texts.map(letters)) : 0;
  const room = longest > letters(rule.name) ? ` style="--letters-in:${Math.min(longest, 16)}"` : "";
  const cell = `${classed(one.align)}${sorted}${room}>${escape(rule.name)}`;
  return rule.name.trim() ? `<th scope="col"${cell}</th>` : `<td${cell}</td>`;
}

function line({ points, alt }) {
  const [width, height] = [92, 16];
  const step = width / Math.max(1, points.length - 1);
  let [path, drawn, at] = ["", false, [width, height]];
  points.forEach((point, number) => {
    if (point !== null) {
      at = [2 + number * step, 2 + (1 - point) * height];
      path += `${drawn ? "L" : "M"}${short(at[0])} ${short(at[1])}`;
      path += !drawn && (points[number + 1] ?? null) === null ? "h0" : "";
    }
    drawn = point !== null;
  });
  const size = `width="${width + 4}" height="${height + 4}" viewBox="0 0 ${width + 4} ${height + 4}"`;
  const dot = `<circle cx="${short(at[0])}" cy="${short(at[1])}" r="2"/>`;
  return `<svg class="spark" role="img" ${size}><title>${escape(alt)}</title><path d="${path}"/>${dot}</svg>`;
}

function drawn(one, row) {
  const [bar, shade] = [one.bars?.[row] ?? null, one.shades?.[row] ?? null];
  if (bar === null && !shade) return one.kind === "value" && one.align === "left" ? ' class="whole"' : classed(one.align);
  const classes = [CLASSES[one.align]];
  const sizes = [];
  if (bar !== null) {
    classes.push("bar");
    sizes.push(`--from:${short(bar[0])};--to:${short(bar[1])}`);
  }
  if (shade) {
    classes.push(shade > 0 ? "more" : "less");
    sizes.push(`--shade:${short(Math.abs(shade))}`);
  }
  return ` class="${classes.filter(Boolean).join(" ")}" style="${sizes.join(";")}"`;
}

function cell(one, row, href) {
  const [text, value, order] = [one.texts[row], one.values[row] ?? null, one.orders?.[row] ?? null];
  const shown = one.sparks?.[row] ? line(one.sparks[row]) : escape(text);
  const inside = href && text ? `<a href="${escape(href)}">${shown}</a>` : shown;
  let said = "";
  if (one.values.length && value === null && text) said = " data-missing";
  if (value !== null && (value !== text || !value)) said = ` data-value="${escape(value)}"`;
  if (one.values.length && order !== null) said += ` data-order="${escape(order)}"`;
  return `<td${drawn(one, row)}${said}>${inside}</td>`;
}

function foot(columns, rule, word) {
  if (!word) return [];
  const cells = columns.map((one) => `<td${classed(one.align)}>${escape(one.total ?? "")}</td>`);
  const at = columns.findIndex((one) => (one.total ?? null) === null);
  cells[at] = `<th scope="row"${classed(columns[at].align)}${rule.language.spoken}>${escape(word)}</th>`;
  return [`<tfoot><tr>${cells.join("")}</tr></tfoot>`];
}

function totalWord(columns, shown, every, { said, signs }) {
  if (columns.every((one) => (one.total ?? null) === null)) return "";
  return shown < every ? say(said.total_of_shown, { shown: written({ n: BigInt(shown), e: 0 }, 0, signs) }) : said.total;
}

// Where a column's cells lead: `pages` has the addresses of the pages of a file by the values that name them.
function leads(link, rows, { values, pages }) {
  return rows.map((row) => {
    const keys = link.keys.map((key) => (typeof key === "number" ? row[key] : (key.own ?? values[key.name])));
    return keys.includes(null) ? "" : (pages[link.page][keys.join("-")] ?? "");
  });
}

// The name of a file for a text, as names.py makes it.
function slug(text, word) {
  const name = text.normalize("NFC").replace(/[^\p{L}\p{N}\p{M}_.-]/gu, "-").replace(/^[-.]+|[-.]+$/g, "");
  if (new TextEncoder().encode(name).length > 240) throw new Untold("text");
  const kept = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\..*)?$/i.test(name);
  return (kept ? `${word}-${name}` : name || word).replace(/--+/g, "-");
}

// A text with what a reader chose in it.
export const filled = (pieces, values) => pieces.map((piece) => piece.text ?? values[piece.name]).join("");

const TO_USE = { sort: 4, filter: 20, download: 1 };

// What a caption begins with that pages say in English where their language is another (pages/syntax/labels.py).
function ownIn(caption, { marks, own: [before, heading] }) {
  if (!marks) return "";
  const numbered = `(?:${before.join("|")}) [\\p{L}\\p{N}_.]*\\p{Nd}(?![\\p{L}\\p{N}_])`;
  return new RegExp(`^(?:${numbered}|${heading}$)`, "u").exec(caption)?.[0] ?? "";
}

const marked = (caption, own, { marks }) =>
  (own ? `<span${marks}>${escape(own)}</span>` : "") + escape(caption.slice(own.length));

// A caption with its number, and what of it pages say in English where their language is another.
export function captioned(number, said, language, values) {
  const caption = number + (number && said.length ? ": " : "") + filled(said, values);
  const own = ownIn(caption, language);
  return { caption, own, html: marked(caption, own, language) };
}

// The table as HTML for these `rows` of texts, in the order of its SELECT. `told` has the values of what a reader chose,
// as texts, the `pages` that cells may lead to, and what begins the ids of this table.
export function table(rule, rows, told) {
  const { caption, own, html } = captioned(rule.number, rule.caption, rule.language, told.values);
  const { said, signs } = rule.language;
  const ident = own && told.ident;
  const called = ident ? ` aria-labelledby="${ident}-said"` : ` aria-label="${escape(caption || rule.language.called)}"`;
  const first = rows.slice(0, rule.limit);
  const at = (place) => first.map((row) => row[place]);
  const shown = rule.columns.filter((one) => !one.hidden);
  const columns = shown.map((one) => column(one, at(one.at), said, signs));
  shaded(shown, columns);
  shown.forEach((one, nth) => {
    if (one.sort === null) return;
    const other = column(one.sort, at(one.sort.at), said, signs);
    columns[nth] = { ...columns[nth], kind: other.kind, orders: other.orders?.length ? other.orders : other.values };
  });
  const hrefs = shown.map((one) => (one.link ? leads(one.link, first, told) : []));
  const count = (number) => written({ n: BigInt(number), e: 0 }, 0, signs);
  const cut = rule.says_cut && first.length < rows.length ? [say(said.cut, { shown: count(first.length), all: count(rows.length) })] : [];
  const notes = [...cut, ...known(columns, shown, said, signs)];
  const tools = rule.tools ?? ["sort", "filter", "download"].filter((tool) => first.length >= TO_USE[tool]);
  const used = tools.length ? ` data-tools="${tools.join(" ")}"` : "";
  const name = tools.includes("download") ? ` data-file="${escape(slug(caption, "table"))}.csv"${first.length < rows.length ? " data-cut" : ""}` : "";
  const body = first.map((_, row) => `<tr>${columns.map((one, nth) => cell(one, row, hrefs[nth][row])).join("")}</tr>`);
  const parts = [
    `<div class="table" role="group" tabindex="0"${called}${caption ? "" : rule.language.marks}>`,
    `<table${caption ? "" : rule.language.unmarked}${used}${name}>`,
    ...(caption ? [`<caption${ident ? ` id="${ident}-said"` : ""}>${html}</caption>`] : []),
    `<thead><tr>${shown.map((one, nth) => head(one, columns[nth])).join("")}</tr></thead>`,
    "<tbody>",
    ...body,
    "</tbody>",
    ...foot(columns, rule, totalWord(columns, first.length, rows.length, rule.language)),
    "</table>",
    "</div>",
    ...notes.map((note) => `<p class="table-note"${rule.language.spoken}>${escape(note)}</p>`),
  ];
  return `${parts.join("\n")}\n`;
}

// The same for the present moment, which `query` knows.
export const retable = async (query, rule, told) => table(rule, await query(rule.rows), told);
