// A button "Keep my work" in the toolbar of each notebook. Written as JupyterLab loads extensions, so that nothing has to be built.
(() => {
  let scope
  const shared = async name => (await Object.values(scope[name])[0].get())()
  const plugin = {
    id: 'coursewright-keep:button',
    autoStart: true,
    activate: async app => {
      const { Widget } = await shared('@lumino/widgets')
      const base = JSON.parse(document.getElementById('jupyter-config-data').textContent).baseUrl
      const open = () => window.open(base + 'coursewright/keep', '_blank')
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
