// R in the page: webR has a worker of its own, and stopping is ending it.
export class RSession {
  async start ({ base, setup }) {
    const { WebR, ChannelType } = await import(new URL('webr.js', base))
    this.r = new WebR({ baseUrl: base, channelType: ChannelType.PostMessage, interactive: false })
    await this.r.init()
    for (const code of setup) await this.r.evalRVoid(code)
  }

  async run (code, show) {
    const shelter = await new this.r.Shelter()
    try {
      const { output, images } = await shelter.captureR(code, {
        withAutoprint: true, throwJsException: false, captureGraphics: { width: 672, height: 480, bg: 'white' }
      })
      let well = true
      for (const { type, data } of output) {
        if (type === 'stdout') show({ kind: 'output', content: `${data}\n` })
        else if (type === 'stderr') show({ kind: 'notice', content: `${data}\n` })
        else {
          const said = await (await shelter.evalR('conditionMessage(said)', { env: { said: data } })).toString()
          const [kind, before, after] = type === 'error' ? ['error', 'Error: ', '\n'] : ['notice', type === 'warning' ? 'Warning: ' : '', type === 'warning' ? '\n' : '']
          if (type === 'error') well = false
          show({ kind, content: before + said + after })
        }
      }
      for (const image of images) show({ kind: 'bitmap', content: image })
      return well
    } finally {
      await shelter.purge()
    }
  }

  stop () { this.r?.close() }
}
