// Uses the tables of a page in Chromium as a reader does: reads {address, steps} from standard input and prints, as JSON,
// what is seen after each step and what was downloaded. A step is [what to do, the number of the table, with what].
const { chromium } = require('playwright-core')
const fs = require('fs')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

function look (number) {
  const around = document.querySelectorAll('.table')[number]
  const table = around.querySelector('table')
  const bar = around.previousElementSibling && [...document.querySelectorAll('.table-filter')]
  const hint = document.getElementById(around.getAttribute('aria-describedby') || '')
  return {
    rows: [...table.tBodies[0].rows].filter(row => row.getClientRects().length).map(row => row.cells[0].textContent),
    sorted: [...table.tHead.rows[0].cells].map(head => head.getAttribute('aria-sort')),
    buttons: table.tHead.querySelectorAll('button').length,
    filters: bar.length,
    told: bar.map(one => one.querySelector('[role="status"]').textContent),
    downloads: document.querySelectorAll('.table-download').length,
    foot: Boolean(table.tFoot && table.tFoot.getClientRects().length),
    hint: hint ? hint.textContent : '',
    stop: around.getAttribute('tabindex'),
    focus: document.activeElement.textContent
  }
}

const steps = {
  look: async () => {},
  head: (page, table, column) => page.locator('.table').nth(table).locator('th button').nth(column).click(),
  press: (page, _, key) => page.keyboard.press(key),
  type: async (page, _, text) => {
    await page.locator('.table-filter input').fill(text)
    await page.waitForTimeout(400)
  },
  wide: (page, _, width) => page.setViewportSize({ width, height: 720 }).then(() => page.waitForTimeout(100)),
  download: async (page, table) => {
    const waiting = page.waitForEvent('download')
    await page.locator('.table').nth(table).locator('xpath=following-sibling::button[1]').click()
    const got = await waiting
    return { name: got.suggestedFilename(), text: fs.readFileSync(await got.path(), 'utf8') }
  }
}

;(async () => {
  const asked = JSON.parse(fs.readFileSync(0, 'utf8'))
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: [...flags, ...sandbox] })
  const all = []
  for (const { address, script, steps: wanted } of asked) {
    const context = await browser.newContext({ javaScriptEnabled: true, viewport: { width: 1280, height: 720 } })
    const page = await context.newPage()
    if (!script) await page.route('**/tables.js', route => route.abort())
    const found = { errors: [], outside: [], seen: [] }
    page.on('pageerror', error => found.errors.push(String(error)))
    page.on('request', request => { if (!/^(file|data|blob)/.test(request.url())) found.outside.push(request.url()) })
    await page.goto(address)
    for (const [step, table, what] of wanted) {
      const got = await steps[step](page, table, what)
      found.seen.push(got || await page.evaluate(look, table))
    }
    all.push(found)
    await context.close()
  }
  await browser.close()
  console.log(JSON.stringify(all))
})()
