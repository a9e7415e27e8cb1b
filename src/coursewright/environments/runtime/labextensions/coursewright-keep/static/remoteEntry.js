// A button "Keep my work" in the toolbar of each notebook, and what the browser kept brought back when a session begins. Written as JupyterLab loads extensions, so that nothing has to be built.
(() => {
  let scope
  const shared = async name => (await Object.values(scope[name])[0].get())()
  // The page does it, in a frame that nobody sees, and says what came of it; notebooks that are open are read again.
  const bringBack = async (app, page, open) => {
    const known = indexedDB.databases ? await indexedDB.databases() : [{ name: 'coursewright-keep' }]
    if (!known.some(one => one.name === 'coursewright-keep')) return
    const { Notification } = await shared('@jupyterlab/apputils')
    const frame = document.createElement('iframe')
    frame.hidden = true
    window.addEventListener('message', async ({ source, data }) => {
      if (source !== frame.contentWindow) return
      frame.remove()
      if (!data.text) return
      const actions = [{ label: 'Show', callback: open }]
      Notification.info(data.text.split('\n')[0], { autoClose: false, actions })
      for (const { context } of app.shell.widgets('main')) {
        if (!context) continue
        await context.ready
        if (!context.model.dirty) await context.revert()
      }
    })
    frame.src = page
    document.body.append(frame)
  }
  const plugin = {
    id: 'coursewright-keep:button',
    autoStart: true,
    activate: async app => {
      const { Widget } = await shared('@lumino/widgets')
      const base = JSON.parse(document.getElementById('jupyter-config-data').textContent).baseUrl
      const page = base + 'coursewright/keep'
      const open = () => window.open(page, '_blank')
      app.restored.then(() => bringBack(app, page, open))
      app.commands.addCommand('coursewright:keep', { label: 'Keep my work', execute: open })
      app.docRegistry.addWidgetExtension('Notebook', {
        createNew: panel => {
          const button = document.createElement('button')
          button.textContent = 'Keep my work'
          button.className = 'cw-keep jp-ToolbarButtonComponent'
          button.title = 'Download what you have changed, or bring it back'
          button.onclick = () => panel.context.save().then(open, open)
          const widget = new Widget({ node: button })
          panel.toolbar.insertItem(11, 'coursewright-keep', widget)
          return widget
        }
      })
    }
  }
  window._JUPYTERLAB = window._JUPYTERLAB || {}
  window._JUPYTERLAB['coursewright-keep'] = {
    init: given => { scope = given },
    get: () => Promise.resolve(() => ({ __esModule: true, default: plugin }))
  }
})()
