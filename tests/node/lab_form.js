// Forms in JupyterLab: in each notebook runs all cells, chooses the last option of the first list of the form, and
// prints what stands below the form before and after. Arguments: the browser, and the addresses of the notebooks.
const { chromium } = require('playwright-core')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

// What stands in outputs, the form itself aside.
const shown = () => [...document.querySelectorAll('.jp-CodeCell .jp-OutputArea-child')]
  .map(one => one.innerText).filter(text => !text.includes('Season'))

;(async () => {
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: [...flags, ...sandbox] })
  const found = []
  for (const address of process.argv.slice(3)) {
    const page = await browser.newPage({ viewport: { width: 1200, height: 1200 } })
    page.setDefaultTimeout(90000)
    await page.goto(address)
    await page.waitForFunction(() => window.jupyterapp && document.querySelector('.jp-Notebook .jp-CodeCell'))
    await page.evaluate(() => window.jupyterapp.started)
    await page.evaluate(() => window.jupyterapp.shell.currentWidget.sessionContext.ready)
    await page.evaluate(() => window.jupyterapp.commands.execute('notebook:run-all-cells'))
    await page.getByLabel('Season').waitFor()
    const says = word => page.waitForFunction(`(${shown})().some(text => text.includes('${word}'))`)
    await says('Bahrain')
    const before = await page.evaluate(shown)
    await page.getByLabel('Season').selectOption({ index: 1 })
    await says('Australia')
    await page.getByLabel('Round').selectOption({ label: 'China' })
    await says('China')
    found.push({ before, after: await page.evaluate(shown), labels: await page.$$eval('.widget-label', all => all.map(one => one.innerText)) })
    await page.close()
  }
  console.log(JSON.stringify(found))
  await browser.close()
})()
