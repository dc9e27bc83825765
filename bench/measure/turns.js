import { startContestant } from './contestant-process.js'

/**
 * @typedef {import('../types.js').Program} Program
 * @typedef {{ name: string, version: string, answers: ReadonlyArray<any>, error: string | undefined }} Told
 */

/**
 * Asks programs turn by turn, each a process of its own, so that whatever else the machine does meets all alike. Rounds to warm up
 * do not count: compilers learn in them what is to be fast. Who fails is asked no more.
 * @param {ReadonlyArray<Program>} programs
 * @param {{ warmUp: number, rounds: number, request: (name: string, round: number) => object }} what
 * @returns {Promise<ReadonlyArray<Told>>}
 */
export const inTurns = async (programs, { warmUp, rounds, request }) => {
  const entries = programs.map(program => ({
    name: program.name,
    process: program.unavailable === undefined ? startContestant(program) : undefined,
    version: program.name,
    /** @type {any[]} */
    answers: [],
    error: program.unavailable,
  }))
  for (let round = 0; round < warmUp + rounds; round++)
    for (const entry of entries) {
      if (entry.process === undefined || entry.error !== undefined) continue
      const answer = /** @type {any} */ (await entry.process.ask(/** @type {any} */ (request(entry.name, round))))
      entry.error = answer.error
      if (answer.version !== undefined) entry.version = `${entry.name} (${answer.version})`
      if (round >= warmUp && answer.error === undefined) entry.answers.push(answer)
    }
  await Promise.all(entries.map(({ process }) => process?.close()))
  return entries.map(({ process: _, ...told }) => told)
}

/** One figure of all answers. @param {Told} told @param {string} name @returns {ReadonlyArray<number>} */
export const figuresOf = ({ answers }, name) =>
  answers.flatMap(answer => (typeof answer[name] === 'number' ? [answer[name]] : []))
