import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ChainSteps, Chains } from '../../contract/chains.js'
import type { ChainsOf } from '../../contract/executor.js'
import { countSteps, noSteps, type Sequence, sequencesOf } from '../../contract/sequences.js'
import { drawBackwards, type Probable, probableOf } from '../../javascript/chains.js'
import { filterInLogs, smoothInLogs } from '../../javascript/chains-in-logs.js'
import { AFTER_CONSTANTS } from '../kernel/layout.js'
import { numbers } from '../kernel/transfer.js'
import { type LabelMemory, memoryOf } from './module.js'

/** What the kernel says of a sequence. */
const [WELL, LOST] = [0, 1]
const [NUMBER, LANES] = [8, 16]

/** As the kernel counts them. */
const LOSES: ReadonlyArray<Probable['loses']> = ['never', 'seen', 'everywhere']

/** How many numbers are copied at a time. */
const CHUNK = 65536

/** Where things are, in bytes. */
interface Places {
  readonly states: number
  /** The numbers of a row with its padding. */
  readonly width: number
  /** Steps as the kernel takes them, then counts, and room to work in. */
  readonly steps: number
  /** The log-likelihood of a sequence, in parts. */
  readonly likelihood: number
  readonly staging: number
  readonly chunkRows: number
  /** Probabilities of all rows, padded, or where the best paths came from. */
  readonly rows: number
  readonly end: number
}

const placesOf = (rows: number, states: number): Places => {
  const width = 2 * Math.ceil(states / 2)
  const chunkRows = Math.max(1, Math.min(rows, Math.floor(CHUNK / states)))
  const likelihood = AFTER_CONSTANTS + (3 + 3 * states) * width * NUMBER
  const staging = likelihood + 4 * NUMBER
  const first = LANES * Math.ceil((staging + chunkRows * states * NUMBER) / LANES)
  return {
    states,
    width,
    steps: AFTER_CONSTANTS,
    likelihood,
    staging,
    chunkRows,
    rows: first,
    end: first + rows * width * NUMBER,
  }
}

/** Writes steps for the kernel, with what pads them, and clears the counts. */
const writeSteps = (
  { memory, kernel }: LabelMemory,
  { states, width, steps }: Places,
  { initial, transitions }: ChainSteps,
  padding: number,
): void => {
  const size = states * width
  const all = numbers(memory.buffer, steps, width + 3 * size)
  all.fill(padding, 0, width + 2 * size).fill(0, width + 2 * size)
  all.set(initial)
  for (let i = 0; i < states; i++)
    for (let j = 0; j < states; j++) {
      all[width + i * width + j] = transitions[i * states + j]!
      all[width + size + j * width + i] = transitions[i * states + j]!
    }
  kernel.useChain(states, steps)
}

/** What was counted, times the probabilities of the steps. */
const countsIn = ({ memory }: LabelMemory, { states, width, steps }: Places, { transitions }: ChainSteps) => {
  const sums = numbers(memory.buffer, steps + (width + 2 * states * width) * NUMBER, states * width)
  const counts = noSteps(states)
  for (let i = 0; i < states; i++)
    for (let j = 0; j < states; j++) {
      const step = transitions[i * states + j]!
      if (step > 0) counts.transitions[i * states + j] = step * sums[i * width + j]!
    }
  return counts
}

/** Calls back for pieces of a sequence that have been copied to the kernel: the first row of each, among all, and their number. */
const forEachPiece = (
  { memory }: LabelMemory,
  { states, staging, chunkRows }: Places,
  { first, length }: Sequence,
  logDensities: Float64Array,
  visit: (row: number, rows: number) => boolean,
): void => {
  const chunk = numbers(memory.buffer, staging, chunkRows * states)
  for (let row = first; row < first + length; row += chunkRows) {
    const count = Math.min(chunkRows, first + length - row)
    chunk.set(logDensities.subarray(row * states, (row + count) * states))
    if (!visit(row, count)) return
  }
}

/** Copies rows of the kernel from `row` on, without their padding. */
const readRows = (
  { memory, kernel }: LabelMemory,
  { states, width, rows, staging, chunkRows }: Places,
  { first, length }: Sequence,
  target: Float64Array,
): void => {
  if (width === states) {
    const found = numbers(memory.buffer, rows + first * width * NUMBER, length * width)
    target.set(found, first * states)
    return
  }
  for (let row = first; row < first + length; row += chunkRows) {
    const count = Math.min(chunkRows, first + length - row)
    kernel.narrow(rows + row * width * NUMBER, count, staging)
    target.set(numbers(memory.buffer, staging, count * states), row * states)
  }
}

/** The forward pass over one sequence: its log-likelihood, or `undefined` where a probability is lost that counts. */
const filterOf =
  (place: LabelMemory, places: Places, logDensities: Float64Array) =>
  ({ loses }: Probable, sequence: Sequence): number | undefined => {
    const { memory, kernel } = place
    const { width, rows, staging, likelihood } = places
    const at = (row: number): number => rows + row * width * NUMBER
    let became = WELL
    kernel.beginSequence()
    forEachPiece(place, places, sequence, logDensities, (row, count) => {
      became = kernel.filter(staging, count, at(row), row === sequence.first ? 0 : at(row - 1), LOSES.indexOf(loses))
      return became === WELL
    })
    if (became !== WELL) return became === LOST ? undefined : Number.NEGATIVE_INFINITY
    kernel.endSequence(likelihood)
    const [maxima, exponents, product] = numbers(memory.buffer, likelihood, 3)
    return maxima! + Math.LN2 * (exponents! + Math.log2(product!))
  }

/** Where a path came from, backwards from its last state. */
const traced = (
  from: Uint16Array,
  states: number,
  first: number,
  length: number,
  last: number,
  labels: Int32Array,
): void => {
  let state = last
  for (let n = length - 1; n >= 0; n--) {
    labels[first + n] = state
    state = from[n * states + state]!
  }
}

const chainsIn = (place: LabelMemory, places: Places, lengths: ArrayLike<number>): Chains => {
  const { memory, kernel } = place
  const { states, rows: address, staging } = places
  const sequences = sequencesOf(lengths)
  const rows = sequences.reduce((sum, { length }) => sum + length, 0)
  return {
    smooth: (logSteps, logDensities, isSpent = false) => {
      const steps = probableOf(logSteps)
      const filterOne = filterOf(place, places, logDensities)
      const responsibilities = isSpent ? logDensities : new Float64Array(rows * states)
      const inLogs = noSteps(states)
      const logLikelihoods = new Float64Array(sequences.length)
      writeSteps(place, places, steps, 0)
      for (const [i, sequence] of sequences.entries()) {
        const found = filterOne(steps, sequence)
        if (found === undefined) {
          const logs = isSpent ? logDensities.slice() : logDensities
          logLikelihoods[i] = filterInLogs(logSteps, sequence, logs, responsibilities)
          smoothInLogs(logSteps, sequence, logLikelihoods[i], responsibilities, inLogs)
          continue
        }
        logLikelihoods[i] = found
        if (found === Number.NEGATIVE_INFINITY)
          responsibilities.fill(0, sequence.first * states, (sequence.first + sequence.length) * states)
        if (found === Number.NEGATIVE_INFINITY || sequence.length === 0) continue
        kernel.smooth(address + sequence.first * places.width * NUMBER, sequence.length)
        readRows(place, places, sequence, responsibilities)
        for (let j = 0; j < states; j++) inLogs.initial[j]! += responsibilities[sequence.first * states + j]!
      }
      const { transitions } = countsIn(place, places, steps)
      for (let i = 0; i < transitions.length; i++) transitions[i]! += inLogs.transitions[i]!
      return { responsibilities, counts: { initial: inLogs.initial, transitions }, logLikelihoods }
    },
    decode: (logSteps, logDensities) => {
      const labels = new Int32Array(rows)
      writeSteps(place, places, logSteps, Number.NEGATIVE_INFINITY)
      for (const sequence of sequences) {
        const { first, length } = sequence
        if (length === 0) continue
        forEachPiece(place, places, sequence, logDensities, (row, count) => {
          kernel.best(staging, count, address + (row - first) * states * 2, row === first)
          return true
        })
        const best = numbers(memory.buffer, kernel.bestAddress(), states)
        let last = 0
        for (let j = 1; j < states; j++) if (best[j]! > best[last]!) last = j
        if (best[last] === Number.NEGATIVE_INFINITY) labels.fill(-1, first, first + length)
        else traced(new Uint16Array(memory.buffer, address, length * states), states, first, length, last, labels)
      }
      return labels
    },
    sample: (logSteps, logDensities, seed) => {
      const steps = probableOf(logSteps)
      const filterOne = filterOf(place, places, logDensities)
      const filtered = new Float64Array(rows * states)
      const labels = new Int32Array(rows)
      writeSteps(place, places, steps, 0)
      for (const sequence of sequences) {
        const { first, length } = sequence
        const found = filterOne(steps, sequence)
        if (found !== undefined) readRows(place, places, sequence, filtered)
        const logLikelihood = found ?? filterInLogs(logSteps, sequence, logDensities, filtered)
        const isLost = found === undefined
        if (logLikelihood === Number.NEGATIVE_INFINITY) labels.fill(-1, first, first + length)
        else drawBackwards(isLost ? logSteps : steps, sequence, filtered, isLost, seed, labels)
      }
      return labels
    },
    count: countSteps(states, sequences),
  }
}

/** Chains on the kernel, in the calling thread: one sequence is no work that can be divided. */
export const chainsOnKernel: ChainsOf = (states, lengths) => {
  const places = placesOf(
    Array.from(lengths).reduce((a, b) => a + b, 0),
    states,
  )
  return pipe(
    memoryOf(places.end),
    TE.map(place => chainsIn(place, places, lengths)),
  )
}
