// Finds and tells a page's facts again, in the engine that `query` asks: the same ones, in the same order, as a build.
// What Python does besides SQL is here once more: the hash of a key (words/keys.py), the order of facts (facts/order.py)
// and which way of telling one is taken (facts/find.py). tests/test_retelling.py compares both.

const ALL = (1n << 64n) - 1n;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;

// What is to be said to the reader: the name of a sentence, and what is named in it.
export class Untold extends Error {
  constructor(said, named = {}) {
    super(said);
    Object.assign(this, { said, named });
  }
}

// What is asked for a part of the page: what goes wrong says which.
export async function within(part, work) {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Untold) error.named = { part, ...error.named };
    throw error;
  }
}

export function mix(number) {
  let z = (number + 0x9e3779b97f4a7c15n) & ALL;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & ALL;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & ALL;
  return z ^ (z >> 31n);
}

// BLAKE2b (RFC 7693) with a digest of eight bytes, as a number.
// Numbers of 64 bits are two of 32, the low one first: BigInt is a hundred times slower.
const START = Uint32Array.of(
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a,
  0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
);
const ORDERS = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4], [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13], [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11], [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5], [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
const QUARTERS = [
  [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15], [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
];
function add(v, a, low, high) {
  const sum = v[a] + low;
  v[a + 1] = v[a + 1] + high + (sum > 0xffffffff ? 1 : 0);
  v[a] = sum;
}

// v[d] becomes v[d] xor v[a], turned to the right by 32, 24, 16 or 63 bits.
function turn(v, d, a, by) {
  const low = v[d] ^ v[a];
  const high = v[d + 1] ^ v[a + 1];
  const [one, other] = by >= 32 ? [high, low] : [low, high];
  const rest = by % 32;
  v[d] = rest ? (one >>> rest) | (other << (32 - rest)) : one;
  v[d + 1] = rest ? (other >>> rest) | (one << (32 - rest)) : other;
}

function compressed(state, block, counted, last) {
  const view = new DataView(block.buffer, block.byteOffset, 128);
  const words = Uint32Array.from({ length: 32 }, (_, at) => view.getUint32(4 * at, true));
  const v = Uint32Array.of(...state, ...START);
  v[24] ^= counted;
  if (last) {
    v[28] = ~v[28];
    v[29] = ~v[29];
  }
  for (let round = 0; round < 12; round++) {
    const order = ORDERS[round % 10];
    for (let at = 0; at < 8; at++) {
      const [a, b, c, d] = QUARTERS[at].map((word) => 2 * word);
      const [x, y] = [2 * order[2 * at], 2 * order[2 * at + 1]];
      add(v, a, v[b], v[b + 1]);
      add(v, a, words[x], words[x + 1]);
      turn(v, d, a, 32);
      add(v, c, v[d], v[d + 1]);
      turn(v, b, c, 24);
      add(v, a, v[b], v[b + 1]);
      add(v, a, words[y], words[y + 1]);
      turn(v, d, a, 16);
      add(v, c, v[d], v[d + 1]);
      turn(v, b, c, 63);
    }
  }
  return state.map((word, at) => word ^ v[at] ^ v[at + 16]);
}

const hashes = new Map();

export function textHash(text) {
  if (hashes.has(text)) return hashes.get(text);
  const bytes = new TextEncoder().encode(text);
  let state = Uint32Array.from(START);
  state[0] ^= 0x01010008;
  const blocks = Math.max(1, Math.ceil(bytes.length / 128));
  for (let at = 0; at < blocks; at++) {
    const block = new Uint8Array(128);
    block.set(bytes.subarray(128 * at, 128 * (at + 1)));
    state = compressed(state, block, Math.min(bytes.length, 128 * (at + 1)), at === blocks - 1);
  }
  const hash = (BigInt(state[1]) << 32n) | BigInt(state[0]);
  hashes.set(text, hash);
  return hash;
}

// A number by its digits and the power of the last one, as Python's Decimal prints it when it is normal.
function numberHash(text) {
  const [, sign, whole, decimals = "", power = "0"] = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  let digits = (whole + decimals).replace(/^0+/, "");
  let last = Number(power) - decimals.length;
  const zeros = /0*$/.exec(digits)[0].length;
  digits = digits.slice(0, digits.length - zeros);
  last = digits ? last + zeros : 0;
  if (last >= 0 && digits.length + last < 25) {
    const number = BigInt(`${sign}${digits || "0"}${"0".repeat(last)}`);
    if (number >= -(1n << 63n) && number < 1n << 63n) return mix(number & ALL);
  }
  const first = last + digits.length - 1;
  let said = `${digits[0]}${digits.length > 1 ? "." : ""}${digits.slice(1)}E${first < 0 ? "" : "+"}${first}`;
  if (last <= 0 && first >= -6) {
    const padded = digits.padStart(1 - last, "0");
    said = last ? `${padded.slice(0, last)}.${padded.slice(last)}` : padded;
  }
  return textHash(sign + said);
}

function isDay(text) {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) && !text.startsWith("0000");
}

export function keyHash(text, kind) {
  if (text === null) return textHash("");
  if (kind === "DATE") return textHash(`${text}T00:00:00`);
  if (kind === "BOOLEAN") return textHash(text);
  if (/^(U?(TINY|SMALL|BIG)?INT|INTEGER|UINTEGER|DOUBLE)$/.test(kind)) {
    return /inf|nan/.test(text) ? textHash(text === "nan" ? "" : text) : numberHash(String(kind === "DOUBLE" ? Number(text) : text));
  }
  if (kind !== "VARCHAR") throw new Untold("text");
  if (NUMBER.test(text) && text.length <= 1000) return numberHash(text);
  if (/^\d{4}-\d\d-\d\d$/.test(text) && isDay(text)) return textHash(`${text}T00:00:00`);
  if (/^\d\d:\d\d|^\d{4}-\d\d-\d\d[ T]\d\d:/.test(text)) throw new Untold("text");
  return textHash(/^(true|false)$/i.test(text) ? text.toLowerCase() : text);
}

export const keysHash = (parts) => parts.slice(1).reduce((whole, part) => mix(whole) ^ part, parts[0]);

// The values over rows, and what asks for those that are wanted later; where choices of words hang on a key, with its hash.
// That of no column is the position's.
async function over(query, { told, make, keys, kinds, places, more }) {
  if (!make) return [await query(told[0])];
  const [, found] = await Promise.all([query(make), query(keys)]);
  if (!found.length) return [[]];
  const rows = found.map(([position, ...texts]) => {
    const hash = kinds.length ? keysHash(texts.map((text, at) => keyHash(text, kinds[at]))) : mix(BigInt(position));
    const hashes = [hash, ...places.map((place) => mix(hash ^ BigInt(place)))];
    return `(${position}, ${hashes.map((one) => `${one}::UBIGINT`).join(", ")})`;
  });
  let asked = null;
  const later = () => (asked ??= more.length ? query(more.join(rows.join(", "))) : []);
  return [await query(told.join(rows.join(", "))), later];
}

const rounded = (number) => Number(number.toPrecision(9));

export function compareTexts(one, other) {
  const [a, b] = [[...one], [...other]];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    if (a[at] !== b[at]) return a[at].codePointAt(0) - b[at].codePointAt(0);
  }
  return a.length - b.length;
}

// Numbers by their size, before texts by their letters, before what is missing.
function compareValues(one, other) {
  const rank = (value) => (value === null ? 2 : typeof value === "number" && !Number.isNaN(value) ? 0 : 1);
  if (rank(one) !== rank(other) || rank(one) === 2) return rank(one) - rank(other);
  return rank(one) ? compareTexts(String(one), String(other)) : rounded(one) - rounded(other);
}

function compareFacts(one, other) {
  if (one.score !== other.score) return other.score - one.score;
  if (one.finder !== other.finder) return compareTexts(one.finder, other.finder);
  for (let at = 0; at < one.order.length; at++) {
    const by = compareValues(one.order[at], other.order[at]);
    if (by) return by;
  }
  return 0;
}

const opening = (sentence) =>
  sentence.trim().split(/\s+/).slice(0, 2).join(" ").toLowerCase().replaceAll("ß", "ss");

// One sentence for each fact: the first way that opens like none before it in the list.
async function varied(facts) {
  const openings = new Set();
  const sentences = [];
  for (const { ways, more } of facts) {
    let [sentence] = ways;
    if (openings.has(opening(sentence))) {
      const all = [...ways, ...(await more())];
      sentence = all.find((way) => !openings.has(opening(way))) ?? sentence;
    }
    openings.add(opening(sentence));
    sentences.push(sentence);
  }
  return sentences;
}

async function found(query, finder, elsewhere) {
  const [answer, later = () => []] = await within(finder.title, over(query, finder.over));
  const left = answer.map((row) => row.slice(1 + finder.order));
  const told = finder.telling ? await elsewhere(finder.telling, left) : left;
  const known = (ways) => {
    if (ways.includes(null)) throw new Untold("text", { part: finder.title });
    return ways;
  };
  return answer.map(([score, ...values], at) => {
    const more = async () => known((await within(finder.title, later()))[at] ?? []);
    return { finder: finder.finder, score: rounded(score), order: values.slice(0, finder.order), ways: known(told[at]), more };
  });
}

function literal(value) {
  if (value === null || ["number", "bigint"].includes(typeof value)) return String(value ?? "NULL");
  return `'${String(value).replaceAll("'", "''")}'`;
}

const named = (name) => `"${name.replaceAll('"', '""')}"`;

// The parameters of the present moment, as the engine knows them.
export async function choose(query, values) {
  await query(Object.entries(values).map(([name, value]) => `SET VARIABLE ${named(name)} = ${literal(value)}`).join("; "));
}

// The tables as they stood at the present moment.
export async function settle(query, told) {
  const [moment] = await query(told.moment);
  if (!moment) throw new Untold("nothing");
  await query([`SET VARIABLE _moment = ${moment[0]}`, ...told.steps].join("; "));
}

// The sentences of the first `limit` facts of the present moment with `least` as their score, best first. All finders are
// asked at once: the engine answers one after another, and does not wait for us in between. `elsewhere` tells what SQL
// cannot.
export async function facts(query, told, { limit, least }, elsewhere) {
  const all = (await Promise.all(told.finders.map((finder) => found(query, finder, elsewhere)))).flat();
  return varied(all.sort(compareFacts).filter(({ score }) => score >= least).slice(0, limit));
}

// A text for each row, in their order.
export async function texts(query, told) {
  const found = (await over(query, told.over))[0].map(([text]) => text);
  if (found.includes(null)) throw new Untold("text");
  return found;
}
