// Another page, chosen from a list that is loaded when a reader opens it: a script, so that it loads from a folder too.
(() => {
  'use strict'
  const said = 'SAID'
  const root = new URL('.', document.currentScript.src).href
  const arrived = new Map()
  const lists = new Map()
  window.coursewrightChoose = (name, groups) => arrived.get(name)?.(groups)

  function load (name, address) {
    if (!lists.has(name)) {
      lists.set(name, new Promise((resolve, reject) => {
        const script = document.createElement('script')
        arrived.set(name, resolve)
        script.src = address
        script.onerror = () => { lists.delete(name); script.remove(); reject(new Error(name)) }
        document.head.append(script)
      }))
    }
    return lists.get(name)
  }

  function made (name, attributes, ...children) {
    const element = document.createElement(name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    element.append(...children)
    return element
  }
  const here = decodeURI(location.href.replace(/[?#].*/, ''))
  const whole = address => `${root}${address.split('/').map(encodeURIComponent).join('/')}.html`
  const isHere = ([, address]) => decodeURI(whole(address)) === here

  function form (groups, { title, heading }) {
    const first = made('select', { autocomplete: 'off' })
    const second = made('select', { autocomplete: 'off' })
    const button = made('button', said.marks, said.go)
    const fill = at => second.replaceChildren(...groups[at][1].map(page => {
      const option = made('option', { value: page[1] }, page[0])
      option.selected = isHere(page)
      return option
    }))
    const ours = Math.max(0, groups.findIndex(([, pages]) => pages.some(isHere)))
    first.append(...groups.map(([group], at) => {
      const option = made('option', { value: at }, group)
      option.selected = at === ours
      return option
    }))
    fill(ours)
    first.addEventListener('change', () => fill(first.value))
    const fields = made('form', { 'aria-label': title })
    if (groups.length > 1) fields.append(made('label', {}, heading, ' ', first), ' ')
    fields.append(made('label', {}, title, ' ', second), ' ', button)
    fields.addEventListener('submit', event => {
      event.preventDefault()
      location.href = whole(second.value)
    })
    return fields
  }

  // A link that leads to the choice opens it.
  function reached (details) {
    if (location.hash === '#site.choice' && details.closest('[id="site.choice"]')) details.open = true
  }

  for (const link of document.querySelectorAll('p.choose')) {
    const { pages, asked, title, heading } = link.dataset
    const status = made('p', { role: 'status' })
    const inside = made('div', {}, status)
    const details = made('details', { class: 'choose' }, made('summary', {}, title), inside)
    const all = made('p', {}, ...[...link.childNodes].filter(node => node.nodeType === Node.ELEMENT_NODE))
    details.append(all)
    link.replaceWith(details)
    addEventListener('hashchange', () => reached(details))
    details.addEventListener('toggle', async () => {
      if (!details.open || inside.querySelector('form')) return
      try {
        const groups = await load(asked, pages)
        if (!inside.querySelector('form')) inside.prepend(form(groups, { title, heading }))
        status.textContent = ''
      } catch {
        status.textContent = said.unlisted
        for (const [name, value] of Object.entries(said.marks)) status.setAttribute(name, value)
      }
    })
    reached(details)
  }
})()
