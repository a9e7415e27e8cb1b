// Exact decimals, as Python's are: a number is `n` times ten to the power `e`. Not all that Python's can do is here, but
// what the columns of tables are written with (pages/columns: numbers.py, places.py, drawn.py; labels/signs.py).

const ten = (power) => 10n ** BigInt(power);
const size = (n) => (n < 0n ? -n : n);
const digits = (n) => String(size(n)).length;

// A number from its text; `endless` is 1 or -1 for infinity. No number is "nan" here.
export function exact(text) {
  if (/^-?inf/.test(text)) return { endless: text[0] === "-" ? -1 : 1 };
  const [, sign, whole, decimals = "", power = "0"] = /^([-+]?)(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?$/.exec(text);
  return { n: BigInt(`${sign === "-" ? "-" : ""}${whole}${decimals}`), e: Number(power) - decimals.length };
}

const NOUGHT = { n: 0n, e: 0 };
const scaled = (a, e) => a.n * ten(a.e - e); // to a lower power, which loses nothing
export function compare(a, b) {
  const e = Math.min(a.e, b.e);
  const [x, y] = [scaled(a, e), scaled(b, e)];
  return x < y ? -1 : x > y ? 1 : 0;
}
export const absolute = (a) => ({ ...a, n: size(a.n) });
export function plus(a, b) {
  const e = Math.min(a.e, b.e);
  return { n: scaled(a, e) + scaled(b, e), e };
}
export const hundredfold = (a) => ({ n: a.n, e: a.e + 2 });
const adjusted = (a) => digits(a.n) - 1 + a.e;
const least = (values) => values.reduce((one, other) => (compare(other, one) < 0 ? other : one));
const most = (values) => values.reduce((one, other) => (compare(other, one) > 0 ? other : one));
export const ends = (values) => (values.length ? [least(values), most(values)] : [NOUGHT, NOUGHT]);

function divided(n, by, even) {
  const [whole, rest] = [size(n) / by, size(n) % by];
  const up = 2n * rest > by || (2n * rest === by && (!even || whole % 2n === 1n));
  return (n < 0n ? -1n : 1n) * (whole + (up ? 1n : 0n));
}

// With `places` decimals, half away from zero; the same with so many digits, half to the even one.
export function rounded(a, places) {
  return a.e >= -places ? { n: scaled(a, -places), e: -places } : { n: divided(a.n, ten(-places - a.e), false), e: -places };
}
function inDigits(a, count) {
  const over = digits(a.n) - count;
  return over > 0 ? { n: divided(a.n, ten(over), true), e: a.e + over } : a;
}

function fixed(a) {
  const all = String(size(a.n)).padStart(1 - Math.min(a.e, 0), "0");
  return a.e < 0 ? [all.slice(0, a.e), all.slice(a.e)] : [all === "0" ? all : all + "0".repeat(a.e), ""];
}
const ownPlaces = (a) => fixed(a)[1].replace(/0+$/, "").length;
const same = (a) => (a.n ? `${String(a.n).replace(/0+$/, "")}e${a.e + /0*$/.exec(String(a.n))[0].length}` : "0");
const isWhole = (a) => ownPlaces(a) === 0;

// pages/columns/places.py
function middlePlaces(values) {
  const sizes = values.filter((a) => a.n).map(absolute).sort(compare);
  return sizes.length ? Math.max(0, 2 - adjusted(sizes[(sizes.length - 1) >> 1])) : 0;
}
function floatPlaces(values) {
  const needed = Math.max(0, ...values.map((a) => ownPlaces(inDigits(a, 12))));
  if (needed <= 2) return needed;
  const few = Math.min(needed, middlePlaces(values));
  const different = new Set(values.map(same)).size;
  for (let places = few; places <= Math.min(few + 2, needed); places++) {
    if (new Set(values.map((a) => same(rounded(a, places)))).size === different) return places;
  }
  return few;
}
function exactPlaces(values, scale) {
  if (scale <= 4) return Math.max(0, scale);
  return values.length ? Math.max(2, ...values.map(ownPlaces)) : 0;
}
const powerPlaces = (values) =>
  Math.min(2, Math.max(0, ...values.filter((a) => a.n).map((a) => ownPlaces({ n: a.n, e: a.e - adjusted(a) }))));
const needsPowers = (values) =>
  values.some((a) => compare(absolute(a), { n: 1n, e: 15 }) >= 0) || middlePlaces(values) > 6;

// labels/signs.py
function grouped(text, signs) {
  const [last, other] = signs.groups;
  const parts = [text.slice(-last)];
  for (let rest = text.slice(0, -last); rest; rest = rest.slice(0, -other)) parts.unshift(rest.slice(-other));
  return parts.join(signs.group);
}
export function written(a, places, signs, group = true) {
  const [whole, decimals] = fixed(rounded(a, places));
  return (group ? grouped(whole, signs) : whole) + (decimals ? signs.decimal + decimals : "");
}
function powered(a, places, signs) {
  let size_ = absolute(a);
  for (let time = 0; time < 2; time++) size_ = rounded(size_, places - adjusted(size_)); // 9.999 becomes 10.00
  const all = String(size_.n);
  const power = [...String(adjusted(size_))].map((digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit])).join("");
  return `${all[0]}${all.length > 1 ? signs.decimal : ""}${all.slice(1)} × 10${power}`;
}

function isYear(a) {
  return isWhole(a) && compare(a, { n: 1000n, e: 0 }) >= 0 && compare(a, { n: 2199n, e: 0 }) <= 0;
}

// pages/columns/numbers.py: how the numbers of one column are written
export function numbers(rule, known, signs) {
  const finite = known.filter((a) => !a.endless);
  const shown = rule.percent ? finite.map(hundredfold) : finite;
  const powers = rule.number === "float" && rule.decimals === null && needsPowers(shown);
  let places = 0;
  if (rule.decimals !== null) places = rule.decimals;
  else if (rule.number === "float") places = powers ? powerPlaces(shown) : floatPlaces(shown);
  else if (rule.number === "decimal") places = exactPlaces(shown, rule.percent ? Math.max(0, rule.scale - 2) : rule.scale);
  if (places === 1 && rule.money && rule.decimals === null) places = 2;
  const sort = rule.told === "amount" && finite.length && finite.every(isYear) ? "year" : rule.told;
  const amount = !finite.every(isWhole) || rule.of_amounts || sort === "amount";
  const group = rule.thousands ?? amount;
  return (a) => {
    const [before, after] = rule.around;
    if (a.endless) return `${a.endless < 0 ? signs.minus : rule.sign ? signs.plus : ""}${before}${signs.infinity}${after}`;
    const own = rule.percent ? hundredfold(a) : a;
    const seen = powers ? own.n : rounded(own, places).n;
    const text = powers ? (own.n ? powered(own, places, signs) : "0") : written(own, places, signs, group);
    return `${seen < 0n ? signs.minus : rule.sign && seen > 0n ? signs.plus : ""}${before}${text}${after}`;
  };
}

// The size of a float in units of 10^-places, by its exact value, half to the even digit.
function units(number, places) {
  const [wide] = new BigInt64Array(new Float64Array([Math.abs(number)]).buffer);
  const power = Number(wide >> 52n);
  const bits = power ? (wide & ((1n << 52n) - 1n)) | (1n << 52n) : wide;
  const shift = (power || 1) - 1075;
  const top = bits * 10n ** BigInt(Math.max(places, 0)) * (shift > 0 ? 1n << BigInt(shift) : 1n);
  const below = (shift < 0 ? 1n << BigInt(-shift) : 1n) * 10n ** BigInt(Math.max(-places, 0));
  return divided(top, below, true);
}

// A float with `places` decimals as Python's round() gives it.
export const roundedFloat = (number, places) => Math.sign(number) * Number(`${units(number, places)}e${-places}`);

// The same as Python's format `z,.nf` writes it: with commas, and without the sign of a nought.
export function fixedFloat(number, places) {
  const [whole, decimals] = fixed({ n: units(number, places), e: -places });
  const sign = number < 0 && /[1-9]/.test(whole + decimals) ? "-" : "";
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (decimals ? `.${decimals}` : "");
}

// As Python's format `zg`: six digits.
export function general(number) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
  if (!number) return "0";
  const near = Math.floor(Math.log10(Math.abs(number)));
  const first = roundedFloat(Math.abs(number), 5 - near) >= 10 ** (near + 1) ? near + 1 : near;
  const text = String(units(number, 5 - first)).padEnd(6, "0");
  const sign = number < 0 ? "-" : "";
  if (first < -4 || first >= 6) {
    const rest = text.slice(1).replace(/0+$/, "");
    return `${sign}${text[0]}${rest ? "." : ""}${rest}e${first < 0 ? "-" : "+"}${String(Math.abs(first)).padStart(2, "0")}`;
  }
  const [whole, decimals] = fixed({ n: units(number, 5 - first), e: first - 5 });
  const rest = decimals.replace(/0+$/, "");
  return sign + whole + (rest ? `.${rest}` : "");
}

// As `:g` of Python: six digits, and no power of ten for what is drawn here.
export const short = (number) => (number ? String(roundedFloat(number, 5 - Math.floor(Math.log10(Math.abs(number))))) : "0");

// Where a number stands between two others, as a float of so many decimals: Decimal's own 28 digits on the way.
export function share(a, low, high, places) {
  const less = ({ n, e }) => ({ n: -n, e });
  const top = inDigits(plus(a, less(low)), 28);
  const below = inDigits(plus(high, less(low)), 28);
  const more = 28 + Math.max(0, digits(below.n) - digits(top.n)) + 2;
  const whole = size(top.n) * ten(more);
  const found = whole / size(below.n);
  const sticky = { n: found * 10n + (whole % size(below.n) ? 1n : 0n), e: top.e - below.e - more - 1 };
  const one = inDigits(sticky, 28);
  return roundedFloat((top.n < 0n ? -1 : 1) * Number(`${one.n}e${one.e}`), places);
}

// The nearest of so many steps above the least, half up: pages/columns/drawn.py, `_step`.
export function step(a, low, high, top) {
  const less = ({ n, e }) => ({ n: -n, e });
  const times = ({ n, e }, by) => ({ n: n * BigInt(by), e });
  const width = plus(high, less(low));
  const above = plus(times(plus(a, less(low)), 2 * top), width);
  const least = Math.min(above.e, width.e);
  return Number((above.n * ten(above.e - least)) / (2n * width.n * ten(width.e - least)));
}

// A float as Python writes it.
export function floated(number) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "NaN" : number > 0 ? "inf" : "-inf";
  const { n, e } = exact(String(Math.abs(number)));
  const all = String(n).replace(/0+$/, "") || "0";
  const first = all === "0" ? 0 : digits(n) - 1 + e;
  const sign = number < 0 ? "-" : "";
  if (first < -4 || first >= 16) {
    const power = String(Math.abs(first)).padStart(2, "0");
    return `${sign}${all[0]}${all.length > 1 ? "." : ""}${all.slice(1)}e${first < 0 ? "-" : "+"}${power}`;
  }
  const [whole, decimals] = fixed({ n, e });
  return `${sign}${whole}.${decimals.replace(/0+$/, "") || "0"}`;
}

// The shortest decimal that stands for a float of single precision.
export function single(number) {
  if (!Number.isFinite(number)) return String(number);
  const first = Number(/e(.*)$/.exec(number.toExponential())[1]);
  for (let count = 6; count < 18; count++) {
    const found = roundedFloat(number, count - 1 - first);
    if (Math.fround(found) === number) return String(found);
  }
  return String(number);
}
