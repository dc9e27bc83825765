import { printable } from './printable.js'
import { reasonOf } from './reason.js'

/** Where a program talks to a person. */
export interface Terminal {
  /** Writes text to standard output. Where that fails, the program goes on and says so at the end. */
  readonly say: (text: string) => void
  /** Writes one line to standard error, after the program's name. */
  readonly complain: (line: string) => void
}

/** The exit code of a program that failed for another reason than wrong use. */
export const FAILED = 1

const isClosedPipe = (error: Error): boolean => 'code' in error && error.code === 'EPIPE'

/**
 * Runs a program to its exit code. A reader of its output who leaves early (`| head`) changes nothing; output that cannot be
 * written is one line and a failure, and so is anything unexpected, or an end before there is an exit code.
 */
export const runProgram = (name: string, main: (terminal: Terminal) => Promise<number>): void => {
  let ended = false
  let failed = false
  const complain = (line: string): void => {
    process.stderr.write(`${name}: ${printable(line)}\n`)
  }
  const fail = (line: string): void => {
    if (!failed) complain(line)
    failed = true
    process.exitCode = FAILED
  }
  const unwritten = (error: Error): void => {
    if (!isClosedPipe(error)) fail(`standard output cannot be written (${reasonOf(error)})`)
  }
  process.stdout.on('error', unwritten)
  // There is nobody left to tell.
  process.stderr.on('error', () => {})
  process.once('uncaughtException', cause => {
    fail(`unexpected failure: ${reasonOf(cause)}`)
    process.exit(FAILED)
  })
  process.once('exit', code => {
    if (!ended && code === 0) fail('ended before it had a result')
  })
  const terminal: Terminal = {
    say: text => {
      process.stdout.write(text)
    },
    complain,
  }
  main(terminal)
    .then(
      code => {
        if (!failed) process.exitCode = code
      },
      (cause: unknown) => fail(`unexpected failure: ${reasonOf(cause)}`),
    )
    .finally(() => {
      ended = true
    })
}
