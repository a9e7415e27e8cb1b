// What readers changed, kept in their browser and nowhere else: by the page, and in it by the cell.
(() => {
  'use strict'
  const said = 'SAID'
  const site = new URL('..', document.currentScript.src) // several courses may stand on one host
  const FRONT = `coursewright-kept ${site.pathname} `
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all)

  const nameOf = page => FRONT + page
  function read (page) {
    try {
      const found = JSON.parse(localStorage.getItem(nameOf(page)))
      return found && typeof found.cells === 'object' ? found : null
    } catch { return null } // nothing may be kept, or it is none of ours
  }
  // Whether it was kept: there may be no room, or the reader may allow no storage.
  function write (page, title, cells) {
    try {
      if (Object.keys(cells).length) localStorage.setItem(nameOf(page), JSON.stringify({ title, cells }))
      else localStorage.removeItem(nameOf(page))
      return true
    } catch { return false }
  }
  function all () {
    try {
      const names = Object.keys(localStorage).filter(name => name.startsWith(FRONT))
      return names.map(name => name.slice(FRONT.length)).filter(read).sort()
    } catch { return [] }
  }

  // A notebook with the reader's cells, and what of a notebook may belong to cells of a page: [id, text] of each.
  const KERNELS = { python: { name: 'python3', display_name: 'Python 3', language: 'python' }, r: { name: 'ir', display_name: 'R', language: 'R' } }
  const notebook = (title, address, cells) => JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: KERNELS[cells[0]?.language] },
    cells: [
      { cell_type: 'markdown', id: 'title', metadata: {}, source: `# ${title}\n\n<${address}>` },
      ...cells.map(({ key, language, text }) => (
        { cell_type: 'code', id: key, metadata: { language }, execution_count: null, outputs: [], source: text }
      ))
    ]
  }, null, 1)
  const cellsOf = text => JSON.parse(text).cells
    .filter(cell => cell.cell_type === 'code' && typeof cell.id === 'string')
    .map(cell => [cell.id, Array.isArray(cell.source) ? cell.source.join('') : String(cell.source)])

  window.cwKept = { said, fill, read, write, nameOf, notebook, cellsOf }

  // The page that lists everything.
  function list (place) {
    const make = (tag, properties, ...inside) => {
      const element = Object.assign(document.createElement(tag), properties)
      element.append(...inside)
      return element
    }
    const pages = all()
    place.replaceChildren()
    place.append(make('p', { textContent: pages.length ? said.kept_where : said.kept_none, role: 'status' }))
    for (const page of pages) {
      const { title, cells } = read(page)
      const link = new URL(`${page.split('/').map(encodeURIComponent).join('/')}.html`, site).href
      place.append(make('h2', {}, make('a', { href: link, textContent: title || page })))
      for (const [key, edit] of Object.entries(cells)) {
        const erase = make('button', { type: 'button', textContent: said.erase })
        erase.onclick = () => {
          const now = read(page) || { cells: {} }
          delete now.cells[key]
          write(page, title, now.cells)
          list(place)
        }
        place.append(make('pre', { tabIndex: 0 }, make('code', { textContent: String(edit.code) })), make('p', { className: 'run-bar' }, erase))
      }
    }
    if (pages.length) {
      const erase = make('button', { type: 'button', textContent: said.erase_all })
      erase.onclick = () => {
        if (!confirm(said.erase_sure)) return
        for (const page of all()) write(page, '', {})
        list(place)
      }
      place.append(make('p', { className: 'run-bar' }, erase))
    }
  }
  document.addEventListener('DOMContentLoaded', () => {
    const place = document.getElementById('site.kept')
    if (!place) return
    list(place)
    addEventListener('storage', () => list(place))
  })
})()
