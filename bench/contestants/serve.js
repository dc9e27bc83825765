import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const MEGABYTE = 1024

/**
 * The most memory this program ever held, in megabytes. Where there is one, `VmHWM` is taken: `maxRSS` starts from what
 * the parent held when it started this program.
 */
const peakMegabytes = () => {
  try {
    const [, kilobytes] = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    if (kilobytes !== undefined) return Number(kilobytes) / MEGABYTE
  } catch {
    // No such file but on Linux.
  }
  return process.resourceUsage().maxRSS / MEGABYTE
}

/**
 * Answers requests of any kind, line by line, until there are no more.
 * @param {(request: any) => Promise<object>} run
 */
export const answerLines = async run => {
  for await (const line of createInterface({ input: process.stdin })) {
    /** @type {object} */
    let answer
    try {
      answer = await run(JSON.parse(line))
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) }
    }
    console.log(JSON.stringify({ ...answer, peakMegabytes: peakMegabytes() }))
  }
}

/**
 * Answers requests to iterate.
 * @param {(request: import('../types.js').Request) => Promise<import('../types.js').Answer>} run
 */
export const serve = run => answerLines(run)
