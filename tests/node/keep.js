// A learner's work kept in one session and brought back in the next, with the browser's own storage.
// Arguments: the browser, its folder, "keep" or "bring", the address of a notebook in JupyterLab, that of the page, the file of the download.
const { chromium } = require('playwright-core')

const [executablePath, folder, does, notebook, keep, file] = process.argv.slice(2)
const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
const flags = ['--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update']

const opened = async page => {
  await page.goto(notebook)
  await page.waitForFunction(() => window.jupyterapp && document.querySelector('.jp-Notebook .jp-CodeCell'))
  await page.evaluate(() => window.jupyterapp.shell.currentWidget.sessionContext.ready)
}

const inLab = async (context, page) => {
  await opened(page)
  await page.evaluate(async () => {
    const { model } = window.jupyterapp.shell.currentWidget.content
    model.cells.get(1).sharedModel.setSource('mine = 2')
  })
  await page.evaluate(() => window.jupyterapp.commands.execute('docmanager:save'))
  await page.evaluate(() => window.jupyterapp.commands.execute('notebook:run-all-cells'))
  const link = await page.waitForSelector('.jp-OutputArea a[download]')
  const downloads = page.waitForEvent('download')
  await link.click()
  await (await downloads).saveAs(file)
  const another = context.waitForEvent('page')
  await page.click('button.cw-keep')
  return [await link.textContent(), await another]
}

;(async () => {
  const context = await chromium.launchPersistentContext(folder, { executablePath, args: [...flags, ...sandbox], acceptDownloads: true })
  context.setDefaultTimeout(60000)
  const first = await context.newPage()
  const status = async page => {
    await page.waitForFunction(() => document.getElementById('said').textContent)
    return page.textContent('#said')
  }
  if (does === 'keep') {
    const [link, page] = await inLab(context, first)
    await page.waitForSelector('#store')
    const listed = await page.$$eval('li', all => all.map(one => one.textContent))
    await page.click('#store')
    const said = await status(page)
    await page.reload()
    await page.waitForSelector('#restore:not([hidden])')
    const after = await page.textContent('#said')
    console.log(JSON.stringify({ link, listed, said, after, address: new URL(page.url()).pathname }))
  } else {
    await opened(first)
    const told = await (await first.waitForSelector('.Toastify__toast:has-text("Your work")')).textContent()
    await first.waitForFunction(() => window.jupyterapp.shell.currentWidget.content.model.cells.length > 3)
    await first.goto(keep)
    const byItself = await status(first)
    await first.evaluate(() => { document.getElementById('said').textContent = '' })
    await first.click('#restore')
    const said = await status(first)
    await first.evaluate(() => { document.getElementById('said').textContent = '' })
    await first.setInputFiles('#file', file)
    const again = await status(first)
    // as if another session had kept it: this one has changes by now
    await first.evaluate(async () => stored('put', { ...await stored('get', course), session: 'another' }, course))
    await first.reload()
    console.log(JSON.stringify({ told, byItself, said, again, offered: await status(first) }))
  }
  await context.close()
})().catch(error => { console.error(error); process.exit(1) })
