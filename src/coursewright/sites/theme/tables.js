/* Lets readers sort, filter and download the tables of a page. Without it every row is there, in the author's order.

A cell is what it says, or what `data-value` says where its text is made for readers; `data-order` is what it is sorted
by if that is something else, and `data-missing` says that there is no value behind its text. */
(function () {
  'use strict'
  const words = {} /* the words, in the language of the site */

  const collator = (function () {
    const ways = { numeric: true, usage: 'sort' }
    try {
      return new Intl.Collator(document.documentElement.lang || undefined, ways)
    } catch {
      return new Intl.Collator(undefined, ways)
    }
  })()

  function make (tag, name, text) {
    const made = document.createElement(tag)
    made.className = name
    if (text) made.textContent = text
    Object.assign(made, words.marks)
    return made
  }

  function say (text, numbers) {
    return text.replace(/\{(\w+)\}/g, (all, name) => name in numbers ? numbers[name] : all)
  }

  // What a cell stands for: a text, or null where there is no value.
  function value (cell) {
    if ('value' in cell.dataset) return cell.dataset.value
    return 'missing' in cell.dataset || !cell.textContent ? null : cell.textContent
  }

  // Sorting: by values, the missing ones last; what is alike stays in the author's order.

  function number (text) {
    return Number(text.replace(/^(-?)inf$/, '$1Infinity'))
  }

  // Decimal numbers that are one number to the browser, digit by digit.
  function digits (a, b) {
    const parts = [a, b].map(text => /^(-?)(\d+)(?:\.(\d+))?$/.exec(text))
    if (!parts[0] || !parts[1]) return 0
    const whole = Math.max(a.length, b.length)
    const [one, other] = parts.map(part => part[2].padStart(whole, '0') + (part[3] || '').padEnd(whole, '0'))
    const more = one < other ? -1 : one > other ? 1 : 0
    return parts[0][1] ? -more : more
  }

  const compare = {
    number: (a, b) => number(a) < number(b) ? -1 : number(a) > number(b) ? 1 : digits(a, b),
    value: (a, b) => a < b ? -1 : a > b ? 1 : 0,
    text: (a, b) => collator.compare(a, b)
  }

  function sorted (rows, column, kind, down) {
    const keys = new Map(rows.map(row => {
      const cell = row.cells[column]
      const key = 'order' in cell.dataset ? cell.dataset.order : value(cell)
      return [row, kind === 'number' && key !== null && isNaN(number(key)) ? null : key]
    }))
    return rows.slice().sort((one, other) => {
      const a = keys.get(one)
      const b = keys.get(other)
      if (a === null || b === null) return (a === null) - (b === null)
      return down ? -compare[kind](a, b) : compare[kind](a, b)
    })
  }

  function letSort (table, rows) {
    const heads = Array.from(table.tHead.rows[0].cells)
    heads.forEach((head, column) => {
      if (!compare[head.dataset.kind]) return
      const button = document.createElement('button')
      button.type = 'button'
      button.append(...head.childNodes)
      head.append(button)
      button.addEventListener('click', () => {
        const was = head.getAttribute('aria-sort')
        heads.forEach(other => other.removeAttribute('aria-sort'))
        const way = { ascending: 'descending', descending: '' }[was]
        if (way !== '') head.setAttribute('aria-sort', way || 'ascending')
        table.tBodies[0].append(...(way === '' ? rows : sorted(rows, column, head.dataset.kind, way === 'descending')))
      })
    })
  }

  // Filtering: rows with all the words that are typed, whatever their capitals and accents.

  const whole = { ß: 'ss', ł: 'l', ø: 'o', đ: 'd', æ: 'ae', œ: 'oe', ı: 'i' } // letters that have no accent to take away

  function plain (text) {
    return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[ßłøđæœı]/g, letter => whole[letter])
  }

  function said (cell) {
    return cell.querySelector('svg') ? '' : cell.textContent
  }

  function letFilter (table, rows, around) {
    const bar = make('div', 'table-filter')
    const label = document.createElement('label')
    const box = document.createElement('input')
    const told = document.createElement('span')
    const every = new Intl.NumberFormat(collator.resolvedOptions().locale)
    let texts = null
    let waiting = 0
    box.type = 'search'
    box.autocomplete = 'off'
    told.setAttribute('role', 'status')
    label.append(words.filter + ' ', box)
    bar.append(label, told)
    around.before(bar)
    box.addEventListener('input', () => {
      texts = texts || rows.map(row => plain(Array.from(row.cells, said).join('\n')))
      const asked = plain(box.value).split(/\s+/).filter(Boolean)
      let shown = 0
      rows.forEach((row, place) => {
        row.hidden = !asked.every(word => texts[place].includes(word))
        shown += !row.hidden
      })
      if (table.tFoot) table.tFoot.hidden = asked.length > 0 // a total is that of all rows
      clearTimeout(waiting)
      waiting = setTimeout(() => {
        const numbers = { shown: every.format(shown), all: every.format(rows.length) }
        told.textContent = asked.length ? say(words.count, numbers) : ''
      }, 250)
    })
  }

  // Downloading: the values of all rows that are here, in the author's order; the label says if there are more elsewhere.

  // What a spreadsheet would take for a formula has an apostrophe in front.
  function harmless (text) {
    return /^[=@\t\r]|^[+-][^]*[(|!=]/.test(text) ? "'" + text : text
  }

  function field (text, alone) {
    if (text === null) return alone ? '""' : ''
    return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text
  }

  function csv (table, rows) {
    const heads = Array.from(table.tHead.rows[0].cells)
    const lines = [heads.map(head => harmless(head.textContent)), ...rows.map(row => Array.from(row.cells, (cell, column) => {
      const text = value(cell)
      return text === null || ['number', 'value'].includes(heads[column].dataset.kind) ? text : harmless(text)
    }))]
    return lines.map(line => line.map(text => field(text, line.length === 1)).join(',') + '\r\n').join('')
  }

  function letDownload (table, rows, around) {
    const button = make('button', 'table-download', 'cut' in table.dataset ? words.download_shown : words.download)
    button.type = 'button'
    around.after(button)
    button.addEventListener('click', () => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob(['\ufeff', csv(table, rows)], { type: 'text/csv;charset=utf-8' }))
      link.download = table.dataset.file
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 60000)
    })
  }

  // Scrolling: a table that is wider than the page says so; one that is not is no stop for the keyboard.

  function tellScrolling (around, number) {
    const hint = make('p', 'table-scroll', words.scroll)
    hint.id = 'table.scroll-' + number
    around.before(hint)
    function look () {
      const wide = around.scrollWidth > around.clientWidth + 1
      hint.hidden = !wide
      if (wide) {
        around.tabIndex = 0
        around.setAttribute('aria-describedby', hint.id)
      } else {
        around.removeAttribute('tabindex')
        around.removeAttribute('aria-describedby')
      }
    }
    new ResizeObserver(look).observe(around)
    look()
  }

  const used = new Set()

  function use (around) {
    const table = around.querySelector('table')
    if (!table || used.has(table)) return
    used.add(table)
    const tools = (table.dataset.tools || '').split(' ')
    const rows = table.tBodies.length ? Array.from(table.tBodies[0].rows) : []
    if (tools.includes('sort')) letSort(table, rows)
    if (tools.includes('filter')) letFilter(table, rows, around)
    if (tools.includes('download')) letDownload(table, rows, around)
    tellScrolling(around, used.size - 1)
  }

  document.querySelectorAll('.table').forEach(use)
  document.addEventListener('retold', event => event.target.querySelectorAll('.table').forEach(use)) // for a reader's choice
})()
