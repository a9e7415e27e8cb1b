// Search in the pages of a site, without a server: the field in the header, what it finds, and the search itself, whose
// pieces are scripts that are loaded when they are needed. Words are made as in words.py, and pieces as in pieces.py.
(() => {
  'use strict'
  const said = 'SAID'
  const root = new URL('.', document.currentScript ? document.currentScript.src : 'file:///').href

  // Words.
  const LETTERS = { ø: 'o', æ: 'ae', œ: 'oe', ß: 'ss', đ: 'd', ð: 'd', ł: 'l', ı: 'i', þ: 'th', ħ: 'h' }
  const MARKS = /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]/g
  const UNPARTED = '\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3005-\\u3007\\u3040-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf' +
    '\\u4e00-\\u9fff\\uf900-\\ufaff\\uff66-\\uff9f\\u{20000}-\\u{3ffff}'
  const WORD = '[\\p{L}\\p{N}\\p{M}]'
  const RUN = new RegExp(`((?:(?=${WORD})[${UNPARTED}])+)|(?:(?![${UNPARTED}])${WORD})+`, 'gu')

  function fold (word) {
    if (!/[^\x00-\x7f]/.test(word)) return word.toLowerCase()
    const plain = word.normalize('NFKD').replace(MARKS, '').normalize('NFC').toLowerCase()
    return plain.replace(/[øæœßđðłıþħ]/g, letter => LETTERS[letter])
  }
  function wordsOf (text) {
    const words = []
    for (const run of text.matchAll(RUN)) {
      const signs = [...fold(run[0])]
      if (run[1] && signs.length > 1) signs.slice(1).forEach((sign, at) => words.push(signs[at] + sign))
      else if (signs.length) words.push(signs.slice(0, 40).join(''))
    }
    return words
  }

  // What is asked: words, of which each has to begin one of a page, and phrases in quotation marks.
  function ask (typed) {
    const phrases = []
    const rest = typed.replace(/["“”„«»]([^"“”„«»]*)["“”„«»]/g, (_, phrase) => {
      phrases.push(wordsOf(phrase))
      return ' '
    })
    const loose = wordsOf(rest)
    const short = word => /^[a-z0-9]$/.test(word)
    const begun = /^[a-z]$/.test(loose[loose.length - 1] || '') && !/\s$/.test(typed)
    if (begun && loose.length + phrases.length > 1) loose.pop() // the first letter of a word that is still typed
    const words = new Map() // each with whether it may go on
    for (const word of loose) words.set(word, !short(word))
    for (const word of phrases.flat()) words.set(word, false)
    return { words, phrases: phrases.filter(phrase => phrase.length > 1) }
  }

  // Pieces.
  class Missing extends Error {}
  const arrived = new Map()
  const pieces = new Map()
  window.coursewrightSearch = (name, data) => { if (arrived.has(name)) arrived.get(name)(data) }
  function load (name) {
    if (!pieces.has(name)) {
      pieces.set(name, new Promise((resolve, reject) => {
        const script = document.createElement('script')
        arrived.set(name, resolve)
        script.src = `${root}search/${name}.js`
        script.onerror = () => { pieces.delete(name); script.remove(); reject(new Missing(name)) }
        document.head.append(script)
      }))
    }
    return pieces.get(name)
  }
  const indexed = () => load('index')

  // How much a word says of a page: by where and how often it stands there.
  const RANKS = [1, 1.4, 1.8, 2.1, 5, 5, 14, 20]

  async function pagesOf (word, goesOn, index) {
    const last = goesOn ? word + '\uffff' : word
    const names = index.words.filter(([first], at) =>
      first <= last && (at + 1 === index.words.length || index.words[at + 1][0] > word)).map(each => each[1])
    const scores = new Map()
    for (const piece of await Promise.all(names.map(load))) {
      for (const each of Object.keys(piece)) {
        if (each !== word && !(goesOn && each.startsWith(word))) continue
        const fits = each === word ? 1 : 0.2 + 0.5 * word.length / each.length
        let page = 0
        for (const step of piece[each]) {
          page += step >> 3
          const score = fits * RANKS[step & 7]
          if (!(scores.get(page) >= score)) scores.set(page, score)
        }
      }
    }
    return scores
  }
  async function search (asked) {
    const index = await indexed()
    const all = await Promise.all([...asked.words].map(([word, goesOn]) => pagesOf(word, goesOn, index)))
    const [fewest, ...others] = all.sort((a, b) => a.size - b.size)
    const found = []
    for (const page of fewest ? fewest.keys() : []) {
      if (!others.every(each => each.has(page))) continue
      found.push([page, all.reduce((sum, each) => sum + each.get(page) * Math.log(1 + index.pages / each.size), 0)])
    }
    return found.sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(each => each[0])
  }
  async function textOf (page) {
    const index = await indexed()
    let at = index.texts.length - 1
    while (index.texts[at][0] > page) at--
    const [address, title, stretches] = (await load(index.texts[at][1]))[page - index.texts[at][0]]
    return { address, title, stretches: stretches.map(([anchor, heading, told]) => ({ anchor, heading, told })) }
  }

  // Where the words stand in a text: [start, end, word] of each.
  function places (text, words) {
    const found = []
    for (const run of text.matchAll(RUN)) {
      const folded = fold(run[0])
      for (const [word, goesOn] of words) {
        const fits = run[1] ? folded.includes(word) : goesOn ? folded.startsWith(word) : folded.slice(0, 40) === word
        if (!fits) continue
        const exact = run[1] && folded.length === run[0].length ? folded.indexOf(word) : -1
        const start = run.index + Math.max(exact, 0)
        found.push([start, exact < 0 ? run.index + run[0].length : start + word.length, word])
        if (!run[1]) break
      }
    }
    return found.sort((a, b) => a[0] - b[0])
  }
  function hasPhrase (text, phrase) {
    return text.split('\n').some(line => {
      const words = wordsOf(line)
      return words.some((_, at) => phrase.every((word, next) => words[at + next] === word))
    })
  }
  const holds = (text, phrases) => phrases.every(phrase =>
    hasPhrase(text.title, phrase) || text.stretches.some(each => hasPhrase(each.told, phrase) || hasPhrase(each.heading, phrase)))

  // The stretch of a page that says most of what is asked, and the best part of it.
  function best (text, asked) {
    let most = null
    text.stretches.forEach(({ anchor, heading, told }, at) => {
      const here = places(told, asked.words)
      const score = new Set(here.map(each => each[2])).size * 2 +
        new Set(places(heading, asked.words).map(each => each[2])).size * 3 +
        asked.phrases.filter(phrase => hasPhrase(told, phrase) || hasPhrase(heading, phrase)).length * 10
      if (!most || score > most.score) most = { score, at, anchor, heading, told, here }
    })
    return most || { at: 0, anchor: '', heading: '', told: '', here: [] }
  }
  const AT_ONCE = 300 // pages that are looked through for a phrase before the reader is asked
  const LENGTH = 180 // characters of what is shown
  function part (told, here, asked) {
    let [start, most] = [0, -1]
    for (const [from] of here) {
      const within = here.filter(each => each[0] >= from && each[1] <= from + LENGTH - 30)
      const phrase = asked.phrases.some(each => hasPhrase(told.slice(from, from + LENGTH), each)) ? 9 : 0
      const score = new Set(within.map(each => each[2])).size + phrase + within.length / 100
      if (score > most) [start, most] = [from, score]
      if (from > 20000) break
    }
    let first = Math.max(0, start - 40)
    if (first > 0) first = (told.indexOf(' ', first) + 1 || start) > start ? start : told.indexOf(' ', first) + 1
    let last = Math.min(told.length, first + LENGTH)
    if (last < told.length) last = Math.max(told.lastIndexOf(' ', last), start + 1) > start + 1 ? told.lastIndexOf(' ', last) : last
    return [first, last]
  }
  function marked (text, here, first, last) {
    const pieces = document.createDocumentFragment()
    if (first > 0) pieces.append('… ')
    let at = first
    for (const [start, end] of here) {
      if (start < at || end > last) continue
      const mark = document.createElement('mark')
      mark.textContent = text.slice(start, end)
      pieces.append(text.slice(at, start), mark)
      at = end
    }
    pieces.append(text.slice(at, last))
    if (last < text.length) pieces.append(' …')
    return pieces
  }

  // The field and what it finds.
  function make (name, properties, ...inside) {
    const made = Object.assign(document.createElement(name), properties)
    made.append(...inside)
    return made
  }
  function result (text, asked) {
    const found = best(text, asked)
    const [first, last] = part(found.told, found.here, asked)
    const link = make('a', {
      href: root + text.address.split('/').map(encodeURIComponent).join('/') + '.html' +
        (found.at && found.anchor ? '#' + encodeURIComponent(found.anchor) : '')
    }, marked(text.title, places(text.title, asked.words), 0, text.title.length))
    if (found.at && found.heading && found.heading !== text.title) {
      link.append(make('span', { className: 'heading' }, ' › ', marked(found.heading, places(found.heading, asked.words), 0, found.heading.length)))
    }
    const shown = make('p', {}, marked(found.told, found.here, first, last))
    return make('li', {}, link, shown)
  }

  function begin (box) {
    const field = make('input', { type: 'search', placeholder: said.search, autocomplete: 'off', spellcheck: false, enterKeyHint: 'search' })
    const list = make('ol', {})
    const count = make('p', { className: 'count' })
    const more = make('button', { type: 'button', textContent: said.more, hidden: true })
    const panel = make('div', { className: 'found', hidden: true }, count, list, more)
    const status = make('p', { className: 'status' })
    box.setAttribute('role', 'search')
    field.setAttribute('aria-label', said.search)
    field.setAttribute('aria-keyshortcuts', '/ Control+K Meta+K')
    status.setAttribute('role', 'status')
    count.setAttribute('aria-hidden', 'true')
    if (said.language) box.lang = list.lang = said.language
    field.dir = 'auto'
    for (const each of said.language ? [field, count, status, more] : []) each.lang = said.language
    for (const each of said.direction ? [count, status, more] : []) each.dir = said.direction
    box.append(field, status, panel)
    let [turn, found, asked, next] = [0, [], null, 0]

    function say (words) {
      count.textContent = words
      status.textContent = words
    }
    async function show (mine, many) { // the next results; of pages with the words, not all have the phrases
      const items = []
      const end = next + AT_ONCE
      while (items.length < many && next < Math.min(found.length, end)) {
        const ahead = found.slice(next, next + many - items.length)
        const texts = await Promise.all(ahead.map(textOf))
        if (mine !== turn) return null
        next += ahead.length
        items.push(...texts.filter(text => holds(text, asked.phrases)).map(text => result(text, asked)))
      }
      more.hidden = next >= found.length
      return items
    }
    async function look () {
      const mine = ++turn
      asked = ask(field.value)
      if (!asked.words.size || [...asked.words].every(([word, goesOn]) => !goesOn && word.length < 2)) return close()
      try {
        const pages = await search(asked)
        if (mine !== turn) return
        ;[found, next] = [pages, 0]
        const items = await show(mine, 10)
        if (!items) return
        list.replaceChildren(...items)
        const all = next >= found.length
        const many = !asked.phrases.length ? found.length : all ? items.length : `${items.length}+`
        say(found.length && !(all && !items.length) ? `${said.found} ${many}` : said.none)
      } catch (error) {
        if (!(error instanceof Missing)) throw error
        if (mine !== turn) return
        list.replaceChildren()
        more.hidden = true
        say(said.failed)
      }
      panel.hidden = false
    }
    function close () {
      turn++
      panel.hidden = true
      status.textContent = ''
    }
    more.addEventListener('click', async () => {
      const items = await show(turn, 10)
      if (!items || !items.length) return
      list.append(...items)
      items[0].querySelector('a').focus()
    })
    list.addEventListener('click', event => { // a result may be in this very page
      if (event.target.closest('a') && !event.ctrlKey && !event.metaKey && !event.shiftKey) close()
    })
    let waiting = 0
    field.addEventListener('focus', () => indexed().catch(() => {}))
    field.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(look, 80) })
    field.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || event.isComposing) return
      if (panel.hidden) look()
      else if (list.firstChild) list.querySelector('a').click()
    })
    box.addEventListener('keydown', event => {
      const links = [field, ...list.querySelectorAll('a'), ...(more.hidden ? [] : [more])]
      const at = links.indexOf(document.activeElement)
      if (event.key === 'Escape') {
        if (!panel.hidden) event.preventDefault()
        close()
        field.focus()
      } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && !panel.hidden && at >= 0) {
        event.preventDefault()
        links[Math.min(Math.max(at + (event.key === 'ArrowDown' ? 1 : -1), 0), links.length - 1)].focus()
      }
    })
    box.addEventListener('focusout', event => { if (event.relatedTarget && !box.contains(event.relatedTarget)) close() })
    document.addEventListener('pointerdown', event => { if (!box.contains(event.target)) close() })
    document.addEventListener('keydown', event => {
      const typing = event.target.closest && event.target.closest('input, textarea, select, [contenteditable]')
      const key = (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) ||
        (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey)
      if (!key) return
      event.preventDefault()
      field.focus()
      field.select()
    })
  }

  if (typeof module === 'object') module.exports = { wordsOf, ask }
  else document.querySelectorAll('.search').forEach(begin)
})()
