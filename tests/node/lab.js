// Notebooks in JupyterLab or Notebook: opens each, runs all of its cells, and prints what is shown below each of them.
// Arguments: the browser, how many cells there are, and the addresses of the notebooks with their token.
const { each } = require('./labs.js')

each(process.argv[2], process.argv.slice(4), 3000, async page => {
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
  return { shown, height, content: await frame.evaluate(() => document.documentElement.getBoundingClientRect().height) }
})
