// The Python and the R of a page, in workers: the page stays usable, and stopping is ending one.
(() => {
  'use strict'
  const { said, fill } = window.cwKept
  const parts = 'PARTS'
  const here = document.currentScript.src
  const at = path => new URL(path, here).href
  const NAMES = { python: 'Python', r: 'R' }

  // One Python and one R at the most, from the first run on; what they know is gone when they are stopped.
  class PythonSession {
    start ({ base, setup, wheels }) {
      this.worker = new Worker(at('python.js'), { type: 'module' })
      return this.answer({ start: { base, setup: setup.join('\n'), wheels } })
    }

    run (code, show) { return this.answer({ run: code }, show) }

    answer (message, show) {
      return new Promise((resolve, reject) => {
        this.worker.onerror = event => { event.preventDefault(); reject(new Error(event.message || '')) }
        this.worker.onmessage = ({ data }) => {
          if (data.shown) show(data.shown)
          else if (data.cut) show({ kind: 'notice', content: `\n${said.cut}\n` })
          else if (data.broken !== undefined) reject(new Error(data.broken))
          else resolve(data.done)
        }
        this.worker.postMessage(message)
      })
    }

    stop () { this.worker?.terminate() }
  }
  const sessions = {}

  class Stopped extends Error {}

  async function begun (language, page, tell) {
    if (sessions[language]) return sessions[language]
    tell(fill(said.starting, { language: NAMES[language], ...parts[language] }))
    const session = language === 'r' ? new (await import(at('r.js'))).RSession() : new PythonSession()
    const setup = [page.setup[language]]
    if (language === 'r') {
      for (const name of page.tables) {
        const answer = await fetch(at(`tables/${encodeURIComponent(name)}.R`))
        if (!answer.ok) throw new Error(`${name}: ${answer.status}`)
        setup.push(await answer.text())
      }
    }
    const own = { session, ran: new Set(), stop: null }
    sessions[language] = own
    own.stopped = new Promise((resolve, reject) => { own.stop = () => reject(new Stopped()) })
    own.stopped.catch(() => {})
    try {
      const base = at(parts[language].folder)
      await Promise.race([session.start({ base, setup, wheels: page.wheels.map(at) }), own.stopped])
    } catch (error) {
      end(language)
      throw error
    }
    return own
  }
  function end (language) {
    sessions[language]?.session.stop()
    sessions[language]?.stop()
    delete sessions[language]
  }

  window.cwSessions = { parts, at, NAMES, Stopped, begun, end }
})()
