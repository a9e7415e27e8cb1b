// What a chart shows, read from its rows, and in words. What figures/series.py, describe.py and rows.py do is here once
// more; tests/test_retelling_figures.py compares the words.

import { exact, fixedFloat, general, written } from "./amounts.mjs";
import { compareTexts, Untold } from "./retell.mjs";
import { say, shaped } from "./table.mjs";

const MOST = { lines: 24, rows: 40 };

function refuse(error) {
  throw new Untold("failed", { error });
}

const isKnown = (value) => value !== null && Number.isFinite(value);

// A language whose digits are Latin, as they are everywhere else on a page.
export const inLatin = (language) => `${language}-u-nu-latn`;

// How a chart speaks its language, from what its rule brings: figures/speech.py.
export function speech({ language, words, lists, signs, day }) {
  const fixed = (text, grouped = true) => {
    const amount = exact(text.replaceAll(",", ""));
    return (amount.n < 0n ? signs.minus : "") + written(amount, Math.max(0, -amount.e), signs, grouped);
  };
  const pair = (pattern, one, other) => pattern.replace(/\{([01])\}/g, (_, at) => (at === "0" ? one : other));
  return {
    words,
    fixed,
    say: (word, named) => say(words[word], named),
    span: (low, high) => say(words.span, { low, high }),
    day: (at) => shaped(at, day),
    english: /^en\b/.test(language), // as the library writes moments
    // A moment under an axis: its year, its month or its day.
    tick(date) {
      const [month, first] = [date.getUTCMonth(), date.getUTCDate() === 1];
      const parts = first && !month ? { year: "numeric" } : first ? { month: "short" } : { month: "short", day: "numeric" };
      return date.toLocaleDateString(inLatin(language), { ...parts, timeZone: "UTC" });
    },
    // `value` with as many digits as tell it from others in a range of `width`.
    number(value, width) {
      const digits = [0, 1, 2, 3, 4, 5].find((count) => width * 10 ** count >= 100) ?? 6;
      const text = fixedFloat(value, digits);
      return fixed(text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text);
    },
    general: (value) => (value < 0 ? signs.minus : "") + general(Math.abs(value)).replace(".", signs.decimal),
    listed(names) {
      if (names.length < 3) return names.length === 2 ? pair(lists[2], ...names) : names.join("");
      const end = pair(lists.end, ...names.slice(-2));
      return pair(lists.start, names[0], names.slice(1, -2).reduceRight((told, name) => pair(lists.middle, name, told), end));
    },
  };
}

function checked(rows, rule, full) {
  if (!rows.length) throw new Untold("nothing");
  for (const [place, name] of full) {
    if (rows.some((row) => row[place] === null || Number.isNaN(row[place]))) refuse(`the column "${name}" has empty cells`);
  }
}

// --- lines

function dayOf(text) {
  const [, year, month, day] = /^(-?\d+)-(\d\d)-(\d\d)$/.exec(text) ?? refuse(`${text} is no day`);
  return new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(day)) / 864e5;
}

function axisOf(kind, column) {
  if (kind === "date") return [{ kind, step: 0 }, column.map(dayOf)];
  if (kind === "category") {
    const names = [...new Set(column)];
    const places = new Map(names.map((name, place) => [name, place]));
    return [{ kind, step: 1, names }, column.map((name) => places.get(name))];
  }
  if (!column.every(Number.isInteger)) return [{ kind: "number", step: 0 }, column];
  const distinct = [...new Set(column)].sort((one, other) => one - other);
  const steps = distinct.slice(1).map((position, at) => position - distinct[at]);
  return [{ kind: "integer", step: steps.length ? Math.min(...steps) : 1 }, column];
}

// An x in words.
export function toldAt(axis, position, own) {
  if (axis.kind === "category") return axis.names[position];
  if (axis.kind === "number") return own.general(position);
  if (axis.kind === "integer") return own.fixed(fixedFloat(position, 0), false);
  const day = new Date(position * 864e5);
  return own.day({ year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate(), weekday: day.getUTCDay() });
}

// Points as a line: a stretch ends at a missing value, and at a missing x where x goes in steps.
function broken(name, points, step) {
  const line = { name, x: [], y: [], stretch: [] };
  let [stretch, gap] = [0, false];
  for (const [x, y] of points) {
    if (!isKnown(y)) {
      gap = true;
      continue;
    }
    if (line.x.length && (gap || (step && x - line.x.at(-1) > step))) stretch++;
    line.x.push(x);
    line.y.push(y);
    line.stretch.push(stretch);
    gap = false;
  }
  return line;
}

// The lines of rows of x, y and group, in the order of their names.
function linesOf(rule, rows, own) {
  checked(rows, rule, [[0, rule.names.x], [2, rule.names.group]]);
  const [axis, positions] = axisOf(rule.axis, rows.map(([x]) => x));
  const points = new Map();
  rows.forEach(([, y, group], at) => points.set(group, [...(points.get(group) ?? []), [positions[at], y]]));
  const names = [...points.keys()].sort(compareTexts);
  if (names.length > MOST.lines) refuse(`this chart has ${names.length} lines, and a reader can tell ${MOST.lines} apart at most`);
  const series = names.map((name) => {
    const mine = points.get(name).sort((one, other) => one[0] - other[0]);
    const twice = mine.find(([x], at) => at && mine[at - 1][0] === x);
    if (twice) refuse(`"${name}" has more than one value at ${toldAt(axis, twice[0], own)}`);
    return broken(name, mine, axis.step);
  }).filter((one) => one.x.length);
  if (!series.length) refuse(`the column "${rule.names.y}" has no number to draw`);
  return { axis, series };
}

export function widthOf(series) {
  const values = series.flatMap((one) => one.y);
  return Math.max(...values) - Math.min(...values);
}

function sentence(title) {
  const text = title.trim();
  return !text || /[.!?…]$/.test(text) ? text : `${text}.`;
}

function last(axis, series, end, width, own) {
  const there = series.filter((one) => one.x.at(-1) === end).map((one) => [one.y.at(-1), one.name]);
  const [at, count] = [toldAt(axis, end, own), there.length];
  const [highest, lowest] = [Math.max(...there.map(([value]) => value)), Math.min(...there.map(([value]) => value))];
  const [high, low] = [own.number(highest, width), own.number(lowest, width)];
  if (count === 1) return own.say(series.length === 1 ? "stands" : "only", { at, name: there[0][1], value: high });
  if (highest === lowest) return own.say(count === 2 ? "both" : "all", { at, count, value: high });
  const named = (edge) => there.filter(([value]) => value === edge).map((one) => one[1]).sort(compareTexts);
  const [top, bottom] = [named(highest), named(lowest)];
  return own.say(top.length === 1 ? "top" : "tops", { at, high, low, top: own.listed(top), bottom: own.listed(bottom) });
}

function ofLines({ axis, series }, said, names, own) {
  const [start, end] = [Math.min(...series.map((one) => one.x[0])), Math.max(...series.map((one) => one.x.at(-1)))];
  const values = series.flatMap((one) => one.y);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const width = high - low;
  const reach = width ? own.span(own.number(low, width), own.number(high, width)) : own.say("always", { value: own.number(low, 0) });
  const what = series.length > 1 ? own.say("lines", { count: series.length, group: names.group }) : own.say("line", { name: series[0].name });
  const span = start === end ? own.say("at", { at: toldAt(axis, start, own) }) : own.span(toldAt(axis, start, own), toldAt(axis, end, own));
  return [
    sentence(said.title),
    `${[what, `${said.x_label || names.x} ${span}`, `${said.y_label || names.y} ${reach}`].join(own.words.apart)}.`,
    last(axis, series, end, width, own),
  ];
}

// --- bars and dots

// The rows of names and values that have one, in their order.
function namedOf(rule, rows, own) {
  checked(rows, rule, [[0, rule.names.x]]);
  const known = rows.filter(([, value]) => value !== null && !Number.isNaN(value) && Number.isFinite(value));
  const names = known.map(([name]) => name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) refuse(`"${twice}" has more than one row`);
  if (!known.length) refuse(`the column "${rule.names.y}" has no number to draw`);
  if (known.length > MOST.rows) refuse(`this chart has ${known.length} rows, and a reader follows ${MOST.rows} at most`);
  const values = known.map(([, value]) => value);
  const width = Math.max(...values) - Math.min(...values);
  return known.map(([name, value]) => ({ name, value, told: own.number(value, width) }));
}

function ofNamed(rows, said, names, kind, own) {
  const told = (some) => some.map(({ name, told: value }) => `${name} ${value}`).join(own.words.apart);
  const named = { count: rows.length, x: names.x, y: said.y_label || names.y };
  const count = own.say(rows.length > 1 ? kind : kind.slice(0, -1), named);
  if (rows.length <= 10) return [sentence(said.title), count, `${told(rows)}.`];
  const order = [...rows].sort((one, other) => other.value - one.value);
  const ends = [["highest", order.slice(0, 3)], ["lowest", order.slice(-3)]];
  return [sentence(said.title), count, ...ends.map(([word, some]) => own.say(word, { told: told(some) }))];
}

// What the chart of a rule shows for these rows, and in words, where `said` has what stands around it.
export function shown(rule, rows, said) {
  const own = speech(rule.speech);
  const lines = rule.kind === "lines";
  const content = lines ? linesOf(rule, rows, own) : namedOf(rule, rows, own);
  const parts = lines ? ofLines(content, said, rule.names, own) : ofNamed(content, said, rule.names, rule.kind, own);
  return { content, alt: said.alt || parts.filter(Boolean).join(" ") };
}
