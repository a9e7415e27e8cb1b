// The cells of a page, and what is kept of their changes.
(() => {
  'use strict'
  const kept = window.cwKept
  const { said, fill } = kept
  const { at } = window.cwSessions
  const { Cell, make, shared } = window.cwCells
  let page
  let cells = []

  // What is kept: each change by the key of its cell, with the author's code that it was made of. A cell whose code the
  // author changed since has another key: its change goes to the cell that is most like it, and says so.
  let orphans = {} // changes of cells that are no longer here
  const own = cell => cell.reader && cell.text !== cell.original
  function store () {
    const changed = cells.filter(own).map((cell, at) => [cell.key, {
      code: cell.text, at: cells.indexOf(cell), language: cell.language, original: cell.since || cell.original
    }])
    return kept.write(page.address, document.title, { ...orphans, ...Object.fromEntries(changed) })
  }
  function keep () {
    const is = store()
    counted()
    return is
  }
  // How much of two texts is the same, in words and signs: from 0 to 1.
  function alike (one, other) {
    const [mine, theirs] = [one, other].map(text => text.match(/\w+|[^\w\s]/g) || [])
    const left = [...theirs]
    const common = mine.filter(word => left.includes(word) && left.splice(left.indexOf(word), 1)).length
    return 2 * common / (mine.length + theirs.length || 1)
  }
  function restore () {
    const edits = { ...kept.read(page.address)?.cells }
    const free = cells.filter(cell => cell.reader && !take(cell, cell.key))
    function take (cell, key) {
      if (!Object.hasOwn(edits, key) || typeof edits[key]?.code !== 'string') return false
      const { code, original } = edits[key]
      delete edits[key]
      if (code !== cell.text) cell.put(code, original !== cell.original && original)
      return true
    }
    for (const [key, edit] of Object.entries(edits)) {
      if (typeof edit?.original !== 'string') continue
      const near = free.filter(cell => cell.language === edit.language && cell.text === cell.original)
        .map(cell => [alike(cell.original, edit.original), -Math.abs(cells.indexOf(cell) - edit.at), cell])
        .sort((one, other) => other[0] - one[0] || other[1] - one[1])[0]
      if (near?.[0] >= 0.5) take(near[2], key)
    }
    orphans = edits
    counted()
  }
  let counter, all
  function counted () {
    const number = cells.filter(own).length
    counter.textContent = number ? `${said.yours} (${number})` : said.yours
    all.hidden = !number
  }
  function build () {
    const told = make('span', { className: 'run-status' })
    told.setAttribute('role', 'status')
    const button = (text, onclick) => make('button', { type: 'button', textContent: text, onclick })
    const file = make('input', { type: 'file', accept: '.ipynb', hidden: true, id: 'site.notebook' })
    file.onchange = async () => {
      try {
        const found = kept.cellsOf(await file.files[0].text())
        const mine = found.filter(([key, text]) => {
          const cell = cells.find(each => each.reader && each.key === key)
          if (cell) cell.put(text)
          return cell
        })
        const stays = store()
        told.textContent = stays ? fill(said.brought, { number: mine.length, others: found.length - mine.length }) : said.full
      } catch { told.textContent = said.not_notebook }
      file.value = ''
      counted()
    }
    all = button(said.reset_all, () => {
      if (!confirm(said.reset_sure)) return
      cells.filter(own).forEach(cell => cell.undo())
    })
    const out = button(said.take_out, () => {
      const shown = cells.map(({ key, language, text }) => ({ key, language, text }))
      const url = URL.createObjectURL(new Blob([kept.notebook(document.title, location.href, shown)], { type: 'application/x-ipynb+json' }))
      make('a', { href: url, download: `${page.address.split('/').pop()}.ipynb` }).click()
      setTimeout(() => URL.revokeObjectURL(url), 1000)
    })
    counter = make('summary')
    const bar = make('div', { className: 'run-bar' }, out, button(said.bring, () => file.click()), file, all,
      make('a', { href: at('kept.html'), textContent: said.everything }), told)
    const details = make('details', { className: 'run-kept' }, counter, make('p', { textContent: said.kept_where }), bar)
    if (said.lang) details.lang = said.lang
    ;(document.querySelector('nav.run') || document.querySelector('main h1')).after(details)
  }
  addEventListener('storage', event => {
    if (!page || (event.key !== null && event.key !== kept.nameOf(page.address))) return
    const edits = kept.read(page.address)?.cells || {}
    orphans = Object.fromEntries(Object.entries(orphans).filter(([key]) => Object.hasOwn(edits, key)))
    for (const cell of cells.filter(each => each.reader)) {
      const text = typeof edits[cell.key]?.code === 'string' ? edits[cell.key].code : cell.original
      if (text === cell.text || (cell.since && !Object.hasOwn(edits, cell.key))) continue
      if (cell.later) { cell.tell(said.both); continue }
      cell.put(text)
      cell.tell(said.elsewhere)
    }
    counted()
  })
  addEventListener('pagehide', () => { if (cells.some(cell => cell.later)) store() })

  document.addEventListener('DOMContentLoaded', () => {
    const data = document.getElementById('site.cells')
    if (!data) return
    page = shared.page = JSON.parse(data.textContent)
    const elements = new Map([...document.querySelectorAll('.cell[data-cell]')].map(each => [each.dataset.cell, each]))
    const note = (element, text) => {
      const own = make('p', { className: 'run-note', textContent: text })
      if (said.lang) own.lang = said.lang
      element.append(own)
    }
    const cannot = location.protocol === 'file:' ? said.file : typeof WebAssembly !== 'object' ? said.no_wasm : ''
    if (cannot) {
      const first = page.cells.find(told => told.runs && elements.has(told.key))
      if (first) note(elements.get(first.key), cannot)
      return
    }
    for (const told of page.cells) {
      const element = elements.get(told.key)
      if (told.why && element) note(element, fill(said[`why_${told.why}`], { name: told.named }))
    }
    cells = shared.cells = page.cells.filter(told => told.runs).map(told => new Cell(told, elements.get(told.key)))
    shared.keep = keep
    if (cells.some(cell => cell.reader)) {
      build()
      restore()
    }
  })
})()
