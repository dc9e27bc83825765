/**
 * What runs an example beside the page, as a text: workers that are made of a blob have the policy of the page, wherever the site
 * is served. It sends what is printed, the pictures among the exports, and how it ended.
 */
const program = () => {
  const LINES = 500
  let lines = 0
  const inspect = value => {
    if (typeof value === 'string') return value
    if (value instanceof Error) return String(value)
    if (ArrayBuffer.isView(value)) return `[${Array.from(value).slice(0, 100).join(', ')}]`
    if (typeof value !== 'object' || value === null) return String(value)
    try {
      return JSON.stringify(value, (_, v) => (ArrayBuffer.isView(v) ? Array.from(v).slice(0, 100) : v), 1).slice(
        0,
        10_000,
      )
    } catch {
      return String(value)
    }
  }
  const say = (kind, text) => {
    lines += 1
    if (lines <= LINES) postMessage({ kind, text })
    else if (lines === LINES + 1) postMessage({ kind: 'note', text: `only the first ${LINES} lines are shown` })
  }
  for (const kind of ['log', 'info', 'debug', 'warn', 'error'])
    console[kind] = (...values) =>
      say(kind === 'warn' || kind === 'error' ? 'error' : 'log', values.map(inspect).join(' '))
  const picture = value => {
    const text = value?._tag === 'Right' ? value.right : value
    return typeof text === 'string' && text.trimStart().startsWith('<svg') ? text : undefined
  }
  addEventListener('message', async ({ data }) => {
    const url = URL.createObjectURL(new Blob([data], { type: 'text/javascript' }))
    try {
      const began = performance.now()
      const found = await import(url)
      const seconds = (performance.now() - began) / 1000
      for (const value of Object.values(found))
        if (picture(value) !== undefined) postMessage({ kind: 'picture', text: picture(value) })
      postMessage({ kind: 'end', text: seconds < 0.1 ? 'done' : `done in ${seconds.toFixed(1)} s` })
    } catch (error) {
      postMessage({ kind: 'error', text: inspect(error) })
      postMessage({ kind: 'end', text: 'ended by an error' })
    } finally {
      URL.revokeObjectURL(url)
    }
  })
}

export const workerText = `(${program})()`
