// CSV as our own reader reads it (tables/sources/delimited.py and dialect.py): rows of texts, each with its line. What is
// read in two ways is refused: nothing is guessed but the delimiter, by the same rule as there.

// What is wrong with a file: the name of a sentence, and what is named in it.
export class Wrong extends Error {
  constructor(...problems) {
    super(problems[0].said);
    this.problems = problems;
  }
}
export const wrong = (said, named = {}) => new Wrong({ said, named });

const SAMPLE = 1 << 18; // bytes that the delimiter is found in
const ROWS = 1000;
const DELIMITERS = [",", ";", "\t", "|"];
const SEP = /^"?sep=(.)"?\r?(?:\n|\r|$)/i; // what Excel obeys and does not show
const BACKSLASHED = /\\"(?![,;\t|\r\n])/;
const MARKS = [["utf-16le", 0xff, 0xfe], ["utf-16be", 0xfe, 0xff]];
// What other files begin with: zip archives and spreadsheets, gzip, PDF, Parquet, old Office files, pages, JSON.
const OTHERS = [/^PK\x03\x04/, /^\x1f\x8b/, /^%PDF/, /^PAR1/, /^\xd0\xcf\x11\xe0/, /^ARROW1/, /^SQLite format 3\0/];
const PAGE = /^\s*<(?:!doctype\s+html|html|head|body)\b/i;
const JSON_ROWS = /^\s*(?:\[\s*)?\{\s*"[^"]*"\s*:/;

const latin = (bytes) => String.fromCharCode(...bytes);

function lineOf(bytes) {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(10, from);
    const upto = end < 0 ? bytes.length : end + 1;
    try {
      decoder.decode(bytes.subarray(from, upto));
    } catch {
      return line;
    }
    from = upto;
  }
  return line;
}

// The text of a file in UTF-8, or in UTF-16 that says so.
export function decoded(bytes) {
  if (!bytes.length) throw wrong("empty");
  const first = latin(bytes.subarray(0, 1024));
  const mark = MARKS.find(([, one, two]) => bytes[0] === one && bytes[1] === two);
  if (OTHERS.some((begins) => begins.test(first))) throw wrong("other");
  if (!mark && bytes.subarray(0, 1 << 20).includes(0)) throw wrong("other");
  let text;
  try {
    text = new TextDecoder(mark?.[0] ?? "utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw mark ? wrong("other") : wrong("not_utf8", { line: lineOf(bytes) });
  }
  if (!text.trim()) throw wrong("empty");
  if (PAGE.test(text)) throw wrong("other");
  return text;
}

function sampleOf(text) {
  const bytes = new TextEncoder().encode(text.slice(0, SAMPLE));
  if (bytes.length < SAMPLE) return text.slice(0, SAMPLE);
  const cut = new TextDecoder().decode(bytes.subarray(0, SAMPLE));
  const end = cut.lastIndexOf("\n");
  return end < 0 ? cut : cut.slice(0, end + 1);
}

// The rows, each with the line where it begins; an empty line is a row of nothing. `strict` says what is not closed.
function* rowsOf(text, delimiter, strict = false) {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const row = [];
    const begun = line;
    let quoted = false;
    for (let more = true; more;) {
      let value = "";
      if (text[at] === '"') {
        quoted = true;
        for (at++; ; at++) {
          const end = text.indexOf('"', at);
          if (end < 0) {
            if (strict) throw wrong("unclosed", { line: begun });
            value += text.slice(at);
            at = text.length;
            break;
          }
          value += text.slice(at, end);
          at = end + 1;
          if (text[at] !== '"') break;
          value += '"';
        }
        line += value.match(/\r\n|\r|\n/g)?.length ?? 0;
        if (strict && at < text.length && ![delimiter, "\n", "\r"].includes(text[at])) throw wrong("unclosed", { line: begun });
      }
      let end = at;
      while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
      value += text.slice(at, end);
      at = end;
      row.push(value);
      more = text[at] === delimiter;
      if (more) at++;
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    at++;
    line++;
    yield [begun, row.length === 1 && row[0] === "" && !quoted ? [] : row];
  }
}

function widths(sample, delimiter) {
  const found = [];
  let seen = 0;
  for (const [, row] of rowsOf(sample, delimiter)) {
    if (seen++ >= ROWS) break;
    if (row.length) found.push(row.length);
  }
  return found;
}

// The delimiter that most of the first rows have equally often, the first of them too if possible.
function delimiterOf(sample) {
  let best = ",";
  let most = [0, 0];
  for (const delimiter of DELIMITERS) {
    const found = widths(sample, delimiter);
    const counted = new Map();
    for (const width of found) counted.set(width, (counted.get(width) ?? 0) + 1);
    const [width, often] = [...counted].reduce((one, other) => (other[1] > one[1] ? other : one), [1, 0]);
    const fits = width > 1 || found[0] > 1 ? often / found.length + (found[0] > 1 ? 1 : 0) : 0;
    if (fits > most[0] || (fits === most[0] && width > most[1])) [best, most] = [delimiter, [fits, width]];
  }
  return best;
}

// One name for each column; no two are alike in any letters.
function headings(row) {
  const names = [];
  const taken = new Set();
  row.forEach((heading, column) => {
    const own = heading.trim() || `column${column}`;
    let name = own;
    for (let n = 1; taken.has(name.toLowerCase()); n++) name = `${own}_${n}`;
    taken.add(name.toLowerCase());
    names.push(name);
  });
  return names;
}

// A file's headings, and its rows as texts, each with its line.
export function parsed(bytes, name, said) {
  let text = decoded(bytes);
  if (JSON_ROWS.test(text)) throw wrong("other");
  let above = 0;
  const sep = SEP.exec(text);
  if (sep) {
    above = 1;
    text = text.slice(sep[0].length);
  }
  if (!text.trim()) throw wrong("empty");
  const sample = sampleOf(text);
  if (BACKSLASHED.test(sample)) throw wrong("backslash");
  const delimiter = said || sep?.[1] || (/\.tsv$/i.test(name) ? "\t" : delimiterOf(sample));
  let names = null;
  const rows = [];
  const lines = [];
  for (const [line, row] of rowsOf(text, delimiter, true)) {
    if (!row.length && names?.length === 1) throw wrong("blank", { line: line + above });
    if (!row.length) continue;
    if (!names) names = headings(row);
    else if (row.length !== names.length) {
      throw wrong("ragged", { line: line + above, found: row.length, wanted: names.length });
    } else {
      rows.push(row);
      lines.push(line + above);
    }
  }
  if (!rows.length) throw wrong("no_rows");
  return { names, rows, lines };
}
