import type { Executor } from '@conjugate/executors'
import type { FitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { guessForeground } from './guess.js'
import { OPEN } from './hints.js'
import type { Level } from './level.js'
import { atomLogs, atomsOf } from './palette.js'
import type { PathOptions, Reached } from './path.js'
import { follow } from './path.js'
import { followStrokes, withoutStrayParts } from './settled.js'
import { learntFrom } from './start.js'
import { ATOMS, atomCosts, boxStarts } from './starts.js'
import { tallyOf } from './tally.js'

/** What the small picture led to, and what was presumed on the way. */
export interface Coarse {
  readonly reached: Reached
  /** By how many nats pixels are likelier to be foreground; where it was guessed. */
  readonly leaning?: Float64Array
  /** The probability that what was guessed gives to what became foreground, on the average of its pixels. */
  readonly certainty?: number
}

/** Steps of the path of each start, which mostly ends before. */
const ROUNDS = 8
const STROKE_ROUNDS = 3

/** Less than this share of what is open is no foreground. */
const LEAST_SHARE = 0.01

/** How a path is followed, given what it is called, the most M-steps that it takes, and which of how many paths it is. */
type Options = (stage: string, most: number, i?: number, count?: number) => PathOptions

const sum = (labels: ArrayLike<number>): number => {
  let total = 0
  for (let n = 0; n < labels.length; n++) total += labels[n]!
  return total
}

/** From a box: of three starts the one with the highest objective, of those that left a foreground. */
export const fromBox =
  (executor: Executor, level: Level, options: Options): TaskEither<FitError, Coarse> =>
  async () => {
    const starts = await boxStarts(executor, level)()
    if (E.isLeft(starts)) return starts
    const open = level.hints.fixed.reduce((count, v) => (v === 0 ? count : count + 1), 0)
    let best: { readonly reached: Reached; readonly isThere: boolean } | undefined
    for (const [i, labels] of starts.right.entries()) {
      const learnt = learntFrom(level, labels)
      if (E.isLeft(learnt)) return learnt
      const path = options(`start ${i + 1} of ${starts.right.length}`, ROUNDS, i, starts.right.length)
      const reached = await follow(level, learnt.right, path)()
      if (E.isLeft(reached)) return reached
      const { last } = reached.right
      const isThere = sum(last.expectation.statistics.labels) >= LEAST_SHARE * open
      const isHigher = best === undefined || last.objective > best.reached.last.objective
      if (best === undefined || (isThere === best.isThere ? isHigher : isThere))
        best = { reached: reached.right, isThere }
    }
    return E.right({ reached: best!.reached })
  }

/** Pixels of the whole picture that count beside those of strokes. */
const PSEUDO_PIXELS = 10

/** All strokes of a label together count as much as the rest of it, so that few pixels are heard. */
export const strokeWeights = (labels: Uint8Array, isStroke: Uint8Array): Float64Array => {
  const [strokes, rest] = [
    [0, 0],
    [0, 0],
  ]
  for (let n = 0; n < labels.length; n++) (isStroke[n] === 1 ? strokes : rest)[labels[n]!]!++
  return Float64Array.from(isStroke, (v, n) => (v === 1 ? Math.max(1, rest[labels[n]!]! / strokes[labels[n]!]!) : 1))
}

/** From strokes, and perhaps a box as well: what is like the strokes, without parts that none has touched. */
export const fromStrokes =
  (executor: Executor, level: Level, isStroke: Uint8Array, options: Options): TaskEither<FitError, Coarse> =>
  async () => {
    const atoms = await atomsOf(executor, level.colours, ATOMS)()
    if (E.isLeft(atoms)) return atoms
    const { index, colours, hints } = level
    const known = Float64Array.from(hints.fixed, (v, n) => (v === OPEN ? 0 : (hints.weights?.[n] ?? 1)))
    const labels = Uint8Array.from(hints.fixed, v => (v === 1 ? 1 : 0))
    const logs = atomLogs(atoms.right, tallyOf(index, labels, colours.rows, known), 8, PSEUDO_PIXELS)
    const cut = level.cut.resolve(atomCosts(level, logs))
    if (E.isLeft(cut)) return cut
    const start = withoutStrayParts(level, cut.right)
    const weights = strokeWeights(start, isStroke).map((w, n) => w * (hints.weights?.[n] ?? 1))
    const weighted = { ...level, hints: { ...hints, weights } }
    const learnt = learntFrom(weighted, start)
    if (E.isLeft(learnt)) return learnt
    const reached = await followStrokes(weighted, learnt.right, options('strokes', STROKE_ROUNDS))()
    if (E.isLeft(reached)) return reached
    const { climbed, ...end } = reached.right
    return E.right({ reached: { ...end, objectives: climbed } })
  }

/** Whether some of what can be seen is foreground, and some is not. */
export const hasBoth = (labels: Uint8Array, visibility: Float64Array | undefined): boolean => {
  const seen = [false, false]
  for (let n = 0; n < labels.length; n++) if (visibility === undefined || visibility[n]! > 0) seen[labels[n]!] = true
  return seen[0]! && seen[1]!
}

/** What a guess weighs beside the colours of both labels. */
const GUESS_WEIGHT = 0.3
/** By how much the bar is moved where nothing, or everything, would be foreground, in nats. */
const BAR_STEP = 0.5
const HIGHEST_BAR = 10

/** The colours that are likeliest on the average of their pixels, a tenth of all pixels at least; not all of the colours. */
const byColour = ({ index, colours }: Level, logOdds: Float64Array): Uint8Array => {
  const sums = new Float64Array(colours.rows)
  for (let n = 0; n < index.length; n++) sums[index[n]!]! += logOdds[n]!
  const { counts } = colours
  const seen = Array.from(counts.keys()).filter(u => counts[u]! > 0)
  const order = seen.sort((a, b) => sums[b]! / counts[b]! - sums[a]! / counts[a]! || a - b)
  const isTaken = new Uint8Array(colours.rows)
  let taken = 0
  for (const u of order.slice(0, -1)) {
    if (taken >= index.length / 10) break
    isTaken[u] = 1
    taken += counts[u]!
  }
  return Uint8Array.from(index, u => isTaken[u]!)
}

/** The tenth of all pixels that are likeliest. */
const byRank = (logOdds: Float64Array): Uint8Array => {
  const labels = new Uint8Array(logOdds.length)
  const order = Int32Array.from(logOdds.keys()).sort((a, b) => logOdds[b]! - logOdds[a]! || a - b)
  for (const n of order.subarray(0, Math.ceil(order.length / 10))) labels[n] = 1
  return labels
}

/** Labels by a guess alone, of which at least a hundredth is foreground, and as many are not. */
const guessedLabels = (level: Level, logOdds: Float64Array): E.Either<FitError, Uint8Array> => {
  const { weights } = level.hints
  let direction = 0
  for (let bar = 0; Math.abs(bar) <= HIGHEST_BAR; bar += BAR_STEP * direction) {
    const cut = level.cut.resolve(logOdds.map((h, n) => (weights?.[n] ?? 1) * (-h - bar)))
    if (E.isLeft(cut)) return cut
    const share = sum(cut.right) / logOdds.length
    const needed = share < LEAST_SHARE ? 1 : share > 1 - LEAST_SHARE ? -1 : 0
    if (needed === 0) return cut
    if (direction !== 0 && needed !== direction) break
    direction = needed
  }
  const coloured = byColour(level, logOdds)
  return E.right(hasBoth(coloured, weights) ? coloured : byRank(logOdds))
}

/** A level at which labels are what they are: a path leads to the colours that they have. */
export const settledAt = <L extends Pick<Level, 'hints'>>(level: L, labels: Uint8Array): L => ({
  ...level,
  hints: { ...level.hints, fixed: Int8Array.from(labels) },
})

/** From nothing: what is likely to be the foreground of a photo. */
export const fromGuess =
  (executor: Executor, level: Level, options: Options): TaskEither<FitError, Coarse> =>
  async () => {
    const guess = await guessForeground(executor, level.image)()
    if (E.isLeft(guess)) return guess
    const { logOdds, probabilities } = guess.right
    const labels = guessedLabels(level, logOdds)
    if (E.isLeft(labels)) return labels
    const leaning = logOdds.map(h => GUESS_WEIGHT * h)
    const { weights } = level.hints
    const seen = weights ? leaning.map((h, n) => h * weights[n]!) : leaning
    const leant = { ...level, hints: { ...level.hints, leaning: seen } }
    const learnt = learntFrom(leant, labels.right)
    if (E.isLeft(learnt)) return learnt
    let reached = await follow(leant, learnt.right, options('guess', ROUNDS))()
    // Where colours say nothing one label takes all: then the guess stands.
    if (E.isRight(reached) && !hasBoth(reached.right.last.expectation.statistics.labels, level.hints.weights))
      reached = await follow(settledAt(leant, labels.right), learnt.right, options('guess', ROUNDS))()
    if (E.isLeft(reached)) return reached
    const found = reached.right.last.expectation.statistics.labels
    const mass = probabilities.reduce((total, p, n) => (found[n] === 1 ? total + p : total), 0)
    return E.right({ reached: reached.right, leaning, certainty: mass / Math.max(1, sum(found)) })
  }
