// What a chart shows, read from its rows, and in words. What figures/series.py, describe.py and rows.py do is here once
// more; tests/test_retelling_figures.py compares the words.

import { fixedFloat, general } from "./amounts.mjs";
import { compareTexts, Untold } from "./retell.mjs";

const MOST = { lines: 24, rows: 40 };
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

function refuse(error) {
  throw new Untold("failed", { error });
}

const isKnown = (value) => value !== null && Number.isFinite(value);

// `value` with as many digits as tell it from others in a range of `width`.
export function number(value, width) {
  const digits = [0, 1, 2, 3, 4, 5].find((count) => width * 10 ** count >= 100) ?? 6;
  const text = fixedFloat(value, digits);
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
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
export function toldAt(axis, position) {
  if (axis.kind === "category") return axis.names[position];
  if (axis.kind === "number") return general(position);
  if (axis.kind === "integer") return fixedFloat(position, 0).replaceAll(",", "");
  const day = new Date(position * 864e5);
  return `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]} ${day.getUTCFullYear()}`;
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
export function linesOf(rule, rows) {
  checked(rows, rule, [[0, rule.names.x], [2, rule.names.group]]);
  const [axis, positions] = axisOf(rule.axis, rows.map(([x]) => x));
  const points = new Map();
  rows.forEach(([, y, group], at) => points.set(group, [...(points.get(group) ?? []), [positions[at], y]]));
  const names = [...points.keys()].sort(compareTexts);
  if (names.length > MOST.lines) refuse(`this chart has ${names.length} lines, and a reader can tell ${MOST.lines} apart at most`);
  const series = names.map((name) => {
    const own = points.get(name).sort((one, other) => one[0] - other[0]);
    const twice = own.find(([x], at) => at && own[at - 1][0] === x);
    if (twice) refuse(`"${name}" has more than one value at ${toldAt(axis, twice[0])}`);
    return broken(name, own, axis.step);
  }).filter((one) => one.x.length);
  if (!series.length) refuse(`the column "${rule.names.y}" has no number to draw`);
  return { axis, series };
}

export function widthOf(series) {
  const values = series.flatMap((one) => one.y);
  return Math.max(...values) - Math.min(...values);
}

const listed = (names) => [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(" and ");

function sentence(title) {
  const text = title.trim();
  return !text || /[.!?…]$/.test(text) ? text : `${text}.`;
}

function last(axis, series, end, width) {
  const there = series.filter((one) => one.x.at(-1) === end).map((one) => [one.y.at(-1), one.name]);
  const at = toldAt(axis, end);
  const [[first, name]] = there;
  if (series.length === 1) return `At the end (${at}) it stands at ${number(first, width)}.`;
  if (there.length === 1) return `Only ${name} reaches ${at}, at ${number(first, width)}.`;
  const [highest, lowest] = [Math.max(...there.map(([value]) => value)), Math.min(...there.map(([value]) => value))];
  if (highest === lowest) {
    return `At the end (${at}) ${there.length === 2 ? "both" : `all ${there.length}`} stand at ${number(highest, width)}.`;
  }
  const named = (edge) => there.filter(([value]) => value === edge).map((one) => one[1]).sort(compareTexts);
  const top = named(highest);
  return `At the end (${at}) ${listed(top)} ${top.length === 1 ? "is" : "are"} highest with ${number(highest, width)}` +
    ` and ${listed(named(lowest))} lowest with ${number(lowest, width)}.`;
}

function ofLines({ axis, series }, said, names) {
  const [start, end] = [Math.min(...series.map((one) => one.x[0])), Math.max(...series.map((one) => one.x.at(-1)))];
  const values = series.flatMap((one) => one.y);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range = low === high ? `always ${number(low, 0)}` : `from ${number(low, high - low)} to ${number(high, high - low)}`;
  const count = series.length > 1 ? `${series.length} lines, one for each ${names.group}` : `One line, ${series[0].name}`;
  const span = start === end ? `at ${toldAt(axis, start)}` : `from ${toldAt(axis, start)} to ${toldAt(axis, end)}`;
  return [
    sentence(said.title),
    `${count}; ${said.x_label || names.x} ${span}; ${said.y_label || names.y} ${range}.`,
    last(axis, series, end, high - low),
  ];
}

// --- bars and dots

// The rows of names and values that have one, in their order.
export function namedOf(rule, rows) {
  checked(rows, rule, [[0, rule.names.x]]);
  const known = rows.filter(([, value]) => value !== null && !Number.isNaN(value) && Number.isFinite(value));
  const names = known.map(([name]) => name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) refuse(`"${twice}" has more than one row`);
  if (!known.length) refuse(`the column "${rule.names.y}" has no number to draw`);
  if (known.length > MOST.rows) refuse(`this chart has ${known.length} rows, and a reader follows ${MOST.rows} at most`);
  const values = known.map(([, value]) => value);
  const width = Math.max(...values) - Math.min(...values);
  return known.map(([name, value]) => ({ name, value, told: number(value, width) }));
}

function ofNamed(rows, said, names, kind) {
  const y = said.y_label || names.y;
  const told = (some) => some.map(({ name, told: value }) => `${name} ${value}`).join("; ");
  const count = rows.length > 1 ? `${rows.length} ${kind}, one for each ${names.x}, of ${y}.` : `One ${kind.slice(0, -1)}, of ${y}.`;
  if (rows.length <= 10) return [sentence(said.title), count, `${told(rows)}.`];
  const order = [...rows].sort((one, other) => other.value - one.value);
  return [sentence(said.title), count, `Highest: ${told(order.slice(0, 3))}.`, `Lowest: ${told(order.slice(-3))}.`];
}

// What the chart of a rule shows for these rows, and in words, where `said` has what stands around it.
export function shown(rule, rows, said) {
  const content = rule.kind === "lines" ? linesOf(rule, rows) : namedOf(rule, rows);
  const parts = rule.kind === "lines" ? ofLines(content, said, rule.names) : ofNamed(content, said, rule.names, rule.kind);
  return { content, alt: said.alt || parts.filter(Boolean).join(" ") };
}
