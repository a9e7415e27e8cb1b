// What a page of the site does beside being read: the switch of colours, and buttons that copy code. It stands in the
// head, so that the colours are right before anything is drawn.
(() => {
  'use strict'
  const root = document.documentElement
  const said = document.currentScript.dataset
  const key = 'coursewright-theme'

  // Colours: light, dark, or as the system has them.
  function chosen () {
    try {
      const theme = localStorage.getItem(key)
      return theme === 'light' || theme === 'dark' ? theme : 'system'
    } catch { return root.dataset.theme || 'system' }
  }
  function show (theme) {
    if (theme === 'system') delete root.dataset.theme
    else root.dataset.theme = theme
    for (const each of document.querySelectorAll('.theme input')) each.checked = each.value === theme
  }
  function choose (theme) {
    show(theme)
    try {
      if (theme === 'system') localStorage.removeItem(key)
      else localStorage.setItem(key, theme)
    } catch {} // nothing is remembered where the reader allows nothing to be
  }
  show(chosen())
  addEventListener('storage', () => show(chosen()))
  addEventListener('pageshow', event => { if (event.persisted) show(chosen()) })

  // Code: a button that copies it.
  async function copy (code) {
    try {
      await navigator.clipboard.writeText(code.textContent)
    } catch { // not a secure context, or not allowed: the old way
      getSelection().selectAllChildren(code)
      document.execCommand('copy')
      getSelection().removeAllRanges()
    }
  }
  function add (pre) {
    const frame = document.createElement('div')
    const button = document.createElement('button')
    const done = document.createElement('span')
    frame.className = 'code'
    button.type = 'button'
    button.textContent = said.copy
    done.className = 'unseen'
    done.setAttribute('role', 'status')
    if (said.lang) button.lang = done.lang = said.lang
    pre.replaceWith(frame)
    frame.append(pre, button, done)
    button.addEventListener('click', async () => {
      await copy(pre.firstElementChild)
      button.textContent = done.textContent = said.copied
      setTimeout(() => { button.textContent = said.copy; done.textContent = '' }, 2000)
    })
  }

  document.addEventListener('DOMContentLoaded', () => {
    for (const each of document.querySelectorAll('.theme')) {
      each.hidden = false
      each.addEventListener('change', event => choose(event.target.value))
    }
    show(chosen())
    document.querySelectorAll('main pre:has(> code:only-child)').forEach(pre => {
      if (!pre.closest('.cw-question')) add(pre)
    })
    for (const link of document.querySelectorAll('main a[href^="http"]')) { // print says addresses, each once
      if (link.textContent.trim() === link.getAttribute('href')) link.classList.add('bare')
    }
  })
})()
