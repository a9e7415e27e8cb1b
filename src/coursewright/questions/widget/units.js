// Units and currencies as people type them: questions/marking/units.py, name by name.
(function (root) {
  'use strict'

  const { tidy, small, lowered } =
    typeof module === 'object' && module.exports ? require('./letters.js') : root.CoursewrightLetters
  const SIGN = '[A-Za-z]{0,3}[$£¤¥\\u20a0-\\u20cf]'
  const WORD = '[A-Za-zÀ-žа-яА-Я]{1,4}\\.?'
  const CODES = new Set((
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF ' +
    'CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG ' +
    'HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA ' +
    'MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD ' +
    'RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX ' +
    'USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG').split(' '))
  const WORDS = new Set('kr Kr Fr fr SFr sFr Rs rs zł Kč Ft RM Rp R лв грн ден'.split(' '))
  const SAME = new Map(Object.entries({
    '€': 'EUR', '£': 'GBP', '₹': 'INR', Rs: 'INR', rs: 'INR', zł: 'PLN', Kč: 'CZK', US$: 'USD',
    '₪': 'ILS', '₴': 'UAH', грн: 'UAH', '₫': 'VND', '₺': 'TRY', Ft: 'HUF', RM: 'MYR', Rp: 'IDR',
    Fr: 'CHF', fr: 'CHF', SFr: 'CHF', sFr: 'CHF', R: 'ZAR', лв: 'BGN'
  }))

  const PREFIX = '(?<![A-Za-z\\u0391-\\u03c9])[mMpP](?=(?:J|V|W|Wh|Pa|Hz|A|N|g|m|s|L|l|Ω|F|H|C|T|K|eV|mol|bar|Bq|Gy|Sv|B|bit)' +
    '(?![A-Za-z\\u0391-\\u03c9]))'

  const isCurrency = unit => new RegExp(`^(?:${SIGN})$`, 'u').test(unit)

  function mayLead (word) {
    const bare = word.replace(/\.$/, '')
    return isCurrency(word) || WORDS.has(bare) || CODES.has(bare.toUpperCase())
  }

  function canonical (unit) {
    const text = lowered(tidy(unit)).replaceAll('\u2212', '-').replaceAll(' per ', '/').replace(/\.$/, '').replace(/^1(?=\/)/, '')
    const piece = new RegExp(' ?([*·⋅×/.]?) ?(\\(?)([^ *·⋅×/.()^0-9+-]+)' +
      '(?:(?:(?:\\^|\\*\\*) ?)?([+-]?[0-9]{1,2}|\\([+-]?[0-9]{1,2}\\)))?(\\)?)', 'uy')
    const powers = new Map()
    let outside = 1
    let inside = false
    while (piece.lastIndex < text.length) {
      const found = piece.exec(text)
      if (!found) return text
      const [, sign, open, name, raised, close] = found
      if ((open && inside) || (close && !(inside || open))) return text
      let over = sign === '/' ? -1 : 1
      if (open) [inside, outside, over] = [true, over, 1]
      const same = SAME.get(name) || name
      powers.set(same, (powers.get(same) || 0) + outside * over * Number((raised || '1').replace(/[()]/g, '')))
      if (close) [inside, outside] = [false, 1]
    }
    if (inside || !powers.size) return text
    return [...powers].sort(([one], [other]) => one < other ? -1 : 1).map(one => one.join('^')).join('·')
  }

  const isAlike = (name, typed) => [tidy, canonical].some(way => small(way(name)) === small(way(typed)))
  const prefixes = (unit, flags) => (canonical(unit).match(new RegExp(PREFIX, flags)) || []).join()

  function isNear (name, typed) {
    const own = prefixes(name, 'ug')
    return !(own && own !== prefixes(typed, 'ugi')) && isAlike(name, typed)
  }

  // The one unit that is typed but for its capitals, which make another of it, or ''.
  function meant (names, typed) {
    const alike = names.filter(name => isAlike(name, typed))
    return new Set(alike.map(canonical)).size === 1 ? alike.at(-1) : ''
  }

  // Which of the names of units is meant, or -1.
  function find (names, typed) {
    const ways = [tidy, canonical]
    for (const way of ways) {
      const at = names.map(way).indexOf(way(typed))
      if (at >= 0) return at
    }
    const near = names.filter(name => isNear(name, typed))
    return new Set(near.map(canonical)).size === 1 ? names.indexOf(near[0]) : -1
  }

  const api = { SIGN, WORD, CODES, WORDS, SAME, isCurrency, mayLead, find, meant }
  if (typeof module === 'object' && module.exports) module.exports = api
  else root.CoursewrightUnits = api
})(globalThis)
