// Turns each question of the page into a form that marks itself: several tries, feedback, hints, the worked solution.
// A question is a <section class="cw-question"> that people can read as it stands, with its data as JSON inside.
// Everything works by keyboard; what happens is said in a live region; nothing is stored and nothing leaves the page.
// Its words are those of labels/questions.yaml; a label is the name of one, or [name, what stands in its braces].
(function () {
  'use strict'
  const { markAll, after, words, withUnit } = globalThis.CoursewrightMarking
  const said = 'SAID' // {words, language: of the words, marks: attributes of elements that hold them}
  const numbers = new Intl.NumberFormat(said.language, { numberingSystem: 'latn', maximumFractionDigits: 2, useGrouping: false })
  const plurals = new Intl.PluralRules(said.language)
  let made = 0

  function h (tag, more = {}, ...children) {
    const element = document.createElement(tag)
    for (const [name, value] of Object.entries(more)) {
      if (name === 'html') element.innerHTML = value
      else if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
      else if (value === true) element.setAttribute(name, '')
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value)
    }
    element.append(...children.filter(child => child !== null))
    return element
  }

  const uid = () => `cw-${++made}`
  const number = value => numbers.format(Math.round(value * 100) / 100)

  // The words of a label as text, and as an element that says its language where the page has another.
  function say (label, values = {}) {
    if (Array.isArray(label)) return say(...label)
    const forms = said.words[label]
    const form = typeof forms === 'string' ? forms : forms[plurals.select(values.n)] || forms.other
    return form.replace(/\{(\w+)\}/g, (_, name) => typeof values[name] === 'number' ? number(values[name]) : values[name])
  }
  const told = (tag, label, more = {}) => h(tag, { ...said.marks, ...more }, say(label))
  const example = '2*x^2 + sqrt(x)'

  // A name for screen readers, in its own element, since the language of an attribute is that of what is named.
  function named (element, label) {
    const name = told('span', label, { id: uid(), class: 'cw-hidden' })
    element.setAttribute('aria-labelledby', name.id)
    return h('span', { class: 'cw-named' }, name, element)
  }
  const hasMarkup = html => /[<]/.test(html)
  const textOf = html => h('span', { html }).textContent
  const letter = index => String.fromCharCode(65 + index)

  // Controls: each takes a part and the name that it has for a screen reader, and gives {element, read, set, first}.

  function field (part, label, { inline = false, lines = 1, code = false } = {}) {
    const id = uid()
    const input = lines > 1
      ? h('textarea', { id, rows: lines, class: code ? 'cw-code' : 'cw-long', spellcheck: code ? 'false' : null })
      : h('input', {
        id, type: 'text', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false',
        inputmode: part.kind === 'number' && !part.units.length ? 'text' : null, class: `cw-field-${part.kind}`
      })
    input.setAttribute('dir', code || part.kind === 'formula' ? 'ltr' : 'auto')
    if (code) input.value = part.starter
    const element = inline ? named(input, label) : h('p', { class: 'cw-field' }, told('label', label, { for: id }), input)
    const read = () => code && input.value === part.starter ? '' : input.value
    return { element, first: input, read }
  }

  function unitHint (part) {
    if (!part.unit) return 'your_number'
    const units = part.units.map(unit => unit.name).join(', ')
    return part.unit_required ? ['your_units', { units }] : ['your_unit', { unit: part.unit }]
  }

  function essay (part, label, options) {
    const made = field(part, label, { ...options, lines: part.lines })
    const limits = ['least', 'most'].filter(limit => part[limit]).map(limit => say(limit, { n: part[limit] }))
    const length = () => `${say('words', { n: words(made.first.value) })}${limits.length ? ` (${limits.join(', ')})` : ''}`
    const counted = h('p', { class: 'cw-quiet', id: uid(), ...said.marks }, length())
    made.first.setAttribute('aria-describedby', counted.id)
    made.first.addEventListener('input', () => { counted.textContent = length() })
    return { ...made, element: h('div', {}, made.element, counted) }
  }

  function options (part, label, { several = false } = {}) {
    const name = uid()
    const inputs = part.options.map((_, index) =>
      h('input', { type: several ? 'checkbox' : 'radio', name, id: `${name}-${index}`, value: index }))
    const rows = part.options.map((option, index) =>
      h('div', { class: 'cw-option' }, inputs[index], h('label', { for: inputs[index].id, html: option.text })))
    const chosen = () => inputs.flatMap((input, index) => input.checked ? [index] : [])
    const read = () => several ? chosen() : chosen().length ? chosen()[0] : null
    return { element: h('fieldset', {}, told('legend', label), ...rows), first: inputs[0], read }
  }

  function select (texts) {
    const element = h('select', {}, told('option', 'choose', { value: '' }),
      ...texts.map((text, index) => h('option', { value: index }, text)))
    return { element, first: element, read: () => element.value === '' ? null : Number(element.value) }
  }

  function gapChoice (part, label) {
    const texts = part.options.map(option => option.text)
    if (texts.some(hasMarkup)) return options(part, label)
    const made = select(texts.map(textOf))
    return { ...made, element: named(made.element, label) }
  }

  function match (part, label) {
    const rich = part.choices.some(hasMarkup)
    const texts = part.choices.map((html, index) => rich ? letter(index) : textOf(html))
    const selects = part.pairs.map(() => select(texts))
    const rows = part.pairs.map((pair, index) => {
      const prompt = h('span', { id: uid(), class: 'cw-prompt', html: pair.prompt })
      selects[index].element.setAttribute('aria-labelledby', prompt.id)
      return h('div', { class: 'cw-pair' }, prompt, selects[index].element)
    })
    const list = rich
      ? h('ol', { class: 'cw-letters' }, ...part.choices.map(html => h('li', { html })))
      : null
    const read = () => selects.map(one => one.read() ?? -1)
    return { element: h('fieldset', {}, told('legend', label), list, ...rows), first: selects[0].first, read }
  }

  function order (part, label) {
    let touched = false
    const announce = h('p', { class: 'cw-hidden', role: 'status' })
    const rows = part.items.map((html, index) => {
      const text = h('span', { id: uid(), class: 'cw-prompt', html })
      const buttons = [['up', '↑', -1], ['down', '↓', 1]].map(([way, sign, step]) => {
        const id = uid()
        return h('button', {
          type: 'button', class: 'cw-move', id, 'aria-label': say(way), ...said.marks, 'aria-describedby': text.id, onclick: () => move(index, step)
        }, sign)
      })
      return { index, buttons, element: h('li', {}, text, h('span', { class: 'cw-moves' }, ...buttons)) }
    })
    const list = h('ol', { class: 'cw-order' }, ...rows.map(row => row.element))
    const places = () => [...list.children].map(child => rows.findIndex(row => row.element === child))
    function move (index, step) {
      const now = places()
      const to = now.indexOf(index) + step
      const row = rows[index]
      if (to < 0 || to >= rows.length) {
        announce.replaceChildren(told('span', step < 0 ? 'first' : 'last'))
        return
      }
      touched = true
      if (step < 0) list.children[to].before(row.element)
      else list.children[to].after(row.element)
      row.buttons[step < 0 ? 0 : 1].focus()
      announce.replaceChildren(`${textOf(part.items[index])}: `, told('span', ['place', { place: to + 1, all: rows.length }]))
    }
    const right = () => places().every((item, place) => item === part.right[place])
    const read = () => touched || right() ? places() : null
    return { element: h('fieldset', {}, told('legend', label), list, announce), first: rows[0].buttons[1], read }
  }

  // What there is of each kind: its control, and the right answer as HTML. Where no page can mark it, `by` is the word
  // for who does, and `title` what stands above the answer.
  const list = (tag, items) => `<${tag}>${items.map(item => `<li>${item}</li>`).join('')}</${tag}>`
  const escaped = text => h('span', {}, text).innerHTML
  const right = part => part.options.filter(option => option.right).map(option => option.text)
  const KINDS = {
    number: {
      control: (part, label, more) => field(part, label || unitHint(part), more),
      right: part => escaped(withUnit(part.answers[0].shown, part.unit))
    },
    text: {
      control: (part, label, more) => field(part, label || 'your_answer', more),
      right: part => escaped(part.answers[0].shown)
    },
    formula: {
      control: (part, label, more) => field(part, label || ['your_formula', { formula: example }], more),
      right: part => part.answers[0].shown
    },
    choice: {
      control: (part, label, more) => more.inline ? gapChoice(part, label) : options(part, label || 'one'),
      right: part => right(part).join(` ${told('span', 'either').outerHTML} `)
    },
    choices: {
      control: (part, label) => options(part, label || 'several', { several: true }),
      right: part => list('ul', right(part))
    },
    match: {
      control: (part, label) => match(part, label || 'match'),
      right: part => list('ul', part.pairs.map(pair => `${pair.prompt} – ${part.choices[pair.choice]}`))
    },
    order: {
      control: (part, label) => order(part, label || 'order'),
      right: part => list('ol', part.right.map(item => part.items[item]))
    },
    essay: {
      control: (part, label, more) => essay(part, label || 'your_answer', more),
      right: part => part.guide,
      by: 'person',
      title: 'guide'
    },
    code: {
      control: (part, label, more) => field(part, label || 'your_code', { ...more, lines: 8, code: true }),
      right: part => part.model ? `<pre tabindex="0"><code>${escaped(part.model)}</code></pre>` : '',
      by: 'not_run',
      title: 'model'
    }
  }
  // Kinds whose scripts stand before this one.
  for (const [kind, made] of Object.entries(globalThis.CoursewrightKinds || {})) KINDS[kind] = made.shown({ h, told, field, list, escaped })

  // What is said of a response.

  const NOTES = {
    blank: () => 'blank',
    'not a number': part => ['no_number', { number: `1234${part.point}5`, power: `1${part.point}2e3` }],
    'unit missing': () => 'no_unit',
    'unit unknown': () => 'unknown_unit',
    'significant figures': () => 'figures',
    'not a formula': () => ['no_formula', { formula: example }],
    form: () => 'form',
    'too short': () => 'short',
    'too long': () => 'long'
  }
  const MEANT = /^did you mean (.*)\?$/
  const noted = (note, part) => MEANT.test(note) ? ['meant_unit', { unit: MEANT.exec(note)[1] }] : NOTES[note](part)
  const verdict = fraction => fraction > 1 - 1e-9 ? 'right' : fraction > 1e-9 ? 'partly' : 'wrong'

  const byMachine = data => data.parts.every(part => !KINDS[part.kind].by)

  class Question {
    constructor (section, changed) {
      Object.assign(this, { section, changed, wrong: 0, mark: 0, done: false, given: {} })
      this.data = JSON.parse(section.querySelector('script[type="application/json"]').textContent)
      this.build()
    }

    build () {
      const { data, section } = this
      const heading = section.querySelector('.cw-title')
      heading.id = uid()
      section.setAttribute('aria-labelledby', heading.id)
      section.querySelector('.cw-given')?.remove()
      const text = section.querySelector('.cw-text')
      this.state = h('p', { class: 'cw-state', ...said.marks })
      this.status = h('div', { class: 'cw-status', role: 'status', tabindex: '-1' })
      this.fields = h('div', { class: 'cw-fields' })
      this.check = told('button', byMachine(data) ? 'check' : 'finish', { type: 'submit', class: 'cw-main' })
      this.again = told('button', 'again', { type: 'button', class: 'cw-main', hidden: true, onclick: () => this.tryAgain() })
      this.quit = told('button', 'quit', { type: 'button', onclick: () => this.giveUp() })
      this.other = told('button', 'another', { type: 'button', hidden: true })
      this.buttons = h('p', { class: 'cw-buttons' }, this.check, this.again, this.quit, this.other)
      const form = h('form', { novalidate: true, onsubmit: event => { event.preventDefault(); this.submit() } })
      text.before(form)
      form.append(text, this.fields, this.status, this.buttons, this.state)
      this.controls = data.kind === 'cloze' ? this.gaps(text) : [KINDS[data.parts[0].kind].control(data.parts[0], '', {})]
      if (data.kind !== 'cloze') this.fields.append(this.controls[0].element)
      this.tell()
    }

    gaps (text) {
      return this.data.parts.map((part, index) => {
        const control = KINDS[part.kind].control(part, ['gap', { n: index + 1, all: this.data.parts.length }], { inline: true })
        const place = [...text.querySelectorAll('[data-gap]')].find(gap => gap.dataset.gap === part.name)
        if (place) place.replaceWith(control.element)
        else this.fields.append(control.element)
        return control
      })
    }

    tell () {
      const { data } = this
      const labels = []
      if (!byMachine(data) && this.done) labels.push(['worth_by_person', { n: data.points }])
      else if (this.done) labels.push(['have', { mark: this.mark * data.points, n: data.points }])
      else {
        const many = byMachine(data) && data.tries > 1
        if (many) labels.push(['tries', { n: data.tries - this.wrong }])
        labels.push(['worth', { n: data.points }])
        if (many && data.penalty) labels.push(['cost', { n: data.penalty * data.points }])
      }
      this.state.textContent = labels.map(label => say(label)).join(' ')
    }

    show (...parts) {
      this.status.replaceChildren(...parts.filter(Boolean))
    }

    setDisabled (disabled) {
      for (const control of this.section.querySelectorAll('input, select, textarea, .cw-move')) control.disabled = disabled
      const text = this.section.querySelector('.cw-text') // without a field, only the keyboard's own focus scrolls it
      if (disabled && text.scrollWidth > text.clientWidth) text.tabIndex = 0
      else text.removeAttribute('tabindex')
    }

    submit () {
      const responses = Object.fromEntries(this.data.parts.map((part, index) => [part.name, this.controls[index].read()]))
      const first = markAll(this.data.parts, responses)
      if (first.blank) {
        this.show(h('p', {}, told('strong', 'empty'), ' ', told('span', 'free')))
        this.controls[0].first.focus()
        return
      }
      const attempts = {}
      first.marked.forEach((one, index) => {
        const { name } = this.data.parts[index]
        const slip = `${name}: ${one.slip}`
        if (one.slip) attempts[name] = this.given[slip] = (this.given[slip] || 0) + 1
      })
      const result = markAll(this.data.parts, responses, attempts)
      this.setDisabled(true)
      if (result.fraction === null) return this.finish('thanks', result)
      this.mark = after(result.fraction, this.data.penalty, this.wrong)
      if (result.fraction > 1 - 1e-9) return this.finish(verdict(result.fraction), result)
      this.wrong += 1
      if (this.wrong >= this.data.tries) return this.finish(verdict(result.fraction), result)
      const hint = this.data.hints[this.wrong - 1]
      this.show(h('p', {}, told('strong', verdict(result.fraction))), ...this.comments(result),
        hint ? h('div', { class: 'cw-hint' }, told('strong', 'hint'), ' ', h('div', { html: hint })) : null)
      this.check.hidden = true
      this.again.hidden = false
      this.again.focus()
      this.tell()
    }

    comments (result) {
      const many = this.data.parts.length > 1
      return result.marked.flatMap((one, index) => {
        const answered = [...(one.note ? [told('p', noted(one.note, this.data.parts[index]))] : []), ...one.feedback.map(html => h('div', { html }))]
        if (!many) return answered
        const name = told('strong', ['of_gap', { n: index + 1 }])
        return [h('div', { class: 'cw-gap' }, h('p', {}, name, ' ', told('span', one.fraction === null ? 'person' : verdict(one.fraction))), ...answered)]
      })
    }

    tryAgain () {
      this.setDisabled(false)
      this.show()
      this.check.hidden = false
      this.again.hidden = true
      this.controls[0].first.focus()
    }

    giveUp () {
      this.setDisabled(true)
      this.finish('given_up', null)
    }

    finish (word, result) {
      const { data } = this
      const gaveAll = result && result.fraction > 1 - 1e-9
      this.done = true
      const by = result && result.fraction === null
        ? told('p', data.kind === 'cloze' ? 'person' : KINDS[data.kind].by)
        : null
      this.show(h('p', {}, told('strong', word)), by, ...(result ? this.comments(result) : []),
        gaveAll ? null : this.answers(),
        data.feedback ? h('div', { html: data.feedback }) : null,
        data.solution ? h('div', { class: 'cw-solution' }, told('strong', 'solution'), h('div', { html: data.solution })) : null)
      this.check.hidden = this.again.hidden = this.quit.hidden = true
      this.tell()
      this.changed(this)
      this.status.focus()
    }

    answers () {
      const many = this.data.parts.length > 1
      const rows = this.data.parts.map((part, index) => {
        const { right, title: own } = KINDS[part.kind]
        const html = right(part)
        const title = many ? ['answer_of_gap', { n: index + 1 }] : own || 'answer'
        return html ? h('div', {}, told('strong', title), ' ', h('div', { class: 'cw-inline', html })) : null
      })
      return h('div', { class: 'cw-answer' }, ...rows)
    }
  }

  // Sections of one question beside each other are its variants: one is shown, then another if the learner likes.
  function start (root) {
    const questions = []
    const sets = new Map()
    const total = root.querySelector('[data-coursewright-total]')
    const changed = () => {
      if (!total) return
      const shown = questions.filter(one => !one.section.hidden)
      const marked = shown.filter(one => byMachine(one.data))
      const sum = (list, value) => list.reduce((all, one) => all + value(one), 0)
      const all = sum(marked, one => one.data.points)
      const person = shown.length - marked.length
      total.replaceChildren(told('span', [person ? 'total_by_person' : 'total', {
        done: shown.filter(one => one.done).length,
        questions: say('questions', { n: shown.length }),
        points: sum(marked.filter(one => one.done), one => one.mark * one.data.points),
        marks: say('marks', { n: all }),
        by_person: say('questions', { n: person })
      }]))
    }
    for (const section of root.querySelectorAll('.cw-question:not([data-started])')) {
      section.dataset.started = ''
      const question = new Question(section, changed)
      const within = sets.get(section.parentElement) || new Map()
      const before = within.get(section.dataset.question)
      sets.set(section.parentElement, within.set(section.dataset.question, question))
      questions.push(question)
      if (!before) continue
      section.hidden = true
      before.other.hidden = false
      before.other.addEventListener('click', () => {
        before.section.hidden = true
        section.hidden = false
        changed()
        question.controls[0].first.focus()
      })
    }
    for (const within of sets.values()) for (const last of within.values()) goOn(last, root)
    changed()
  }

  // In a page that can be run, the last variant of a set leads to one that is drawn when it is asked for; the address
  // then says which, and leads to it again.
  function goOn (last, root) {
    const place = last.section.closest('[data-more]')
    if (!place || !last.other.hidden || location.protocol === 'file:') return
    const name = `variant-${[...document.querySelectorAll('[data-more]')].indexOf(place) + 1}`
    const wanted = root === document && new URLSearchParams(location.search).get(name)
    const note = h('span', { ...said.marks, role: 'status' })
    last.other.after(note)
    const next = async wanted => {
      last.other.disabled = true
      note.textContent = say('drawing')
      try {
        const { more } = await import(new URL(place.dataset.by, document.baseURI))
        const found = await more(new URL(place.dataset.more, document.baseURI), wanted)
        if (found) change(last, place, found, name)
        note.textContent = found ? '' : say('no_more')
      } catch (error) {
        note.textContent = say('not_drawn', { reason: error.message })
      }
      last.other.disabled = false
    }
    last.other.hidden = false
    last.other.addEventListener('click', () => next())
    if (wanted) next(wanted)
  }

  function change (last, place, [who, html], name) {
    const section = h('div', { html }).firstElementChild
    for (const other of place.querySelectorAll('.cw-question')) other.hidden = true
    last.section.after(section)
    section.querySelector('.cw-title').after(told('p', ['which', { n: who }], { class: 'cw-quiet' }))
    start(place)
    section.querySelector('input, select, textarea, button').focus()
    const address = new URL(location)
    address.searchParams.set(name, who)
    history.replaceState(history.state, '', address)
  }

  globalThis.CoursewrightQuestions = { start }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => start(document))
  else start(document)
  document.addEventListener('retold', () => start(document)) // for what a reader has chosen
})()
