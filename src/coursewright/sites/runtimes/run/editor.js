// The editor of a cell, loaded when the first one is opened: a field of text with colours behind it.
export async function edit (holder, { base, language, value, label, changed, run }) {
  const [{ createEditor }, { defaultCommands, editHistory, setIgnoreTab }] = await Promise.all([
    import(new URL('index.js', base)), import(new URL('extensions/commands/index.js', base)),
    import(new URL(`prism/languages/${language}.js`, base))
  ])
  await new Promise((resolve, reject) => {
    if (document.querySelector('link[data-editor]')) return resolve()
    const sheet = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: new URL('layout.css', base), onload: resolve, onerror: reject })
    sheet.dataset.editor = ''
    document.head.append(sheet)
  })
  const editor = createEditor(holder, { language, value, tabSize: language === 'r' ? 2 : 4, insertSpaces: true }, defaultCommands(), editHistory())
  const field = editor.textarea
  field.setAttribute('aria-label', label)
  editor.on('update', changed)
  field.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      event.stopImmediatePropagation()
      run()
    } else if (event.key === 'Escape') setIgnoreTab(true) // Tab leaves the field then
  }, true)
  field.addEventListener('focus', () => setIgnoreTab(false))
  return {
    get value () { return editor.value },
    set value (text) { editor.setOptions({ value: text }) },
    focus () { field.focus() }
  }
}
