// How long a page takes to be told again, in Chromium: reads addresses from standard input, and prints for each the
// milliseconds of the first answer and of the next, and what was fetched of the database before the button was pressed.
const { chromium } = require('../tests/node/node_modules/playwright-core')

const STATUS = 'form.retell [role=status], body > [role=status]'
const told = (page, before) =>
  page.waitForFunction(([at, old]) => {
    const said = document.querySelector(at).textContent
    return /^(Told|This cannot)/.test(said) && said !== old
  }, [STATUS, before], { timeout: 180000 })

// From the press of the button.
async function timed (page, season, chosen = () => {}) {
  const form = await page.$('form.retell')
  const before = await page.textContent(STATUS)
  if (form) await page.selectOption('form.retell select', season)
  await page.waitForLoadState('networkidle')
  chosen()
  const begun = Date.now()
  await page.click(form ? 'form.retell button' : 'button')
  await told(page, before)
  const took = Date.now() - begun
  const said = await page.textContent(STATUS)
  if (!said.startsWith('Told')) throw new Error(said)
  return took
}

;(async () => {
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: ['--disable-gpu', ...sandbox] })
  const took = []
  for (const address of JSON.parse(require('fs').readFileSync(0, 'utf8'))) {
    const context = await browser.newContext()
    const page = await context.newPage()
    const fetched = []
    page.on('request', request => fetched.push(request.url()))
    await page.goto(address)
    if (!address.endsWith('bare.html')) await page.waitForSelector('form.retell')
    let before = []
    const first = await timed(page, '1994', () => { before = fetched.filter(name => /retelling\/.*(duckdb|arrow)/.test(name)) })
    const next = address.endsWith('bare.html') ? 0 : await timed(page, '2005')
    took.push({ first, next, before })
    await context.close()
  }
  await browser.close()
  console.log(JSON.stringify(took))
})()
