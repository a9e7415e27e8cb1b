// Cells that run in the page. Until a reader asks for it, nothing is loaded; what the author's code gave stays until
// the reader's gives something, and can be seen again.
(() => {
  'use strict'
  const said = 'SAID'
  const parts = 'PARTS'
  const here = document.currentScript.src
  const at = path => new URL(path, here).href
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all)
  const make = (tag, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties)
    element.append(...inside)
    return element
  }
  const NAMES = { python: 'Python', r: 'R' }
  let page

  // One Python and one R at the most, from the first run on; what they know is gone when they are stopped.
  class PythonSession {
    start ({ base, setup, wheels }) {
      this.worker = new Worker(at('python.js'), { type: 'module' })
      return this.answer({ start: { base, setup: setup.join('\n'), wheels } })
    }

    run (code, show) { return this.answer({ run: code }, show) }

    answer (message, show) {
      return new Promise((resolve, reject) => {
        this.worker.onerror = event => { event.preventDefault(); reject(new Error(event.message || '')) }
        this.worker.onmessage = ({ data }) => {
          if (data.shown) show(data.shown)
          else if (data.cut) show({ kind: 'notice', content: `\n${said.cut}\n` })
          else if (data.broken !== undefined) reject(new Error(data.broken))
          else resolve(data.done)
        }
        this.worker.postMessage(message)
      })
    }

    stop () { this.worker?.terminate() }
  }
  const sessions = {}
  let turn = Promise.resolve()
  let round = 0 // each stop begins another one

  class Stopped extends Error {}

  async function begun (language, tell) {
    if (sessions[language]) return sessions[language]
    tell(fill(said.starting, { language: NAMES[language], ...parts[language] }))
    const session = language === 'r' ? new (await import(at('r.js'))).RSession() : new PythonSession()
    const setup = [page.setup[language]]
    if (language === 'r') {
      for (const name of page.tables) {
        const answer = await fetch(at(`tables/${encodeURIComponent(name)}.R`))
        if (!answer.ok) throw new Error(`${name}: ${answer.status}`)
        setup.push(await answer.text())
      }
    }
    const own = { session, ran: new Set(), stop: null }
    sessions[language] = own
    own.stopped = new Promise((resolve, reject) => { own.stop = () => reject(new Stopped()) })
    own.stopped.catch(() => {})
    try {
      const base = at(parts[language].folder)
      await Promise.race([session.start({ base, setup, wheels: page.wheels.map(at) }), own.stopped])
    } catch (error) {
      end(language)
      throw error
    }
    return own
  }
  function end (language) {
    sessions[language]?.session.stop()
    sessions[language]?.stop()
    delete sessions[language]
  }

  // A cell of the page: its code, its output, and what readers can do with it.
  class Cell {
    constructor (told, element) {
      Object.assign(this, told, { element, original: told.code })
      if (!element) return
      this.pre = element.querySelector(`pre > code[class^="language-"]`)?.parentElement
      if (this.pre) this.build()
    }

    get text () { return this.editor ? this.editor.value : this.code }

    build () {
      const holder = this.pre.closest('.code') || this.pre
      const opened = holder.closest('.cell > details')
      this.author = make('div', { className: 'authors' })
      let next = (opened || holder).nextSibling
      while (next) { const one = next; next = one.nextSibling; this.author.append(one) }
      this.status = make('span', { className: 'run-status' })
      this.status.setAttribute('role', 'status')
      this.bar = make('div', { className: 'run-bar' })
      const button = (name, act, hidden) => {
        this[name] = make('button', { type: 'button', textContent: said[name], hidden: !!hidden, onclick: act })
        this.bar.append(this[name])
      }
      button('run', () => this.ask())
      button('stop', () => stop(this.language), true)
      button('edit', () => this.open())
      button('reset', () => this.undo(), true)
      button('authors', () => this.turn(), true)
      this.bar.append(this.status)
      this.reader = make('div', { className: 'readers', hidden: true })
      this.holder = holder
      const after = opened || holder
      after.after(this.bar, this.reader, this.author)
      if (said.lang) this.bar.lang = said.lang
      this.pre.addEventListener('keydown', event => {
        if (event.key === 'Enter' && event.shiftKey) { event.preventDefault(); this.ask() }
      })
    }

    tell (text) { this.status && (this.status.textContent = text) }

    ask () {
      const own = round
      this.busy(true)
      this.tell(said.waiting)
      turn = turn.then(() => own === round ? this.all() : this.tell('')).finally(() => this.busy(false))
      return turn
    }

    busy (is) {
      this.run.hidden = is
      this.stop.hidden = !is
      if (document.activeElement === document.body) (is ? this.stop : this.run).focus({ preventScroll: true })
    }

    // This cell, after those above it whose variables it may need.
    async all () {
      try {
        const own = await begun(this.language, text => this.tell(text))
        for (const cell of cells.slice(0, cells.indexOf(this))) {
          if (cell.language === this.language && cell.runs && !own.ran.has(cell)) {
            this.tell(said.above)
            if (!await cell.once(own)) { this.tell(said.above_failed); return }
          }
        }
        await this.once(own)
      } catch (error) {
        const text = error instanceof Stopped ? said.stopped : said.broken
        end(this.language)
        this.tell(fill(text, { language: NAMES[this.language], reason: error.message }))
      }
    }

    async once (own) {
      const since = performance.now()
      this.tell(said.running)
      this.fresh = true
      own.ran.add(this)
      let well = false
      try {
        well = await Promise.race([own.session.run(this.text, item => this.show(item)), own.stopped])
      } catch (error) {
        own.ran.delete(this)
        throw error
      }
      if (this.fresh) this.clear()
      const seconds = Math.max(0.1, (performance.now() - since) / 1000).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })
      this.tell(fill(well ? said.done : said.failed, { seconds }))
      this.changed()
      return well
    }

    clear () {
      if (!this.reader) return
      this.fresh = false
      this.ran = true
      this.reader.replaceChildren()
      this.see(true)
    }

    see (readers) {
      this.reader.hidden = !readers
      this.author.hidden = readers
      this.authors.hidden = !this.author.childElementCount
      this.authors.textContent = readers ? said.authors : said.readers
    }

    turn () { this.see(this.reader.hidden) }

    show ({ kind, content }) {
      if (!this.reader) return // a cell that only prepares the others
      if (this.fresh) this.clear()
      if (kind === 'output' || kind === 'notice' || kind === 'error') {
        const last = this.reader.lastElementChild
        if (last?.matches(`pre.${kind}`)) { last.firstElementChild.append(content); return }
        this.reader.append(make('pre', { className: `printed ${kind}`, tabIndex: 0 }, make('samp', {}, content)))
      } else if (kind === 'html') {
        const style = '<style>:root{color-scheme:light}body{margin:.5rem;background:#fff;color:#1d2329;font:1rem/1.5 system-ui,sans-serif}td,th{padding:.2rem .6rem;text-align:end}</style>'
        const frame = make('iframe', { className: 'cw-frame', title: said.output, srcdoc: style + content + parts.telling })
        frame.setAttribute('sandbox', 'allow-scripts') // and nothing of this site: it has no origin
        this.reader.append(make('div', { className: 'framed' }, frame))
      } else {
        const image = kind === 'bitmap' ? make('canvas', { width: content.width, height: content.height }) : make('img', { alt: said.drawn })
        if (kind === 'bitmap') {
          image.getContext('2d').drawImage(content, 0, 0)
          image.setAttribute('role', 'img')
          image.setAttribute('aria-label', said.drawn)
        } else if (kind === 'png') image.src = `data:image/png;base64,${content}`
        else image.src = URL.createObjectURL(new Blob([content], { type: 'image/svg+xml' })) // in which no script runs
        this.reader.append(make('figure', {}, image))
      }
    }

    async open () {
      if (this.editor) { this.editor.focus(); return }
      this.edit.disabled = true
      const holder = make('div', { className: 'run-editor' })
      const asked = {
        base: at(parts.editor), language: this.language, value: this.code, label: said.code,
        changed: () => this.changed(), run: () => this.ask()
      }
      const details = this.holder.closest('details')
      if (details) details.open = true
      this.holder.after(holder)
      try {
        this.editor = await (await import(at('editor.js'))).edit(holder, asked)
      } catch { // an old browser, or a part that is not there: a plain field does it
        const field = make('textarea', { value: this.code, rows: this.code.split('\n').length + 1, spellcheck: false, oninput: asked.changed })
        field.setAttribute('aria-label', said.code)
        field.addEventListener('keydown', event => {
          if (event.key === 'Enter' && event.shiftKey) { event.preventDefault(); this.ask() }
        })
        holder.append(field)
        this.editor = field
      }
      this.holder.hidden = true
      this.edit.hidden = true
      this.edit.disabled = false
      this.editor.focus()
    }

    changed () { if (this.reader) this.reset.hidden = this.text === this.original && !this.ran }

    undo () {
      if (this.editor) this.editor.value = this.original
      this.code = this.original
      this.reader.replaceChildren()
      this.ran = false
      this.see(false)
      this.authors.hidden = true
      this.reset.hidden = true
      this.tell(said.was_reset)
      ;(this.editor || this.run).focus()
    }
  }

  function stop (language) {
    round += 1
    end(language)
  }

  let cells = []
  document.addEventListener('DOMContentLoaded', () => {
    page = JSON.parse(document.getElementById('site.cells').textContent)
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
    cells = page.cells.filter(told => told.runs).map(told => new Cell(told, elements.get(told.key)))
  })
})()
