// Opens a page of a preview in Chromium, changes its file as an author does, and prints, as JSON, what a reader sees.
const fs = require('fs')
const { chromium } = require('playwright-core')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']
const [executablePath, address, file, shot] = process.argv.slice(2)

// Where a heading stands in the window.
const at = (page, id) => page.evaluate(id => document.getElementById(id).getBoundingClientRect().top, id)
const overlay = page => page.evaluate(() => {
  const found = [...document.body.children].find(one => one.shadowRoot)
  return found ? found.shadowRoot.querySelector('section').innerText : ''
})

;(async () => {
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath, args: [...flags, ...sandbox] })
  const page = await browser.newPage({ viewport: { width: 900, height: 500 } })
  const found = { errors: [], outside: [], loads: 0 }
  page.on('pageerror', error => found.errors.push(String(error)))
  page.on('load', () => { found.loads += 1 })
  page.on('request', request => { if (!request.url().startsWith(address)) found.outside.push(request.url()) })
  // a page that is being loaded anew has no body for a moment
  const seen = what => page.waitForFunction(what, null, { timeout: 60000 })
  const good = fs.readFileSync(file, 'utf8')

  await page.goto(address)
  await page.evaluate(() => scrollBy(0, document.getElementById('far').getBoundingClientRect().top - 40))
  found.before = await at(page, 'far')
  // 1. a change above what is looked at
  fs.writeFileSync(file, good.replace('# Top', '# Top\n\nNew above.\n\n- one\n- two'))
  await seen(() => document.body?.innerText.includes('New above.') && document.readyState === 'complete')
  await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  found.after = await at(page, 'far')
  found.loadsAfter = found.loads
  // 2. an error, over the last good page
  fs.writeFileSync(file, good + '\n```{table} nowhere\n```\n')
  await seen(() => [...document.body?.children ?? []].some(one => one.shadowRoot && one.shadowRoot.querySelector('ol')))
  found.problem = await overlay(page)
  found.still = await page.evaluate(() => document.body.innerText.includes('New above.'))
  found.loadsBroken = found.loads
  if (shot) await page.screenshot({ path: shot })
  // 3. and gone
  fs.writeFileSync(file, good)
  await seen(() => document.body && !document.body.innerText.includes('New above.') && document.readyState === 'complete')
  found.end = await overlay(page)
  await browser.close()
  console.log(JSON.stringify(found))
})().catch(error => { console.error(error); process.exit(1) })
