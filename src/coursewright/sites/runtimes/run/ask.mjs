// Asks Coursewright's own Python, which is begun with the first question and stays; one that does not answer is ended.
const LONGEST = 120000 // milliseconds

const running = new Map() // by what it was begun with

function begin (where, name) {
  const worker = new Worker(new URL('ours.js', import.meta.url), { type: 'module' })
  const waiting = new Map()
  let ready
  const started = new Promise((resolve, reject) => { ready = { resolve, reject } })
  const end = error => {
    worker.terminate()
    running.delete(name)
    ready.reject(error)
    for (const { reject } of waiting.values()) reject(error)
  }
  worker.onerror = event => end(new Error(event.message || 'Python does not start'))
  worker.onmessage = ({ data }) => {
    if (data.ready) return ready.resolve()
    if (data.number === undefined) return end(new Error(data.error))
    const { resolve, reject } = waiting.get(data.number)
    waiting.delete(data.number)
    return data.error === undefined ? resolve(data.said) : reject(new Error(data.error))
  }
  worker.postMessage({ start: where })
  let number = 0
  return async (module, asked) => {
    await started
    const mine = number++
    const late = setTimeout(() => end(new Error('Python takes too long')), LONGEST)
    try {
      return await new Promise((resolve, reject) => {
        waiting.set(mine, { resolve, reject })
        worker.postMessage({ number: mine, module, asked })
      })
    } finally {
      clearTimeout(late)
    }
  }
}

// What `answer` of a module of ours says; `where` has the folder of Pyodide and the wheels, as seen from this script.
export async function ask (where, module, asked) {
  const name = JSON.stringify(where)
  if (!running.has(name)) running.set(name, begin(where, name))
  const said = JSON.parse(await running.get(name)(module, JSON.stringify(asked)))
  if (said.error !== undefined) throw new Error(said.error)
  return said
}
