// JSON lines as our own reader reads them (tables/sources/json_rows.py): an object in each line, every value a text. What
// is read in two ways is refused: a key twice, objects and lists in a row, letters that no text has.

import { decoded, wrong } from "./csv.mjs";

export const LINES = /\.(jsonl|ndjson)$/i;
const TEXT = '"(?:[^"\\\\\\u0000-\\u001f]|\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4}))*"';
const NUMBER = "-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?";
const SPACE = "[ \\t]*";
const PAIR = new RegExp(`${SPACE}(${TEXT})${SPACE}:${SPACE}(?:(${TEXT})|(${NUMBER})|(true|false)|null)${SPACE}([,}])`, "y");
const NO_TEXT = /\p{Surrogate}|\0/u;

const refused = (line) => wrong("no_json", { line, row: '{"a": "text", "b": 1.5}' });

// A number as the engine prints one that is no whole number: without zeros at its end.
const plain = (number) => (/^-?\d+\.\d*[1-9]0+$/.test(number) ? number.replace(/0+$/, "") : number);

// The values of one line by their keys, and the keys of numbers that have several forms as a text.
function objectOf(text, line) {
  const [values, numbers] = [new Map(), []];
  const begins = /^[ \t]*\{[ \t]*(\}?)/.exec(text);
  let end = begins?.[1] ? "}" : ",";
  PAIR.lastIndex = begins?.[0].length ?? 0;
  while (begins && end === ",") {
    const found = PAIR.exec(text);
    if (!found) throw refused(line);
    const [, key, said, number, truth] = found;
    const name = JSON.parse(key);
    const value = said ? JSON.parse(said) : number ? plain(number) : truth ?? null;
    if (values.has(name) || NO_TEXT.test(name) || NO_TEXT.test(value ?? "")) throw refused(line);
    values.set(name, value);
    if (number && !/^-?\d{1,18}$/.test(number)) numbers.push(name);
    end = found[5];
    begins.end = PAIR.lastIndex;
  }
  if (!begins || text.slice(begins.end ?? begins[0].length).trim()) throw refused(line);
  return { values, numbers };
}

// The names in a file, and its rows as texts, each with its line; `numbers` are those that are no whole numbers.
export function parsedLines(bytes) {
  const [names, folded, rows, lines, numbers] = [[], new Map(), [], [], []];
  decoded(bytes).split(/\r?\n/).forEach((text, at) => {
    if (!text.trim()) return;
    const found = objectOf(text, at + 1);
    for (const name of found.values.keys()) {
      const known = folded.get(name.toLowerCase());
      if (known !== undefined && known !== name) throw refused(at + 1); // in other capitals
      if (known === undefined) names.push(name);
      folded.set(name.toLowerCase(), name);
    }
    numbers.push(...found.numbers.map((name) => ({ name, line: at + 1, value: found.values.get(name) })));
    rows.push(found.values);
    lines.push(at + 1);
  });
  return { names, rows: rows.map((row) => names.map((name) => row.get(name) ?? null)), lines, numbers };
}
