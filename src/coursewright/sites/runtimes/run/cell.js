// A cell that runs in the page: its code, its output, and what readers can do with it. Until they ask for it, nothing is
// loaded; what the author's code gave stays until the reader's gives something, and can be seen again.
(() => {
  'use strict'
  const { said, fill } = window.cwKept
  const { parts, at, NAMES, Stopped, begun, end } = window.cwSessions
  const make = (tag, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties)
    element.append(...inside)
    return element
  }
  const shared = { page: null, cells: [], keep: () => true } // of all cells: their page, and what keeps their changes
  let turn = Promise.resolve()
  let round = 0 // each stop begins another one

  class Cell {
    constructor (told, element) {
      Object.assign(this, told, { element, original: told.code })
      if (!element) return
      this.pre = element.querySelector(`pre > code[class^="language-"]`)?.parentElement
      if (this.pre) this.build()
    }

    get text () { return this.editor ? this.editor.value : this.code }

    // Another text than the author's, or theirs again; `since` says that theirs was another one when it was changed.
    put (text, since = false) {
      if (this.editor) this.editor.value = text
      this.code = text
      this.since = since
      const shown = this.pre.firstElementChild
      this.html ??= shown.innerHTML
      if (text === this.original) shown.innerHTML = this.html // which is what the author's page had
      else shown.textContent = text
      this.marked()
    }

    marked () {
      const is = this.text !== this.original
      this.mark.hidden = !is
      this.mark.textContent = is ? (this.since ? said.changed_since : said.changed) : ''
      this.reset.hidden = !is && !this.ran
    }

    build () {
      const holder = this.pre.closest('.code') || this.pre
      const opened = holder.closest('.cell > details')
      this.author = make('div', { className: 'authors' })
      let next = (opened || holder).nextSibling
      while (next) { const one = next; next = one.nextSibling; this.author.append(one) }
      this.mark = make('span', { className: 'run-mark', hidden: true })
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
      button('reset', () => { this.undo(); (this.editor || this.run).focus() }, true)
      button('authors', () => this.turn(), true)
      this.bar.append(this.mark, this.status)
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
        const own = await begun(this.language, shared.page, text => this.tell(text))
        for (const cell of shared.cells.slice(0, shared.cells.indexOf(this))) {
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
        const image = make('img', { alt: said.drawn })
        if (kind === 'bitmap') { // browsers make pictures smaller well, and canvases badly
          const { width, height } = content
          const canvas = make('canvas', { width, height })
          canvas.getContext('2d').drawImage(content, 0, 0)
          Object.assign(image, { width, height, src: canvas.toDataURL() })
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

    changed () {
      if (!this.reader) return
      if (this.editor && this.editor.value !== this.code) {
        this.code = this.editor.value
        this.since = false
        clearTimeout(this.later)
        this.later = setTimeout(() => this.keep(), 300)
      }
      this.marked()
    }

    keep () {
      clearTimeout(this.later)
      this.later = null
      if (!shared.keep()) this.tell(said.full)
    }

    undo () {
      this.reader.replaceChildren()
      this.ran = false
      this.put(this.original)
      this.keep()
      this.see(false)
      this.authors.hidden = true
      this.tell(said.was_reset)
    }
  }

  function stop (language) {
    round += 1
    end(language)
  }

  window.cwCells = { Cell, make, shared }
})()
