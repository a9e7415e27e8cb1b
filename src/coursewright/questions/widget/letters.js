// What of a typed text counts, whatever it is read as: questions/marking/letters.py, name by name.
(function (root) {
  'use strict'

  const SPACES = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g
  const UNSEEN = /[\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]/g

  const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻'

  const tidy = text =>
    text.replace(UNSEEN, '').replace(SPACES, ' ').replace(/^ | $/g, '').normalize('NFC').replaceAll('\xb5', '\u03bc')
  const lowered = text => text.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]/g, sign => '0123456789+-'[RAISED.indexOf(sign)])
  const small = text => text.replaceAll('\u0130', 'i').toLowerCase().replaceAll('\u03c2', '\u03c3')
  const unaccented = text => text.normalize('NFD').replace(/\p{Mn}/gu, '').normalize('NFC')

  const api = { tidy, small, unaccented, lowered }
  if (typeof module === 'object' && module.exports) module.exports = api
  else root.CoursewrightLetters = api
})(globalThis)
