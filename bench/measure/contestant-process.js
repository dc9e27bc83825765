import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** @typedef {import('../types.js').Answer} Answer */

/** Seconds after which a contestant that has not answered is ended, so that the bench is. */
const LIMIT = 120

/**
 * Starts a contestant. It answers requests one by one, and ends when it is closed.
 * @param {Pick<import('../types.js').Program, 'command' | 'environment'>} contestant
 */
export const startContestant = ({ command: [program, ...args], environment }) => {
  const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] })
  let complaint = ''
  /** @type {(answer: Answer) => void} */
  let resolve = () => {}
  /** @type {string | undefined} */
  let ended
  /** @type {() => void} */
  let gone = () => {}
  const closed = new Promise(done => {
    gone = () => done(undefined)
  })
  const end = (/** @type {string} */ reason) => {
    ended ??= reason
    resolve({ error: ended })
    gone()
  }
  child.stderr.on('data', chunk => {
    complaint = `${complaint}${chunk}`.slice(-2000)
  })
  child.stdin.on('error', () => {})
  child.on('error', error => end(error.message))
  child.on('close', (code, signal) => {
    const lastLine = complaint.trim().split('\n').at(-1)
    end(`ended with ${signal ?? code}${lastLine ? `: ${lastLine}` : ''}`)
  })
  createInterface({ input: child.stdout }).on('line', line => resolve(parse(line)))
  return {
    /** @param {import('../types.js').Request} request @returns {Promise<Answer>} */
    ask: request =>
      new Promise(answered => {
        const timer = setTimeout(() => {
          ended ??= `no answer in ${LIMIT} s`
          child.kill('SIGKILL')
        }, 1000 * LIMIT)
        resolve = answer => {
          clearTimeout(timer)
          answered(answer)
        }
        if (ended === undefined) child.stdin.write(`${JSON.stringify(request)}\n`)
        else resolve({ error: ended })
      }),
    close: () => {
      child.stdin.end()
      return closed
    },
  }
}

/** @param {string} line @returns {Answer} */
const parse = line => {
  try {
    return JSON.parse(line)
  } catch {
    return { error: `said ${line.slice(0, 100)}` }
  }
}
