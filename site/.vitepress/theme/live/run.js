import { toModule } from './transform.js'
import { workerText } from './worker.js'

/** Addresses of the modules that examples may import, by name. */
const addressesBelow = async base => {
  const folder = new URL(`${base}modules/`, location.href).href
  const answer = await fetch(`${folder}modules.json`)
  if (!answer.ok) throw new Error('the modules of the examples cannot be loaded')
  return Object.fromEntries(Object.entries(await answer.json()).map(([name, file]) => [name, folder + file]))
}

let addresses

/** Runs code in a worker of its own. `hear` gets { kind, text }; the last has the kind `end`. Gives what stops it. */
export const run = async (code, base, hear) => {
  addresses ??= addressesBelow(base)
  let script
  try {
    script = toModule(code, await addresses)
  } catch (error) {
    addresses = undefined
    hear({ kind: 'error', text: error instanceof Error ? error.message : String(error) })
    hear({ kind: 'end', text: 'not run' })
    return () => {}
  }
  const url = URL.createObjectURL(new Blob([workerText], { type: 'text/javascript' }))
  const worker = new Worker(url, { type: 'module' })
  worker.onmessage = ({ data }) => hear(data)
  worker.onerror = event => {
    hear({ kind: 'error', text: event.message ?? 'the worker failed' })
    hear({ kind: 'end', text: 'ended by an error' })
  }
  worker.postMessage(script)
  return () => {
    worker.terminate()
    URL.revokeObjectURL(url)
  }
}
