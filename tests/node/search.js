// Searches in the pages of a site, in Chromium: reads [{address, asked, scheme, width, audit, picture, missing}] from standard
// input, and prints for each what is found for each text of `asked`: the results with where they lead and what is marked,
// what is said of them, the scripts that were loaded for it and the milliseconds until it was there; besides, errors,
// requests that would have left this machine, and, with `audit`, what axe finds while results are shown, and
// what is said of `missing`, for which pieces are not there.
const { chromium } = require('playwright-core')
const axe = require('axe-core')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

async function find (page, text, scripts) {
  const before = scripts.length
  await page.fill('.search input', '')
  await page.waitForFunction(() => document.querySelector('.found').hidden)
  const begun = Date.now()
  await page.fill('.search input', text)
  await page.waitForFunction(() => document.querySelector('.search .status').textContent, null, { timeout: 20000 })
  const took = Date.now() - begun
  const results = await page.$$eval('.found li', all => all.map(one => ({
    title: one.querySelector('a').textContent.replace('›', '>'),
    leads: one.querySelector('a').href,
    text: one.querySelector('p').textContent,
    marked: [...one.querySelectorAll('mark')].map(mark => mark.textContent)
  })))
  return { results, said: await page.textContent('.search .status'), loaded: scripts.slice(before), took }
}

async function run (browser, { address, asked, scheme, width, audit, picture, missing }) {
  const page = await browser.newPage({ colorScheme: scheme || 'light', viewport: { width: width || 1280, height: 800 } })
  const found = { asked: [], errors: [], outside: [], violations: [], over: 0 }
  const scripts = []
  await page.route(/.*/, route => {
    const url = route.request().url()
    if (/^(file:|data:|http:\/\/127\.0\.0\.1)/.test(url)) return route.continue()
    found.outside.push(url)
    return route.abort()
  })
  page.on('console', message => { if (message.type() === 'error') found.errors.push(message.text()) })
  page.on('pageerror', error => found.errors.push(String(error)))
  page.on('request', request => { if (/\/search\/[^/]+\.js$/.test(request.url())) scripts.push(request.url().replace(/.*\//, '')) })
  await page.goto(address)
  found.first = scripts.slice()
  await page.keyboard.press('/')
  found.focused = await page.evaluate(() => document.activeElement.matches('.search input'))
  for (const text of asked) found.asked.push(await find(page, text, scripts))
  found.over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (missing) found.missing = (await find(page, missing, scripts)).said
  if (audit) {
    await page.evaluate(axe.source)
    const result = await page.evaluate(() => window.axe.run({ preload: false }))
    found.violations = result.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).slice(0, 3).join(' ')}`)
  }
  if (picture) await page.screenshot({ path: picture })
  const keys = async (...pressed) => {
    for (const key of pressed) await page.keyboard.press(key)
    return page.evaluate(() => document.activeElement.matches('.search input') ? 'field' : document.activeElement.textContent.replace('›', '>'))
  }
  if (asked.length && !missing) {
    found.keys = { down: await keys('ArrowDown'), down2: await keys('ArrowDown'), up: await keys('ArrowUp', 'ArrowUp'), escape: await keys('ArrowDown', 'Escape') }
    found.closed = await page.evaluate(() => document.querySelector('.found').hidden)
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => !document.querySelector('.found').hidden)
    const leads = await page.$eval('.found a', link => link.href)
    await page.keyboard.press('Enter')
    await page.waitForURL(leads)
    await page.waitForFunction(() => !document.querySelector('.found') || document.querySelector('.found').hidden)
    found.opened = page.url()
  }
  await page.close()
  return found
}

(async () => {
  const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'))
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: [...flags, ...sandbox] })
  const found = []
  for (const each of asked) found.push(await run(browser, each))
  await browser.close()
  console.log(JSON.stringify(found))
})()
