// Formulas: read into a tree, worked out, and looked at for their form. The rules are those of
// questions/marking/expression.py, polynomial.py and forms.py, name by name.
(function (root) {
  'use strict'

  const letters = typeof module === 'object' && module.exports ? require('./letters.js') : root.CoursewrightLetters

  function factorial (number) {
    if (!(number >= 0 && number <= 170 && Number.isInteger(number))) return NaN
    let found = 1
    for (let by = 2; by <= number; by++) found *= by
    return found
  }

  const FUNCTIONS = {
    sin: Math.sin, cos: Math.cos, tan: Math.tan, asin: Math.asin, acos: Math.acos, atan: Math.atan,
    exp: Math.exp, log: Math.log, ln: Math.log, sqrt: Math.sqrt, abs: Math.abs, factorial
  }
  const CONSTANTS = { pi: Math.PI, e: Math.E }
  const WORKED = {
    ...FUNCTIONS,
    '(': x => x, negative: x => -x, '+': (x, y) => x + y, '-': (x, y) => x - y, '*': (x, y) => x * y,
    '/': (x, y) => x / y,
    '^': (x, y) => x === 1 ? 1 : x ** y
  }
  const LONGEST = 2000
  const DEEPEST = 60
  const TOKEN = /\s*(?:((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)|(?!\p{Nd})([\p{L}\p{N}_]+)|(\*\*|[-+*/^()!]))/uy

  const fail = () => { throw new SyntaxError('not a formula') }
  const node = (sign, of = [], text = '') => ({ sign, of, text })
  const known = (names, name) => names.includes(name) || Object.hasOwn(CONSTANTS, name)

  function tokens (text, variables) {
    const source = letters.tidy(text).replace(/[×·]/g, '*').replace(/\u2212/g, '-')
    if ([...source].length > LONGEST) fail()
    const found = []
    TOKEN.lastIndex = 0
    while (TOKEN.lastIndex < source.length) {
      const one = TOKEN.exec(source)
      if (!one) fail()
      if (one[1]) found.push(['number', one[1]])
      else if (one[3]) found.push(['sign', one[3] === '**' ? '^' : one[3]])
      else if (known(variables, one[2])) found.push(['name', one[2]])
      else if (Object.hasOwn(FUNCTIONS, one[2])) {
        if (!/^\s*\(/.test(source.slice(TOKEN.lastIndex))) fail()
        found.push(['function', one[2]])
      } else {
        const product = [...one[2]]
        if (!product.every(letter => known(variables, letter))) fail()
        found.push(...product.map(letter => ['name', letter]))
      }
    }
    return found
  }

  // A formula as a tree of {sign, of, text}, as in Python.
  function read (text, variables) {
    const all = tokens(text, variables)
    let at = 0
    const next = () => at < all.length ? all[at] : ['end', '']
    const take = (...signs) => {
      const [kind, sign] = next()
      if (kind !== 'sign' || !signs.includes(sign)) return ''
      at += 1
      return sign
    }
    function sum (depth) {
      let tree = product(depth)
      for (let sign = take('+', '-'); sign; sign = take('+', '-')) tree = node(sign, [tree, product(depth)])
      return tree
    }
    function product (depth) {
      let tree = signed(depth)
      for (;;) {
        const sign = take('*', '/')
        if (sign) tree = node(sign, [tree, signed(depth)])
        else if (['number', 'name', 'function'].includes(next()[0]) || next()[1] === '(') {
          tree = node('*', [tree, power(depth)], 'implicit')
        } else return tree
      }
    }
    function signed (depth) {
      if (depth > DEEPEST) fail()
      const sign = take('+', '-')
      if (!sign) return power(depth)
      const tree = signed(depth + 1)
      return sign === '+' ? tree : node('negative', [tree])
    }
    function power (depth) {
      let tree = atom(depth)
      if (take('!')) tree = node('factorial', [tree], '!')
      return take('^') ? node('^', [tree, signed(depth + 1)]) : tree
    }
    function atom (depth) {
      const [kind, text] = next()
      at += 1
      if (kind === 'number' || kind === 'name') return node(kind, [], text)
      if (kind === 'function') return node(text, [atom(depth).of[0]])
      if (text !== '(') fail()
      const tree = sum(depth + 1)
      if (!take(')')) fail()
      return node('(', [tree])
    }
    const tree = sum(0)
    return at === all.length ? tree : fail()
  }

  // The value; NaN where the formula, or any piece of it, has none.
  function value (tree, values) {
    let found
    if (tree.sign === 'number') found = Number(tree.text)
    else if (tree.sign === 'name') found = Object.hasOwn(values, tree.text) ? values[tree.text] : CONSTANTS[tree.text]
    else {
      const of = tree.of.map(each => value(each, values))
      found = of.some(Number.isNaN) ? NaN : WORKED[tree.sign](...of)
    }
    return Number.isFinite(found) ? found : NaN
  }

  const SAME = { '**': '^', '!': 'factorial', ln: 'log' }
  const signOf = name => Object.hasOwn(SAME, name) ? SAME[name] : name

  function signs (tree) {
    const named = { negative: '-', number: '', name: '', '(': '' }
    const own = tree.text === 'implicit' ? '' : Object.hasOwn(named, tree.sign) ? named[tree.sign] : signOf(tree.sign)
    return new Set([...(own ? [own] : []), ...tree.of.flatMap(each => [...signs(each)])])
  }

  const bare = tree => tree.sign === '(' ? bare(tree.of[0]) : tree
  const names = tree => new Set([...(tree.sign === 'name' ? [tree.text] : []), ...tree.of.flatMap(each => [...names(each)])])
  const variablesOf = tree => [...names(tree)].filter(name => !Object.hasOwn(CONSTANTS, name))

  // Rational numbers: [above, below], two BigInts, the lower one above 0.
  const MOST_BITS = 1n << 4000n
  const positive = number => number < 0n ? -number : number
  function divisor (one, other) {
    while (other) [one, other] = [other, one % other]
    return positive(one)
  }
  function ratio (above, below = 1n) {
    if (below < 0n) [above, below] = [-above, -below]
    const shared = divisor(above, below) || 1n
    if (positive(above / shared) >= MOST_BITS || below / shared >= MOST_BITS) tooMuch()
    return [above / shared, below / shared]
  }
  const tooMuch = () => { throw new RangeError('no polynomial, or one too large') }
  const add = (a, b) => ratio(a[0] * b[1] + b[0] * a[1], a[1] * b[1])
  const multiply = (a, b) => ratio(a[0] * b[0], a[1] * b[1])
  const divide = (a, b) => ratio(a[0] * b[1], a[1] * b[0])
  const negated = a => [-a[0], a[1]]

  function decimal (text) {
    const [, before, after = '', power = '0'] = /^([0-9]*)\.?([0-9]*)(?:[eE]([-+]?[0-9]+))?$/.exec(text)
    const exponent = Number(power) - after.length
    if (Math.abs(exponent) > 2000) tooMuch()
    const digits = BigInt(before + after)
    return exponent < 0 ? ratio(digits, 10n ** BigInt(-exponent)) : ratio(digits * 10n ** BigInt(exponent))
  }

  // Polynomials: a Map from a monomial, as JSON of sorted [atom, power], to its coefficient.
  function key (tree) {
    tree = bare(tree)
    if (!tree.of.length) return tree.sign === 'number' ? String(Number(tree.text)) : tree.text
    const parts = tree.of.map(key)
    return `${tree.sign}(${(tree.sign === '+' || tree.sign === '*' ? parts.sort() : parts).join(',')})`
  }

  function whole (tree) {
    if (names(tree).size) return null
    const found = value(tree, {})
    return Number.isInteger(found) && Math.abs(found) < 1e6 ? found : null
  }

  const withoutZeros = found => new Map([...found].filter(([, coefficient]) => coefficient[0] !== 0n))
  const NONE = '[]'
  const constant = number => withoutZeros(new Map([[NONE, number]]))

  function polynomial (tree) {
    tree = bare(tree)
    const [left, right] = tree.of
    if (tree.sign === 'number') return constant(decimal(tree.text))
    if (tree.sign === 'negative') return times(polynomial(left), constant([-1n, 1n]))
    if (tree.sign === '+') return plus(polynomial(left), polynomial(right))
    if (tree.sign === '-') return plus(polynomial(left), times(polynomial(right), constant([-1n, 1n])))
    if (tree.sign === '*') return times(polynomial(left), polynomial(right))
    if (tree.sign === '/') {
      const below = polynomial(right)
      if (below.size !== 1 || !below.has(NONE)) tooMuch()
      return times(polynomial(left), constant(divide([1n, 1n], below.get(NONE))))
    }
    const power = tree.sign === '^' ? whole(right) : null
    if (power !== null && power >= 0 && power <= 60) {
      const base = polynomial(left)
      let found = constant([1n, 1n])
      for (let by = 0; by < power; by++) found = times(found, base)
      return found
    }
    return new Map([[JSON.stringify([[key(tree), 1]]), [1n, 1n]]])
  }

  function plus (one, other) {
    const found = new Map(one)
    for (const [monomial, coefficient] of other) found.set(monomial, add(found.get(monomial) || [0n, 1n], coefficient))
    return withoutZeros(found)
  }

  function times (one, other) {
    if (one.size * other.size > 2000) tooMuch()
    const found = new Map()
    for (const [left, by] of one) {
      for (const [right, factor] of other) {
        const powers = new Map()
        for (const [atom, power] of [...JSON.parse(left), ...JSON.parse(right)]) powers.set(atom, (powers.get(atom) || 0) + power)
        const monomial = JSON.stringify([...powers].sort(([a], [b]) => a < b ? -1 : 1))
        found.set(monomial, add(found.get(monomial) || [0n, 1n], multiply(by, factor)))
      }
    }
    return withoutZeros(found)
  }

  function content (found) {
    const all = [...found.values()]
    if (!all.length || all.some(([, below]) => below !== 1n)) return 1n
    return all.reduce((shared, [above]) => divisor(shared, above), 0n)
  }

  const PRIMES = [10007n, 10009n, 10037n, 10039n, 10061n, 10067n, 10069n, 10079n, 10091n, 10093n, 10099n, 10103n]

  function coprime (one, other) {
    const atoms = [...new Set([one, other].flatMap(found => [...found.keys()].flatMap(each => JSON.parse(each).map(([atom]) => atom))))].sort()
    return !(atoms.length <= PRIMES.length && atoms.some(atom => [PRIMES, [...PRIMES].reverse()].every(primes => {
      const values = new Map(atoms.map((name, number) => [name, primes[number]]))
      return divideBoth(inOne(one, atom, values), inOne(other, atom, values))
    })))
  }

  function inOne (found, atom, values) {
    const coefficients = []
    for (const [monomial, coefficient] of found) {
      let [power, number] = [0, coefficient]
      for (const [name, by] of JSON.parse(monomial)) {
        if (name === atom) power = by
        else number = multiply(number, [values.get(name) ** BigInt(by), 1n])
      }
      while (coefficients.length <= power) coefficients.push([0n, 1n])
      coefficients[power] = add(coefficients[power], number)
    }
    return trimmed(coefficients)
  }

  function trimmed (coefficients) {
    const found = [...coefficients]
    while (found.length && found.at(-1)[0] === 0n) found.pop()
    return found
  }

  function divideBoth (one, other) {
    while (other.length) {
      let rest = [...one]
      while (rest.length >= other.length) {
        const share = divide(rest.at(-1), other.at(-1))
        const shift = rest.length - other.length
        rest = trimmed(rest.slice(0, -1).map((c, at) => at >= shift ? add(c, negated(multiply(share, other[at - shift]))) : c))
      }
      [one, other] = [other, rest]
    }
    return one.length > 1
  }

  const isSum = tree => ['+', '-'].includes(bare(tree).sign)

  function powers (tree, power = 1) {
    tree = bare(tree)
    if (tree.sign === 'negative') return powers(tree.of[0], power)
    if (tree.sign === '*' || tree.sign === '/') {
      return [...powers(tree.of[0], power), ...powers(tree.of[1], tree.sign === '*' ? power : -power)]
    }
    const exponent = tree.sign === '^' ? whole(tree.of[1]) : null
    return exponent === null ? [[tree, power]] : powers(tree.of[0], power * exponent)
  }

  function isExpanded (tree) {
    tree = bare(tree)
    const parts = ['*', '/', '^', 'negative'].includes(tree.sign) ? powers(tree) : []
    if (parts.some(([base, power]) => power > 0 && isSum(base))) return false
    if (tree.sign !== 'negative' && parts.some(([base, power]) => power < -1 && isSum(base))) return false
    if (tree.sign === '-' && isSum(tree.of[1])) return false
    return tree.of.every(isExpanded)
  }

  function isFactorised (tree, answer, least) {
    try {
      const [above, below] = factors(tree)
      if (!isSubset(atoms(tree), atoms(answer))) return false
      return above >= least[0] && (least[1] ? below >= least[1] : below === 0)
    } catch (error) {
      if (error instanceof RangeError) return false
      throw error
    }
  }

  function factors (tree) {
    let [above, below] = [0, 0]
    for (const [base, power] of written(tree)) {
      if (!variablesOf(base).length) continue
      if (isSum(base)) {
        const found = polynomial(base)
        if (![...found.keys()].some(monomial => monomial !== NONE) || content(found) > 1n || hasDivision(base)) tooMuch()
      }
      above += Math.max(power, 0)
      below += Math.max(-power, 0)
    }
    return [above, below]
  }

  function written (tree, power = 1) {
    tree = bare(tree)
    if (tree.sign === '/' && power < 0) tooMuch()
    if (tree.sign === 'negative') return written(tree.of[0], power)
    if (tree.sign === '*' || tree.sign === '/') {
      return [...written(tree.of[0], power), ...written(tree.of[1], tree.sign === '*' ? power : -power)]
    }
    const exponent = tree.sign === '^' ? whole(tree.of[1]) : null
    return exponent !== null && (exponent >= 0 || power > 0) ? written(tree.of[0], power * exponent) : [[tree, power]]
  }

  const isSubset = (one, other) => [...one].every(each => other.has(each))

  function atoms (tree) {
    tree = bare(tree)
    if (isSign(tree, '+', '-', '*', '/', 'negative')) return new Set(tree.of.flatMap(each => [...atoms(each)]))
    if (tree.sign === '^' && whole(tree.of[1]) !== null) return atoms(tree.of[0])
    return new Set(tree.of.length && variablesOf(tree).length ? [key(tree)] : [])
  }

  const hasDivision = tree => (tree.sign === '/' && variablesOf(tree.of[1]).length > 0) || tree.of.some(hasDivision)

  function isSimplified (tree, answer) {
    if (!isSubset(names(tree), names(answer)) || (atoms(tree).size && !atoms(answer).size)) return false
    return isPlain(tree, null)
  }

  const is = (tree, number) => bare(tree).sign === 'number' && Number(bare(tree).text) === number
  const isWhole = number => Math.abs(number - Math.round(number)) < 1e-12
  const isTurned = tree => tree.sign === '^' && (whole(tree.of[1]) || 0) < 0
  const isSign = (tree, ...all) => tree !== null && all.includes(tree.sign)

  function isMinus (tree) {
    tree = bare(tree)
    return tree.sign === 'negative' || (isSign(tree, '*', '/') && isMinus(tree.of[0]))
  }

  function isPlain (tree, above) {
    tree = bare(tree)
    const last = tree.of.at(-1)
    if (isSign(tree, '+', '-', 'negative') && (isMinus(last) || tree.of.some(each => is(each, 0)))) return false
    if (isSign(tree, '+', '-') && !isSign(above, '+', '-') && !termsDiffer(tree)) return false
    if (isSign(tree, '*', '/') && !isSign(above, '*', '/') && !isLowest(tree)) return false
    if (tree.sign === '^' && !isPlainPower(...tree.of.map(bare))) return false
    if (tree.sign === 'sqrt' && !names(tree).size && bare(tree.of[0]).sign === '/') return false
    if (Object.hasOwn(FUNCTIONS, tree.sign) && !variablesOf(tree).length) {
      if (isWhole(value(tree, {}))) return false
    }
    return tree.of.every(each => isPlain(each, tree))
  }

  function isPlainPower (base, exponent) {
    if (is(exponent, 0) || is(exponent, 1) || is(base, 0) || is(base, 1) || base.sign === '^') return false
    const power = whole(exponent)
    if (power === null && !names(base).size && !names(exponent).size && (base.sign === '/' || value(exponent, {}) < 0)) return false
    if (isSign(base, '*', '/')) return power === null || !gathered(base).numbers.some(side => side.length)
    if (base.sign === 'number' && power === null && !names(exponent).size) {
      return !isWhole(Number(base.text) ** value(exponent, {}))
    }
    if (base.sign !== 'number' || power === null || is(base, 10)) return true
    return power > 0 && !(Number.isInteger(Number(base.text)) && Number(base.text) ** Math.min(power, 60) <= 1e6)
  }

  function termsDiffer (tree) {
    let together = new Map()
    const alike = new Set()
    const met = new Set()
    for (const [term, minus] of terms(tree)) {
      const like = JSON.stringify(powers(term).filter(([base]) => bare(base).sign !== 'number').map(([base, power]) => `${key(base)}^${power}`).sort())
      if (alike.has(like)) return false
      alike.add(like)
      try {
        const found = polynomial(term)
        const next = plus(together, times(found, constant([minus ? -1n : 1n, 1n])))
        for (const monomial of found.keys()) met.add(monomial)
        together = next
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
      }
    }
    return met.size === together.size
  }

  function terms (tree, minus = false) {
    tree = bare(tree)
    if (tree.sign === '+' || tree.sign === '-') {
      return [...terms(tree.of[0], minus), ...terms(tree.of[1], minus !== (tree.sign === '-'))]
    }
    return tree.sign === 'negative' ? terms(tree.of[0], !minus) : [[tree, minus]]
  }

  function gathered (tree) {
    const parts = { numbers: [[], []], others: [[], []], minuses: 0, plain: true }
    function take (tree, below) {
      tree = bare(tree)
      if (tree.sign === 'negative') {
        parts.minuses += 1
        take(tree.of[0], below)
      } else if (tree.sign === '*') {
        if (tree.of.some(each => is(each, 0) || is(each, 1))) parts.plain = false
        take(tree.of[0], below)
        take(tree.of[1], below)
      } else if (tree.sign === '/') {
        if (below || is(tree.of[0], 0) || is(tree.of[1], 1)) parts.plain = false
        take(tree.of[0], below)
        take(tree.of[1], 1)
      } else (tree.sign === 'number' ? parts.numbers : parts.others)[below].push(tree)
    }
    take(tree, 0)
    return parts
  }

  function isLowest (tree) {
    const { numbers, others, minuses, plain } = gathered(tree)
    const bases = others.flat().map(each => key(each.sign === '^' ? bare(each.of[0]) : each))
    if (!plain || minuses > 1 || numbers.some(side => side.length > 1)) return false
    if (new Set(bases).size < bases.length || others[1].some(each => hasRoot(each) || isTurned(each))) return false
    if (numbers.every(side => side.length) && !numbers.flat().every(one => Number.isInteger(Number(one.text)))) return false
    try {
      const [above, below] = [0, 1].map(side => [...numbers[side], ...others[side]].map(polynomial))
      const contents = found => found.reduce((shared, each) => shared * content(each), 1n)
      const product = found => found.reduce(times, constant([1n, 1n]))
      return divisor(contents(above), contents(below)) <= 1n && coprime(product(above), product(below))
    } catch (error) {
      if (error instanceof RangeError) return true
      throw error
    }
  }

  const every = tree => [tree, ...tree.of.flatMap(every)]
  const hasRoot = tree => !names(tree).size &&
    every(tree).some(each => each.sign === 'sqrt' || (each.sign === '^' && whole(each.of[1]) === null))

  const api = { read, value, signs, signOf, names, isExpanded, isFactorised, isSimplified }
  if (typeof module === 'object' && module.exports) module.exports = api
  else root.CoursewrightFormula = api
})(globalThis)
