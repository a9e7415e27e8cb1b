// The worker in which Python runs: the page stays usable, and stopping is ending it.
const LONGEST = 1e6 // letters that one run may show
let carryOut
let left = 0
let waiting = null // text that is not told yet, and since when

function tell () {
  if (waiting) postMessage({ shown: { kind: waiting.kind, content: waiting.text } })
  waiting = null
}
function show (kind, content) {
  if (left <= 0) return
  left -= content.length
  if (left <= 0) content = { output: content.slice(0, left), notice: content.slice(0, left) }[kind] ?? ''
  const isText = kind === 'output' || kind === 'notice'
  if (waiting && (!isText || waiting.kind !== kind || Date.now() - waiting.since > 100)) tell()
  if (isText) {
    waiting ??= { kind, text: '', since: Date.now() }
    waiting.text += content
  } else postMessage({ shown: { kind, content } })
  if (left <= 0) {
    tell()
    postMessage({ cut: true })
  }
}

async function start ({ base, wheels, setup }) {
  const packages = await Promise.all(wheels.map(async wheel => {
    const answer = await fetch(wheel)
    if (!answer.ok) throw new Error(`${wheel}: ${answer.status}`)
    return answer.arrayBuffer()
  }))
  const { loadPyodide } = await import(new URL('pyodide.mjs', base))
  const python = await loadPyodide({ indexURL: base, env: { HOME: '/home/pyodide', MPLBACKEND: 'agg' } })
  for (const each of packages) python.unpackArchive(each, 'wheel')
  const side = await (await fetch(new URL('python.py', import.meta.url))).text()
  const module = python.toPy({})
  python.runPython(side, { globals: module })
  carryOut = module.get('begin')(show)
  python.runPython(setup)
}

onmessage = async ({ data }) => {
  try {
    if (data.start) {
      await start(data.start)
      postMessage({ ready: true })
    } else {
      left = LONGEST
      const well = await carryOut(data.run)
      tell()
      postMessage({ done: well })
    }
  } catch (error) {
    postMessage({ broken: String(error.message || error) })
  }
}
