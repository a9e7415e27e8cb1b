// Opens the pages named on the command line in Chromium and prints, as JSON, what is wrong with each: errors, requests
// that leave this machine, pictures that do not load, what axe finds, where the Tab key leads first, and by how many
// pixels the page is wider than its window. WIDTHS=360,1280 opens them in windows of these widths.
const { chromium } = require('playwright-core')
const axe = require('axe-core')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

const widths = (process.env.WIDTHS || '1280').split(',').map(Number)

async function audit (browser, address, colorScheme, width) {
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 720 } })
  const found = { address, colorScheme, width, errors: [], outside: [], broken: [], violations: [], first: '', over: 0 }
  page.on('console', message => { if (message.type() === 'error') found.errors.push(message.text()) })
  page.on('pageerror', error => found.errors.push(String(error)))
  page.on('request', request => {
    if (!/^(file|data|http:\/\/127\.0\.0\.1)/.test(request.url())) found.outside.push(request.url())
  })
  await page.goto(address)
  found.broken = await page.$$eval('img', all => all.filter(one => !one.naturalWidth).map(one => one.src))
  found.over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  await page.evaluate(axe.source)
  const result = await page.evaluate(() => window.axe.run({ preload: false }))
  found.violations = result.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).slice(0, 3).join(' ')}`)
  await page.keyboard.press('Tab')
  found.first = await page.evaluate(() => document.activeElement.textContent.trim())
  await page.close()
  return found
}

(async () => {
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: [...flags, ...sandbox] })
  const found = []
  for (const address of process.argv.slice(3)) {
    for (const colorScheme of ['light', 'dark']) {
      for (const width of widths) found.push(await audit(browser, address, colorScheme, width))
    }
  }
  await browser.close()
  console.log(JSON.stringify(found))
})()
