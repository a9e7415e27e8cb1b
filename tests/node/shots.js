// Pictures of pages in Chromium: reads [{address, scheme, width, theme}] from standard input and prints for each its
// picture as PNG in base64, the text that can be found in it, which texts leave their picture, the ids, and how far the
// content is wider than the window.
const { chromium } = require('playwright-core')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

async function shot (browser, { address, scheme, width, theme }) {
  const page = await browser.newPage({ colorScheme: scheme, viewport: { width, height: 800 } })
  await page.goto(address)
  if (theme) await page.evaluate(name => { document.documentElement.dataset.theme = name }, theme)
  const text = await page.evaluate(() => document.body.innerText + [...document.querySelectorAll('svg text')].map(one => one.textContent).join('\n'))
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  const cut = await page.$$eval('svg text', all => all.filter(one => {
    const [text, sheet] = [one, one.ownerSVGElement].map(each => each.getBoundingClientRect())
    return text.left < sheet.left - 1 || text.right > sheet.right + 1 || text.top < sheet.top - 1 || text.bottom > sheet.bottom + 1
  }).map(one => one.textContent))
  const ids = (await page.$$eval('[id]', all => all.map(one => one.id))).sort()
  const shown = await page.$$eval('svg', all => all.filter(one => one.getBoundingClientRect().width).map(one => one.id))
  const png = (await page.screenshot({ fullPage: true })).toString('base64')
  await page.close()
  return { png, text, over, cut, ids, shown }
}

(async () => {
  const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'))
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: [...flags, ...sandbox] })
  const found = []
  for (const each of asked) found.push(await shot(browser, each))
  await browser.close()
  console.log(JSON.stringify(found))
})()
