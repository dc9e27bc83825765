import type { Executor } from '@conjugate/executors'
import type { FitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { OPEN } from './hints.js'
import type { Level } from './level.js'
import { type Atoms, atomLogs, atomsOf } from './palette.js'
import { tallyOf } from './tally.js'

/** Colours that labels share in the beginning. */
export const ATOMS = 16

const ROUNDS = 3

/** All that is not known to be background. */
export const openLabels = ({ hints: { fixed } }: Level): Uint8Array => {
  const labels = new Uint8Array(fixed.length)
  for (let n = 0; n < labels.length; n++) labels[n] = fixed[n] === 0 ? 0 : 1
  return labels
}

/** The rectangle that is not known to be background. */
const extentOf = ({
  image: { width },
  hints: { fixed },
}: Level): Record<'left' | 'right' | 'top' | 'bottom', number> => {
  let [left, right, top, bottom] = [width, -1, -1, -1]
  for (let n = 0; n < fixed.length; n++) {
    if (fixed[n] === 0) continue
    const [column, row] = [n % width, Math.floor(n / width)]
    if (top < 0) top = row
    bottom = row
    if (column < left) left = column
    if (column > right) right = column
  }
  return { left, right, top, bottom }
}

/** The square of what is the radius of an ellipse that touches the sides. */
const ELLIPSE = 0.6

/** An ellipse in the middle of what is not known to be background. */
export const ellipseLabels = (level: Level): Uint8Array => {
  const { width } = level.image
  const { left, right, top, bottom } = extentOf(level)
  const [halfWidth, halfHeight] = [(right + 1 - left) / 2, (bottom + 1 - top) / 2]
  return openLabels(level).map((label, n) => {
    const u = ((n % width) + 0.5 - left) / halfWidth - 1
    const v = (Math.floor(n / width) + 0.5 - top) / halfHeight - 1
    return label === 1 && (u * u + v * v < ELLIPSE || level.hints.fixed[n] === 1) ? 1 : 0
  })
}

/** Costs of label 1 where labels differ in the weights of the atoms alone. */
export const atomCosts = ({ index, hints: { fixed, leaning, weights } }: Level, logs: Float64Array): Float64Array => {
  const costs = new Float64Array(index.length)
  for (let n = 0; n < costs.length; n++) {
    const u = index[n]!
    if (fixed[n] !== OPEN) costs[n] = fixed[n] === 1 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
    else costs[n] = (weights?.[n] ?? 1) * (logs[2 * u]! - logs[2 * u + 1]!) - (leaning?.[n] ?? 0)
  }
  return costs
}

/** Labels by colours that both labels share, in other shares. */
export const paletteLabels = (level: Level, atoms: Atoms, from: Uint8Array): E.Either<FitError, Uint8Array> => {
  let labels = from
  for (let round = 0; round < ROUNDS; round++) {
    const tally = tallyOf(level.index, labels, level.colours.rows, level.hints.weights)
    const cut = level.cut.resolve(atomCosts(level, atomLogs(atoms, tally, round === 0 ? 8 : 4)))
    if (E.isLeft(cut)) return cut
    const isSettled = cut.right.every((label, n) => label === labels[n])
    labels = cut.right
    if (isSettled) break
  }
  return E.right(labels)
}

/** The three beginnings from a box: colours that labels share, all of it, and an ellipse in it. */
export const boxStarts =
  (executor: Executor, level: Level): TaskEither<FitError, ReadonlyArray<Uint8Array>> =>
  async () => {
    const atoms = await atomsOf(executor, level.colours, ATOMS)()
    if (E.isLeft(atoms)) return atoms
    const palette = paletteLabels(level, atoms.right, openLabels(level))
    return E.isLeft(palette) ? palette : E.right([palette.right, openLabels(level), ellipseLabels(level)])
  }
