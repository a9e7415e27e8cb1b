// R in the page: webR has a worker of its own, and stopping is ending it.
const LONGEST = 1e6 // letters that one run may show, as in Python

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
      let left = LONGEST
      const told = (kind, content) => {
        if (left <= 0) return
        show({ kind, content: content.slice(0, left) })
        left -= content.length
        if (left <= 0) show({ kind: 'notice', content: `\n${window.cwKept.said.cut}\n` })
      }
      // An error ends the code, but a line that was not ended before it comes out after it.
      const inOrder = [...output.filter(each => each.type !== 'error'), ...output.filter(each => each.type === 'error')]
      for (const { type, data } of inOrder) {
        if (type === 'stdout') told('output', `${data}\n`)
        else if (type === 'stderr') told('notice', `${data}\n`)
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
