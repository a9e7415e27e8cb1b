// What a browser keeps of a site, which this serves, lets go, and replaces: reads {chromium, folders, steps} from standard
// input, serves each folder at its path, and prints what each step gave and the errors of pages.
const { chromium } = require('playwright-core')
const fs = require('fs')
const http = require('http')
const path = require('path')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1']
const KINDS = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm', '.svg': 'image/svg+xml' }
const { executable, folders, steps, before } = JSON.parse(fs.readFileSync(0, 'utf8'))
const asked = []
const broken = new Set()
const held = new Map() // answers of which only the beginning was sent, by their names, and how they go on
const PATIENCE = 30000 // milliseconds for each step
let port = 0
let server

function answer (request, response) {
  const name = decodeURIComponent(request.url.split('?')[0])
  asked.push(name)
  const front = Object.keys(folders).find(each => name.startsWith(each))
  if (front && /^http:/.test(folders[front])) { // of another server
    return http.get(folders[front] + request.url.slice(front.length), answered => {
      response.writeHead(answered.statusCode, answered.headers)
      answered.pipe(response)
    })
  }
  const file = front && path.join(folders[front], name.slice(front.length) || 'index.html')
  if (!file || broken.has(name) || !fs.existsSync(file) || !fs.statSync(file).isFile()) {
    response.writeHead(404, { 'content-type': 'text/html' })
    return response.end('<p>absent</p>')
  }
  response.writeHead(200, { 'content-type': KINDS[path.extname(file)] || 'application/octet-stream', 'cache-control': 'no-cache' })
  const content = fs.readFileSync(file)
  if (!held.has(name)) return response.end(content)
  response.write(content.subarray(0, content.length / 2))
  return held.get(name).push(() => response.end(content.subarray(content.length / 2)))
}
const serve = () => new Promise(resolve => {
  server = http.createServer(answer).listen(port, '127.0.0.1', () => { port = server.address().port; resolve() })
})
const close = () => new Promise(resolve => { server.close(resolve); server.closeAllConnections() })

const KEPT = `(async () => {
  const found = {}
  for (const name of await caches.keys()) {
    found[name] = (await (await caches.open(name)).keys()).map(each => decodeURIComponent(new URL(each.url).pathname)).sort()
  }
  return found
})()`
const TAKEN_OVER = 'navigator.serviceWorker.getRegistrations().then(all => all.every(each => !each.waiting))'
const at = () => `http://127.0.0.1:${port}`

;(async () => {
  await serve()
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: executable, args: [...flags, ...sandbox] })
  const context = await browser.newContext()
  const found = { gave: [], errors: [] }
  const tabs = []
  let page
  const open = async () => {
    page = await context.newPage()
    page.setDefaultTimeout(PATIENCE)
    if (before) await page.addInitScript(before)
    page.on('pageerror', error => found.errors.push(String(error)))
    tabs.push(page)
  }
  const holds = code => page.evaluate(`(async () => !!await (${code}))()`).catch(() => false)
  const within = async (time, test) => {
    for (const end = Date.now() + time; !await test();) {
      if (Date.now() > end) return false
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    return true
  }
  const state = () => page.evaluate(`(async () => {
    const found = await navigator.serviceWorker.getRegistration()
    const said = document.querySelector('.cell .run-status')?.textContent
    return JSON.stringify([said, found?.installing?.state, found?.waiting?.state, found?.active?.state, Object.keys(await ${KEPT})])
  })()`)
  const acts = {
    tab: open,
    turn: async number => { page = tabs[number] },
    // As a reader who comes again: nothing is open in between, for so long that the browser has seen it.
    again: async () => {
      await Promise.all(tabs.splice(0).map(each => each.close()))
      if (outside && !await within(PATIENCE, () => outside.evaluate(TAKEN_OVER))) throw new Error('a worker still waits')
      await open()
    },
    goto: async address => (await page.goto(at() + address)).status(),
    reload: async () => (await page.reload()).status(),
    off: close,
    on: serve,
    becomes: (front, folder) => { folders[front] = folder },
    break: name => { broken.add(name) },
    mend: name => { broken.delete(name) },
    hold: name => { held.set(name, []) },
    free: name => { held.get(name).forEach(goOn => goOn()); held.delete(name) },
    asked: () => asked.splice(0).filter(name => !/favicon/.test(name)),
    kept: () => page.evaluate(KEPT),
    until: async (code, longer = 1) => { // Python and a database begin in longer than a worker takes
      if (await within(longer * PATIENCE, () => holds(code))) return
      throw new Error('it never came: ' + await state())
    },
    evaluate: code => page.evaluate(code),
    text: selector => page.locator(selector).allTextContents(),
    fill: (selector, text) => page.locator(selector).fill(text),
    choose: (selector, value) => page.locator(selector).selectOption(value).then(() => null),
    press: selector => page.locator(selector).first().click()
  }
  // A page that no worker serves, from which those of the folders can be seen.
  const outside = Object.hasOwn(folders, '/') ? null : await context.newPage()
  if (outside) await outside.goto(at() + '/outside')
  await open()
  for (const [act, ...what] of steps) {
    try {
      found.gave.push((await acts[act](...what)) ?? null)
    } catch (error) {
      throw new Error(`${act} ${what}: ${error.message}`)
    }
  }
  await browser.close()
  await close()
  console.log(JSON.stringify(found))
})().catch(error => { console.error(error); process.exit(1) })
