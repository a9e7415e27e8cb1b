// Opens the pages named on the command line in Chromium and prints, as JSON, what is wrong with each: errors, requests
// that leave this machine, pictures that do not load, what axe finds, where the Tab key leads first, and by how many
// pixels the page is wider than its window. WIDTHS=360,1280 opens them in windows of these widths.
const { chromium } = require('playwright-core')
const axe = require('axe-core')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

const widths = (process.env.WIDTHS || '1280').split(',').map(Number)

const asRead = ['light', 'dark'].flatMap(colorScheme => widths.map(width => ({ colorScheme, width })))

// A page is opened once, and then read in each scheme and width, as by a reader who changes them.
async function audits (browser, address) {
  const page = await browser.newPage(seen(asRead[0]))
  const told = { errors: [], outside: [] }
  page.on('console', message => { if (message.type() === 'error') told.errors.push(message.text()) })
  page.on('pageerror', error => told.errors.push(String(error)))
  page.on('request', request => {
    if (!/^(file|data|http:\/\/127\.0\.0\.1)/.test(request.url())) told.outside.push(request.url())
  })
  await page.goto(address)
  await page.keyboard.press('Tab')
  const first = await page.evaluate(() => document.activeElement.textContent.trim())
  await page.evaluate(() => document.activeElement.blur())
  await page.evaluate(axe.source)
  const found = []
  for (const one of asRead) {
    await page.emulateMedia({ colorScheme: one.colorScheme })
    await page.setViewportSize(seen(one).viewport)
    // the page's own script sees a new width with the next frame: what scrolls is a stop for the keyboard from then on
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
    const broken = await page.$$eval('img', all => all.filter(one => !one.naturalWidth).map(one => one.src))
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    const result = await page.evaluate(() => window.axe.run({ preload: false }))
    const violations = result.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).slice(0, 3).join(' ')}`)
    found.push({ address, ...one, ...told, broken, violations, first, over })
  }
  await page.close()
  return found
}

function seen ({ colorScheme, width }) {
  return { colorScheme, viewport: { width, height: 720 } }
}

(async () => {
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: [...flags, ...sandbox] })
  const found = []
  for (const address of process.argv.slice(3)) found.push(...await audits(browser, address))
  await browser.close()
  console.log(JSON.stringify(found))
})()
