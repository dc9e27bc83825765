import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startOf } from '../data/start.js'
import { disagreementOf } from './agreement.js'
import { startContestant } from './contestant-process.js'

/**
 * @typedef {import('../types.js').Answer} Answer
 * @typedef {import('../types.js').Contestant} Contestant
 * @typedef {import('../types.js').Dataset} Dataset
 * @typedef {import('../types.js').Objective} Objective
 * @typedef {import('../types.js').Request} Request
 * @typedef {import('../types.js').Result} Result
 */

/**
 * Writes the rows and the start of a data set where contestants read them.
 * @param {Dataset} dataset @param {string} folder
 */
const writeRequest = async (dataset, folder) => {
  const values = await dataset.values()
  const [rows, start] = [join(folder, 'rows.f64'), join(folder, 'start.f64')]
  writeFileSync(rows, values)
  writeFileSync(start, startOf(dataset, values))
  const { rows: n, columns: d, components: k, iterations, prior } = dataset
  return { rows, start, n, d, k, iterations, prior }
}

/** @param {Contestant} contestant @param {Request} request @returns {Promise<Answer>} */
const askOnce = async (contestant, request) => {
  const process = startContestant(contestant)
  const answer = await process.ask(request)
  await process.close()
  return answer
}

/** Compilers that watch a program at work need some of it before they know what to make fast. */
const WARM_UP_MILLISECONDS = 1000

/** A turn takes about as long, at the most: who is slow is asked for few iterations. */
const TURN_MILLISECONDS = 1000

/** @param {ReturnType<typeof startContestant>} process @param {Request} request @param {number} spent so far */
const warmUp = async (process, request, spent) => {
  for (let all = spent; all < WARM_UP_MILLISECONDS; ) {
    const { msPerIteration } = await process.ask(request)
    if (msPerIteration === undefined) return
    all += msPerIteration * request.iterations
  }
}

/** How many iterations a turn has. @param {number} most @param {number} msPerIteration in the turn before */
const iterationsOf = (most, msPerIteration) =>
  Math.max(1, Math.min(most, Math.round(TURN_MILLISECONDS / msPerIteration)))

/** After so many iterations log-likelihoods are compared. */
const CHECKED = 3

/**
 * Lets all contestants iterate on a data set: a round to warm up and to compare results, then rounds that count. In
 * each round everyone has one turn, so that whatever else the machine does meets all alike.
 * @param {Dataset} dataset
 * @param {ReadonlyArray<Contestant>} contestants
 * @param {{ reference: Contestant, repetitions: number, folder: string, say: (text: string) => void }} surroundings
 * @returns {Promise<ReadonlyArray<Result>>}
 */
export const compete = async (dataset, contestants, { reference, repetitions, folder, say }) => {
  const common = await writeRequest(dataset, folder)
  /** @param {Objective} objective @param {boolean} check @param {number} [iterations] @returns {Request} */
  const request = (objective, check, iterations = CHECKED) => ({ ...common, iterations, objective, check })
  const found = {
    map: (await askOnce(reference, request('map', true))).logLikelihood,
    ml: (await askOnce(reference, request('ml', true))).logLikelihood,
  }
  const entries = contestants.map(contestant => ({
    contestant,
    process: contestant.unavailable === undefined ? startContestant(contestant) : undefined,
    /** @type {Answer} */
    last: { ...(contestant.unavailable !== undefined && { error: contestant.unavailable }) },
    /** @type {number[]} */
    milliseconds: [],
    /** @type {number | undefined} */
    disagreement: undefined,
    iterations: 1,
  }))
  for (let round = 0; round <= repetitions; round++) {
    say(`${dataset.name}: ${round === 0 ? 'warming up' : `round ${round} of ${repetitions}`}`)
    for (const entry of entries) {
      if (entry.process === undefined || entry.last.error !== undefined) continue
      const { objective } = entry.contestant
      if (round === 0) {
        entry.last = await entry.process.ask(request(objective, true))
        entry.disagreement = disagreementOf(entry.last.logLikelihood, found[objective])
        entry.iterations = iterationsOf(dataset.iterations, entry.last.msPerIteration ?? TURN_MILLISECONDS)
        const spent = (entry.last.msPerIteration ?? 0) * CHECKED
        await warmUp(entry.process, request(objective, false, entry.iterations), spent)
      } else {
        entry.last = await entry.process.ask(request(objective, false, entry.iterations))
        if (entry.last.msPerIteration !== undefined) entry.milliseconds.push(entry.last.msPerIteration)
      }
    }
  }
  await Promise.all(entries.map(({ process }) => process?.close()))
  return entries.map(({ contestant, last, milliseconds, disagreement }) => ({
    contestant,
    version: last.version,
    milliseconds,
    peakMegabytes: last.peakMegabytes,
    disagreement,
    error: last.error,
  }))
}
