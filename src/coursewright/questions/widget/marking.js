// Marks responses by the rules of a part, as docs/concepts/marking.md has them. Pure functions, without the page:
//   mark(part, response, attempt) gives {fraction, right, note, feedback, slip}
// `fraction` is of the part's points, null where a person or a machine elsewhere must mark; `note` is "" or one of the
// words of the table there; `feedback` is a list, each as the part holds it; `slip` names the answer that was given, and
// `attempt` says how many times it was given (1 the first time), which chooses among its feedback.
(function (root) {
  'use strict'

  const formula = typeof module === 'object' && module.exports ? require('./formula.js') : root.CoursewrightFormula
  const { tidy, small, unaccented, lowered } =
    typeof module === 'object' && module.exports ? require('./letters.js') : root.CoursewrightLetters
  const units = typeof module === 'object' && module.exports ? require('./units.js') : root.CoursewrightUnits
  const LONGEST = 1000
  const LONGEST_TEXT = 10000
  const LONGEST_FOR_PATTERNS = 1000

  // The exponent of 10. The pattern is that of questions/marking/typed.py.
  const power = name => `\\s*10\\s*(?:(?:\\^|\\*\\*)\\s*(?:(?<${name}>[-+]?[0-9]+)|\\((?<${name}_in>[-+]?[0-9]+)\\))` +
    `|(?<${name}_raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))`

  function numberPattern (point) {
    const [own, other] = point === '.' ? ['\\.', ','] : [',', '\\.']
    return new RegExp(`^(?<sign>[-+]?)\\s*(?<before>(?:${units.SIGN}|${units.WORD})?)\\s*(?<minus>[-+]?)(?:${power('alone')}|` +
      `(?:(?<grouped>[0-9]{1,3}(?:${other}[0-9]{3})+(?:${own}[0-9]*)?)` +
      "|(?<spaced>[0-9]{1,3}(?:[ '’][0-9]{3})+(?:[.,][0-9]*)?)|(?<plain>[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+))" +
      `(?:[eE](?<e>[-+]?[0-9]+)|\\s*[×x*·]${power('ten')})?)(?!(?! 1/[^0-9 ]) ?[0-9.,])\\s*(?<after>[^]*)$`, 'u')
  }
  const NUMBERS = { '.': numberPattern('.'), ',': numberPattern(',') }

  // From 0 to 1; what only the rounding of sums keeps from these is these.
  const within = fraction => fraction < 1e-9 ? 0 : fraction > 1 - 1e-9 ? 1 : fraction

  function result (fraction, more) {
    const counted = fraction === null ? null : within(fraction)
    return { fraction: counted, right: counted === null ? null : counted === 1, note: '', feedback: [], slip: '', ...more }
  }
  const blank = () => result(0, { note: 'blank' })
  const said = (feedback, attempt) =>
    feedback && feedback.length ? [feedback[Math.min(Math.max(attempt, 1), feedback.length) - 1]] : []
  const isBlank = response => response === null || response === undefined ||
    (typeof response === 'string' && tidy(response) === '') ||
    (Array.isArray(response) && !response.length)

  function ofAnswer (answers, number, attempt) {
    const answer = answers[number]
    return result(answer.fraction, { feedback: said(answer.feedback, attempt), slip: `answer ${number}` })
  }

  // A response as {value, decimal, unit, before}, or null where it is no number.
  function readNumber (response, point = '.') {
    const text = tidy(response).replace(/\u2212/g, '-')
    const found = [...text].length <= LONGEST && NUMBERS[point].exec(text)
    if (!found) return null
    const { sign, before, minus, after, ...parts } = found.groups
    if ((sign && minus) || (before && after) || (before ? !units.mayLead(before) : minus)) return null
    const decimal = digits(parts, point)
    if (decimal === null) return null
    const raised = lowered(parts.alone_raised || parts.ten_raised || '')
    const exponent = parts.e || parts.alone || parts.alone_in || parts.ten || parts.ten_in || raised || 0
    const value = Number(`${sign}${minus}${decimal}e${exponent}`)
    return Number.isFinite(value) ? { value, decimal, unit: before || after, before: Boolean(before) } : null
  }

  // The number without separators and with a point; null if a sign in it may be either.
  function digits ({ grouped, spaced, plain }, point) {
    const other = point === '.' ? ',' : '.'
    if (grouped) {
      if (grouped[0] === '0') return grouped.length === 5 && grouped[1] === other ? grouped.replace(other, '.') : null
      return grouped.replaceAll(other, '').replace(point, '.')
    }
    if (spaced === undefined && plain === undefined) return '1' // a power of ten alone
    if (spaced && spaced[0] === '0') return null
    const number = (spaced || plain).replace(/[ '’]/g, '')
    const at = number.indexOf(other)
    return at >= 0 && [0, 3].includes(number.length - at - 1) ? null : number.replace(',', '.')
  }

  // The number as people write it: a currency before it, any other unit behind it.
  function withUnit (number, unit) {
    if (!units.isCurrency(unit)) return `${number} ${unit}`.trim()
    return number.startsWith('-') ? `-${unit}${number.slice(1)}` : `${unit}${number}`
  }

  // Whether the number as typed can have so many significant figures.
  function hasFigures (decimal, wanted) {
    const digits = decimal.replace('.', '').replace(/^0+/, '')
    if (!digits) return true
    if (decimal.includes('.')) return digits.length === wanted
    return digits.replace(/0+$/, '').length <= wanted && wanted <= digits.length
  }

  function findUnit (known, name) {
    return known[units.find(known.map(unit => unit.name), name)] || null
  }

  function markNumber (part, response, attempt) {
    const read = readNumber(String(response), part.point)
    const unit = read && read.unit ? findUnit(part.units, read.unit) : { factor: 1, offset: 0 }
    if (!read || (read.unit && !part.units.length) || (read.before && !unit)) return result(0, { note: 'not a number' })
    if (!read.unit && part.unit_required && part.unit) return result(0, { note: 'unit missing' })
    const meant = unit ? '' : units.meant(part.units.map(each => each.name), read.unit)
    if (!unit) return result(0, { note: meant ? `did you mean ${meant}?` : 'unit unknown' })
    const scaled = read.value * unit.factor
    const value = scaled + unit.offset
    const slack = unit.factor === 1 && !unit.offset ? 0 : 1e-14 * Math.max(Math.abs(scaled), Math.abs(unit.offset))
    const number = part.answers.findIndex(answer => answer.low - slack <= value && value <= answer.high + slack)
    if (number < 0) return result(0)
    const marked = ofAnswer(part.answers, number, attempt)
    if (part.significant === null || hasFigures(read.decimal, part.significant)) return marked
    const fraction = part.answers[number].fraction * (1 - part.significant_penalty)
    return result(fraction, { feedback: marked.feedback, slip: marked.slip, note: 'significant figures' })
  }

  function markChoice (part, response, attempt) {
    if (response === -1) return blank()
    const option = part.options[response]
    if (!option) return result(0, { note: 'not an option' })
    return result(option.fraction, { feedback: said(option.feedback, attempt), slip: `option ${response}` })
  }

  function markChoices (part, response, attempt) {
    const chosen = [...new Set(response)].sort((one, other) => one - other)
    if (!chosen.every(number => part.options[number])) return result(0, { note: 'not an option' })
    const feedback = chosen.flatMap(number => said(part.options[number].feedback, attempt))
    const sum = chosen.reduce((total, number) => total + part.options[number].fraction, 0)
    const same = part.options.every((option, number) => option.right === chosen.includes(number))
    return result(part.whole ? Number(same) : sum, { feedback, slip: `options ${chosen}` })
  }

  function comparable (text, part) {
    const cased = part.case ? text : small(text).normalize('NFC')
    return part.accents ? cased : unaccented(cased)
  }

  // Whether a pattern that is spelt out for every language fits all of a text; an old browser may not know it.
  function matches (pattern, text) {
    if ([...text].length > LONGEST_FOR_PATTERNS) return false
    try {
      return new RegExp(`^(?:${pattern})$`, 'u').test(text)
    } catch {
      return false
    }
  }

  // Optimal string alignment: letters missing, too many, wrong, or two neighbours exchanged.
  function distance (one, other) {
    const a = [...one]
    const b = [...other]
    const rows = [b.map((_, j) => j).concat(b.length)]
    for (let i = 1; i <= a.length; i++) {
      const row = [i]
      for (let j = 1; j <= b.length; j++) {
        const wrong = a[i - 1] === b[j - 1] ? 0 : 1
        row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + wrong)
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1)
      }
      rows.push(row)
    }
    return rows[a.length][b.length]
  }

  // The letters are counted first: a long text is not compared letter by letter.
  const isNear = (one, other, most) =>
    Math.abs([...one].length - [...other].length) <= most && distance(one, other) <= most

  function markText (part, response, attempt) {
    const typed = tidy([...response].slice(0, LONGEST_TEXT).join(''))
    const given = comparable(typed, part)
    const texts = [comparable(typed, { ...part, accents: true }), given]
    const wanted = part.answers.map(answer => answer.regex ? '' : comparable(tidy(answer.text), part))
    let number = part.answers.findIndex((answer, at) =>
      answer.regex ? texts.some(text => matches(answer.pattern, text)) : wanted[at] === given)
    if (number < 0 && part.distance) number = wanted.findIndex(text => text && isNear(text, given, part.distance))
    return number < 0 ? result(0) : ofAnswer(part.answers, number, attempt)
  }

  const FORMS = {
    '': () => true,
    expanded: tree => formula.isExpanded(tree),
    factorised: (tree, answer, part) =>
      formula.isFactorised(tree, formula.read(answer.expression, part.variables), answer.factors),
    simplified: (tree, answer, part) => formula.isSimplified(tree, formula.read(answer.expression, part.variables))
  }

  // Whether values count as those of the answer: near where it has one, and none where it has none.
  function fits (results, answer) {
    const near = answer.near.length ? answer.near : answer.results.map(wanted => 1e-6 * Math.abs(wanted || 0) || 1e-9)
    return answer.results.some(wanted => wanted !== null) && answer.results.every((wanted, at) =>
      wanted === null ? Number.isNaN(results[at]) : Math.abs(results[at] - wanted) <= near[at])
  }

  function markFormula (part, response, attempt) {
    let tree
    try {
      tree = formula.read(response, part.variables)
    } catch {
      return result(0, { note: 'not a formula' })
    }
    const results = part.samples.map(sample =>
      formula.value(tree, Object.fromEntries(part.variables.map((name, number) => [name, sample[number]]))))
    const number = part.answers.findIndex(answer => fits(results, answer))
    if (number < 0) return result(0)
    const used = formula.signs(tree)
    const formed = part.must.every(name => used.has(formula.signOf(name))) &&
      !part.must_not.some(name => used.has(formula.signOf(name))) &&
      FORMS[part.form](tree, part.answers[number], part)
    return formed ? ofAnswer(part.answers, number, attempt) : result(0, { note: 'form', slip: `answer ${number}` })
  }

  function markMatch (part, response, attempt) {
    if (response.length > part.pairs.length) return result(0, { note: 'not a match' })
    if (response.every(choice => choice === -1)) return blank()
    const wrong = part.pairs.filter((pair, number) => response[number] !== pair.choice)
    const feedback = wrong.flatMap(pair => said(pair.feedback, attempt))
    return result((part.pairs.length - wrong.length) / part.pairs.length, { feedback, slip: `choices ${response}` })
  }

  function markOrder (part, response) {
    const whole = response.length === part.right.length && part.right.every(item => response.includes(item))
    if (!whole) return result(0, { note: 'not an order' })
    const places = part.right.filter((item, place) => response[place] === item).length
    return result(part.whole ? Number(places === part.right.length) : places / part.right.length, { slip: `order ${response}` })
  }

  const words = text => tidy(text).split(' ').filter(Boolean).length

  function markEssay (part, response) {
    const count = words(response)
    if (part.least !== null && count < part.least) return result(null, { note: 'too short' })
    return result(null, { note: part.most !== null && count > part.most ? 'too long' : '' })
  }

  const MARKS = {
    number: markNumber, choice: markChoice, choices: markChoices, text: markText, formula: markFormula,
    match: markMatch, order: markOrder, essay: markEssay, code: () => result(null)
  }

  function mark (part, response, attempt = 1) {
    if (isBlank(response)) return blank()
    const own = (root.CoursewrightKinds || {})[part.kind] // of a kind whose script stands before this one
    return own ? own.mark(part, response, result, attempt) : MARKS[part.kind](part, response, attempt)
  }

  // All parts of a question by their names: the fraction of the whole and what was marked for each.
  function markAll (parts, responses, attempts = {}) {
    const marked = parts.map(part => mark(part, responses[part.name], attempts[part.name] || 1))
    const points = parts.reduce((total, part) => total + part.points, 0)
    const open = marked.some(one => one.fraction === null)
    const sum = marked.reduce((total, one, number) => total + (one.fraction || 0) * parts[number].points, 0)
    return { fraction: open ? null : sum / points, blank: marked.every(one => one.note === 'blank'), marked }
  }

  // What a question brings, as a fraction of its points, after so many wrong tries before.
  const after = (fraction, penalty, wrong) => Math.max(0, fraction - penalty * wrong)

  const api = { mark, markAll, after, words, readNumber, withUnit, distance }
  if (typeof module === 'object' && module.exports) module.exports = api
  else root.CoursewrightMarking = api
})(globalThis)
