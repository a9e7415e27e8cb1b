// Runs Python as browsers have it, in Node.js: reads {python, wheels, files, code} from standard input, which are the
// folder of Pyodide, paths of wheels, contents of files by their paths, and code; prints the text that the code leaves as `answer`.
const fs = require('fs')
const path = require('path')
const { pathToFileURL } = require('url')

async function main () {
  const { python: folder, wheels, files, code } = JSON.parse(fs.readFileSync(0, 'utf8'))
  const { loadPyodide } = await import(pathToFileURL(path.join(folder, 'pyodide.mjs')))
  globalThis.fetch = address => { throw new Error(`this would have left the machine: ${address}`) }
  const python = await loadPyodide({ indexURL: folder, stdout: text => process.stderr.write(`${text}\n`) })
  for (const wheel of wheels) python.unpackArchive(new Uint8Array(fs.readFileSync(wheel)), 'wheel')
  for (const [name, text] of Object.entries(files)) {
    python.FS.mkdirTree(path.posix.dirname(name))
    python.FS.writeFile(name, text)
  }
  python.runPython(code)
  process.stdout.write(python.globals.get('answer'))
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
