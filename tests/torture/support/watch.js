// Runs cases in a process that says what it is about to do, so that one that never ends, or takes the process with it, is
// found, named and passed over.
import { fork } from 'node:child_process'

/** Milliseconds that one call may take; many run on two busy cores. */
const LONGEST = 10_000

/** Bytes that the process may hold, in millions. */
const LARGEST = 1500

/**
 * Runs the cases of a module, from number 0 to `count`, and gathers what it complains of. The module gets
 * `{ ...data, first, count }` as JSON in its first argument, and sends `{ begun, label }` before and `{ violation }` after a
 * case where there is one, and `{ done: true }` at its end. How many were tried is less than `count` where the module itself fails.
 */
export const watch = async (module, count, data) => {
  const violations = []
  let [next, untried] = [0, 0]
  const round = () =>
    new Promise(resolve => {
      let [current, since] = [undefined, Date.now()]
      const child = fork(module, [JSON.stringify({ ...data, first: next, count })], {
        execArgv: [`--max-old-space-size=${LARGEST}`],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      })
      let complaint = ''
      child.stderr.on('data', text => {
        complaint = (complaint + text).slice(-2000)
      })
      let killedFor
      const timer = setInterval(() => {
        if (current === undefined || Date.now() - since < LONGEST) return
        killedFor = 'never ends'
        child.kill('SIGKILL')
      }, 200)
      child.on('message', message => {
        if (message.violation) violations.push(message.violation)
        if (message.begun !== undefined) [current, since] = [message, Date.now()]
        if (message.done) next = count
      })
      child.on('exit', () => {
        clearInterval(timer)
        if (next < count) {
          const kind = killedFor ?? 'ends the process'
          const text = complaint.match(/(FATAL ERROR|Error).*/)?.[0] ?? complaint.slice(0, 300)
          violations.push({
            kind,
            case: current?.begun ?? next,
            label: current?.label ?? 'before its first case',
            text,
          })
          // Where it ends before its first case nothing can be tried, and nobody shall take that for done.
          if (current === undefined) untried = count - next
          next = current === undefined ? count : current.begun + 1
        }
        resolve()
      })
    })
  while (next < count) await round()
  return { violations, tried: count - untried }
}
