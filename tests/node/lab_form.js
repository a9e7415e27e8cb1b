// Forms in JupyterLab: in each notebook runs all cells, chooses the last option of the first list of the form, and
// prints what stands below the form before and after. Arguments: the browser, and the addresses of the notebooks.
const { each } = require('./labs.js')

// What stands in outputs, the form itself aside.
const shown = () => [...document.querySelectorAll('.jp-CodeCell .jp-OutputArea-child')]
  .map(one => one.innerText).filter(text => !text.includes('Season'))

each(process.argv[2], process.argv.slice(3), 1200, async page => {
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
  return { before, after: await page.evaluate(shown), labels: await page.$$eval('.widget-label', all => all.map(one => one.innerText)) }
})
