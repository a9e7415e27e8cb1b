// Opens a project of OpenRefine behind Jupyter's port in Chromium, and prints, as JSON, what is on the page: the names
// of the columns, the first row, what could not be loaded, and errors. openrefine.js CHROMIUM ADDRESS TOKEN PROJECT [PICTURE]
const { chromium } = require('playwright-core')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

(async () => {
  const [program, address, token, project, picture] = process.argv.slice(2)
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: program, args: [...flags, ...sandbox] })
  const page = await browser.newPage({ viewport: { width: 1200, height: 700 } })
  const found = { failed: [], errors: [] }
  const fail = (url, why) => { if (url.startsWith(address)) found.failed.push(`${why} ${url}`) } // it also asks Wikidata
  page.on('response', answer => { if (answer.status() >= 400) fail(answer.url(), answer.status()) })
  page.on('requestfailed', request => fail(request.url(), request.failure().errorText))
  page.on('pageerror', error => found.errors.push(String(error)))
  await page.goto(`${address}openrefine/?token=${token}`) // logs in
  await page.waitForSelector('#import-panel, .action-area-tab', { state: 'attached', timeout: 60000 })
  await page.goto(`${address}openrefine/project?project=${project}`)
  await page.waitForSelector('.data-table tbody tr td', { timeout: 60000 })
  found.columns = await page.$$eval('.column-header-name', all => all.map(one => one.textContent.trim()))
  found.row = await page.$$eval('.data-table tbody tr:first-child .data-table-cell-content', all => all.map(one => one.textContent.trim()))
  if (picture) await page.screenshot({ path: picture })
  await browser.close()
  console.log(JSON.stringify(found))
})()
