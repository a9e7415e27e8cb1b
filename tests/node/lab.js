// Notebooks in JupyterLab or Notebook: opens each, runs all of its cells, and prints what is shown below each of them.
// Arguments: the browser, how many cells there are, and the addresses of the notebooks with their token.
const { chromium } = require('playwright-core')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

;(async () => {
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: [...flags, ...sandbox] })
  const found = []
  for (const address of process.argv.slice(4)) {
    const page = await browser.newPage({ viewport: { width: 1200, height: 3000 } })
    page.setDefaultTimeout(60000)
    await page.goto(address)
    await page.waitForFunction(() => window.jupyterapp && document.querySelector('.jp-Notebook .jp-CodeCell'))
    await page.evaluate(() => window.jupyterapp.started)
    await page.evaluate(() => window.jupyterapp.shell.currentWidget.sessionContext.ready)
    await page.evaluate(() => window.jupyterapp.commands.execute('notebook:run-all-cells'))
    const cells = Number(process.argv[3])
    await page.waitForFunction(cells => {
      const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(one => one.textContent)
      return prompts.length === cells && prompts.every(text => /\[\d+\]/.test(text))
    }, cells)
    const shown = await page.$$eval('.jp-CodeCell', all => all.map(one => ({
      text: one.querySelector('.jp-OutputArea')?.innerText || '',
      pictures: [...one.querySelectorAll('.jp-OutputArea img')].map(each => [each.alt, each.naturalWidth > 0]),
      sounds: [...one.querySelectorAll('audio')].map(each => each.getAttribute('aria-label'))
    })))
    const frame = await (await page.waitForSelector('iframe.cw-frame')).contentFrame()
    await frame.fill('input', '42')
    await frame.click('button')
    await frame.waitForSelector('text=42 it is.')
    const height = await page.$eval('iframe.cw-frame', one => one.clientHeight)
    found.push({ shown, height, content: await frame.evaluate(() => document.documentElement.getBoundingClientRect().height) })
    await page.close()
  }
  console.log(JSON.stringify(found))
  await browser.close()
})()
