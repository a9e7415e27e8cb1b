// A chart drawn again by Observable Plot, which is fetched with the first one: in the colours of the page, with text as
// text, once for a page and once for a telephone, as builds draw charts.

import { at, bytes, loaded } from "./engine.mjs";
import { inLatin, shown, speech, toldAt, widthOf } from "./shown.mjs";
import { captioned, filled } from "./table.mjs";

const WIDE = { class: "wide", width: 720, height: 430, letters: 26, ticks: 12, tickLetters: 16, rowLetters: 30 };
const NARROW = { class: "narrow", width: 360, height: 330, letters: 18, ticks: 5, tickLetters: 10, rowLetters: 16 };
const SIZE = 12; // pixels of letters
const LINE = 15; // pixels from one name of a line to the next
const DOTTED = 40; // places on x with a dot each: more would hide the line
const QUIET = "var(--chart-quiet)";

let library = null;

// The library, which is fetched once, and begun `after` what should not wait for it.
export async function plot(file, after) {
  library ??= Promise.all([bytes(at(file)), after]).then(async ([script]) => {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    await loaded(address).finally(() => URL.revokeObjectURL(address));
    return globalThis.Plot;
  });
  library.catch(() => (library = null));
  return library;
}

let canvas = null;
function widths(texts) {
  canvas ??= document.createElement("canvas").getContext("2d");
  canvas.font = `${SIZE}px ${getComputedStyle(document.body).fontFamily}`;
  return texts.map((text) => canvas.measureText(text).width);
}

// Names of at most so many letters, as they are where two would read the same.
function shortened(names, letters) {
  const short = names.map((name) => ([...name].length <= letters ? name : `${[...name].slice(0, letters - 1).join("").trimEnd()}…`));
  return new Set(short).size === new Set(names).size ? short : names;
}

// Where names stand that want to be at these heights, in their order, none over another: pooled adjacent violators.
function apart(wanted, least, low, high) {
  const blocks = [];
  for (const place of wanted) {
    blocks.push({ sum: place, count: 1 });
    while (blocks.length > 1) {
      const [one, other] = blocks.slice(-2);
      if (other.sum / other.count - one.sum / one.count >= (least * (one.count + other.count)) / 2) break;
      blocks.splice(-2, 2, { sum: one.sum + other.sum, count: one.count + other.count });
    }
  }
  const places = blocks.flatMap(({ sum, count }) => Array.from({ length: count }, (_, nth) => sum / count + (nth - (count - 1) / 2) * least));
  places.forEach((place, nth) => (places[nth] = Math.max(place, nth ? places[nth - 1] + least : low)));
  for (let nth = places.length - 1; nth >= 0; nth--) {
    places[nth] = Math.min(places[nth], nth === places.length - 1 ? high : places[nth + 1] - least);
  }
  return places;
}

function element(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// --- lines

function ticksOf(axis, [low, high], size, room, own) {
  if (axis.kind === "category") {
    const names = shortened(axis.names, size.tickLetters);
    const needed = Math.max(...widths(names)) + 10;
    const slanted = needed * names.length > room;
    const every = Math.ceil(names.length / Math.max(1, Math.floor(room / (slanted ? LINE : needed))));
    return { ticks: names.flatMap((_, at) => (at % every ? [] : [at])), tickFormat: (at) => names[at], slanted };
  }
  if (axis.kind === "date") return { ticks: Math.ceil(size.ticks / 2), ...(own.english ? {} : { tickFormat: own.tick }) };
  if (axis.kind === "number") return { ticks: Math.ceil(size.ticks / 2), tickFormat: (at) => toldAt(axis, at, own) };
  let every = 1;
  for (let nth = 0; (high - low) / axis.step / every >= size.ticks; nth++) every = [2, 5, 10][nth % 3] * 10 ** Math.floor(nth / 3);
  every *= axis.step;
  const first = Math.ceil(low / every) * every;
  const ticks = Array.from({ length: Math.floor((high - first) / every) + 1 }, (_, nth) => first + nth * every);
  return { ticks: ticks.length ? ticks : [low], tickFormat: (at) => toldAt(axis, at, own) };
}

function lines(Plot, { axis, series }, rule, said, size) {
  const [spread, own, tag] = [widthOf(series), speech(rule.speech), inLatin(rule.speech.language)];
  const names = shortened(series.map((one) => one.name), size.letters);
  const marginRight = Math.max(...widths(names)) + 28;
  const places = new Set(series.flatMap((one) => one.x));
  const dated = axis.kind === "date";
  const [low, high] = [Math.min(...places), Math.max(...places)];
  const pad = (high - low) * 0.015 || 0.5;
  const { slanted, ...ticks } = ticksOf(axis, [low, high], size, size.width - marginRight - 50, own);
  const across = (x) => (dated ? new Date(x * 864e5) : x);
  const marks = series.flatMap((one, nth) => {
    const style = rule.styles[nth];
    const points = one.x.map((x, at) => ({ x: across(x), y: one.y[at], z: one.stretch[at], title: `${one.name}, ${toldAt(axis, x, own)}: ${own.number(one.y[at], spread)}` }));
    const lonely = (point) => points.filter((other) => other.z === point.z).length === 1;
    const dots = places.size <= DOTTED ? points : points.filter(lonely);
    return [
      Plot.line(points, { x: "x", y: "y", z: "z", stroke: `var(--line-${nth})`, strokeWidth: 1.7, strokeDasharray: style.dash || null }),
      Plot.dot(dots, { x: "x", y: "y", r: 2.4, fill: `var(--line-${nth})`, symbol: style.shape, title: "title" }),
    ];
  });
  const whole = series.every((one) => one.y.every(Number.isInteger));
  const svg = Plot.plot({
    width: size.width,
    height: Math.max(size.height, series.length * LINE + 70) + (slanted ? 50 : 0),
    marginLeft: 50,
    marginRight,
    marginBottom: (slanted ? 80 : 30) + (said.x_label ? 16 : 0),
    x: { type: dated ? "utc" : "linear", domain: [across(low - pad), across(high + pad)], label: null },
    y: { label: said.y_label || null, labelArrow: "none", nice: true, ticks: 6, grid: false },
    marks: [
      Plot.gridY({ stroke: "var(--chart-grid)", strokeOpacity: 1, ticks: 6 }),
      Plot.axisY({ label: said.y_label || null, labelArrow: "none", tickSize: 0, ticks: 6, tickFormat: (y) => (whole && !Number.isInteger(y) ? "" : y.toLocaleString(tag, { maximumFractionDigits: 6 })) }),
      Plot.axisX({ label: said.x_label || null, labelArrow: "none", labelOffset: slanted ? 80 : 34, tickRotate: slanted ? -45 : 0, ...ticks }),
      ...marks,
    ],
  });
  return named(svg, series, names, across, size.width - marginRight);
}

// The names of lines at their ends.
function named(svg, series, names, across, edge) {
  const [x, y] = [svg.scale("x"), svg.scale("y")];
  const order = series.map((_, nth) => nth).sort((one, other) => y.apply(series[one].y.at(-1)) - y.apply(series[other].y.at(-1)));
  const wanted = order.map((nth) => y.apply(series[nth].y.at(-1)));
  const [bottom, top] = y.range;
  const places = apart(wanted, LINE, top, bottom);
  const labels = order.flatMap((nth, at) => {
    const end = x.apply(across(series[nth].x.at(-1)));
    const leader = `M${(end + 4).toFixed(1)} ${wanted[at].toFixed(1)}L${edge + 6} ${wanted[at].toFixed(1)}L${edge + 16} ${places[at].toFixed(1)}`;
    return [
      element("path", { d: leader, fill: "none", stroke: `var(--line-${nth})`, "stroke-width": "0.6", opacity: "0.6" }),
      element("text", { x: String(edge + 19), y: places[at].toFixed(1), dy: "0.35em", fill: `var(--name-${nth})` }, names[nth]),
    ];
  });
  svg.append(element("g", { "text-anchor": "start" }, ...labels));
  return svg;
}

// --- bars and dots

function rows(Plot, content, rule, said, size) {
  const names = shortened(content.map((row) => row.name), size.rowLetters);
  const label = new Map(content.map((row, nth) => [row.name, names[nth]]));
  const room = Math.max(...widths(content.map((row) => row.told))) + 12;
  const [below, above] = [content.filter((row) => row.value < 0), content.filter((row) => row.value >= 0)];
  const values = content.map((row) => row.value);
  const dots = rule.kind === "dots";
  const [low, high] = [Math.min(...values, ...(dots ? [] : [0])), Math.max(...values, ...(dots ? [] : [0]))];
  const title = (row) => `${row.name}: ${row.told}`;
  const valued = (some, anchor, dx) => Plot.text(some, { x: "value", y: "name", text: "told", textAnchor: anchor, dx, fill: QUIET, stroke: "var(--chart-paper)", strokeWidth: 4 });
  const mark = dots
    ? [Plot.ruleY(content, { y: "name", stroke: "var(--chart-grid)" }), Plot.dot(content, { x: "value", y: "name", r: 4, fill: "var(--line-0)", title })]
    : [Plot.barX(content, { x1: 0, x2: "value", y: "name", fill: "var(--line-0)", title }), Plot.ruleX([0], { stroke: QUIET })];
  return Plot.plot({
    width: size.width,
    height: content.length * 26 + (said.y_label ? 34 : 12),
    marginTop: 6,
    marginBottom: said.y_label ? 28 : 6,
    marginLeft: Math.max(...widths(names)) + 12 + (below.length && !dots ? 0 : 4),
    marginRight: 6,
    x: { axis: null, domain: low === high ? [low - 1, high + 1] : [low, high], insetRight: room, insetLeft: dots || below.length ? room : 0 },
    y: { type: "band", domain: content.map((row) => row.name), padding: 0.25, label: null, tickSize: 0, tickFormat: (name) => label.get(name) },
    marks: [
      ...mark,
      valued(dots ? content : above, "start", dots ? 8 : 5),
      valued(dots ? [] : below, "end", -5),
      ...(said.y_label ? [Plot.text([said.y_label], { frameAnchor: "bottom", dy: 20, fill: QUIET })] : []),
    ],
  });
}

// --- the figure

function drawn(Plot, content, rule, said, alt, size) {
  const svg = (rule.kind === "lines" ? lines : rows)(Plot, content, rule, said, size);
  for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label"); // they are English, and no parts of a picture
  svg.classList.add(size.class);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", alt);
  Object.assign(svg.style, { fontFamily: "inherit", fontSize: `${SIZE}px`, color: QUIET, overflow: "visible" });
  rule.styles.slice(0, rule.kind === "lines" ? content.series.length : 1).forEach((style, nth) => {
    svg.style.setProperty(`--line-${nth}`, style.line);
    svg.style.setProperty(`--name-${nth}`, style.name);
  });
  return svg;
}

function line(className, text) {
  const made = document.createElement("p");
  Object.assign(made, { className, textContent: text });
  made.setAttribute("aria-hidden", "true"); // the text of the picture begins with it
  return made;
}

// The chart of a rule for the present moment, which `query` knows, as a figure.
export async function redraw(query, rule, told) {
  const [Plot, found] = await Promise.all([plot(told.charts), query(rule.rows)]);
  const said = Object.fromEntries(Object.entries(rule.said).map(([name, pieces]) => [name, filled(pieces, told.values)]));
  const { content, alt } = shown(rule, found, said);
  const figure = document.createElement("figure");
  if (said.title) figure.append(line("chart-title", said.title));
  if (said.subtitle) figure.append(line("chart-subtitle", said.subtitle));
  figure.append(...[WIDE, NARROW].map((size) => drawn(Plot, content, rule, said, alt, size)));
  const caption = captioned(rule.number, rule.said.caption, rule.language, told.values);
  if (caption.caption) {
    const below = document.createElement("figcaption");
    below.innerHTML = caption.html;
    figure.append(below);
  }
  return [figure];
}
