import type { FitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { regionsOf } from '../grid/regions.js'
import type { Learnt } from './learnt.js'
import type { Level } from './level.js'
import { follow, type PathOptions, type Reached } from './path.js'

/** Labels without parts of the foreground in which there is no stroke; as they are where nobody has said what is foreground. */
export const withoutStrayParts = ({ image, hints: { fixed } }: Level, labels: Uint8Array): Uint8Array => {
  if (!fixed.includes(1)) return labels
  const { regions, labels: ofRegion } = regionsOf(image, labels)
  const isKnown = new Uint8Array(ofRegion.length)
  for (let n = 0; n < fixed.length; n++) if (fixed[n] === 1) isKnown[regions[n]!] = 1
  return labels.map((label, n) => (isKnown[regions[n]!] === 1 ? label : 0))
}

/** The same with these pixels known to be background. */
const knowing = (level: Level, labels: Uint8Array, kept: Uint8Array): Level => ({
  ...level,
  hints: { ...level.hints, fixed: level.hints.fixed.map((v, n) => (labels[n] === 1 && kept[n] === 0 ? 0 : v)) },
})

/** Where a path with strokes led to, and the objectives on the way there. */
export interface ReachedByStrokes extends Reached {
  /** Those of the path, which are not of the same labels as the last objective where parts were taken away. */
  readonly climbed: ReadonlyArray<number>
}

/**
 * Follows a path, and then takes away parts of the foreground that no stroke has touched: they are background from there on, with
 * the objective that this has.
 */
export const followStrokes =
  (level: Level, start: Learnt, options: PathOptions): TaskEither<FitError, ReachedByStrokes> =>
  async () => {
    const reached = await follow(level, start, options)()
    if (E.isLeft(reached)) return reached
    const climbed = reached.right.objectives
    const { parameters, expectation } = reached.right.last
    const { labels } = expectation.statistics
    const kept = withoutStrayParts(level, labels)
    if (kept === labels || kept.every((label, n) => label === labels[n])) return E.right({ ...reached.right, climbed })
    const known = { ...parameters, labels: kept }
    const settled = await follow(knowing(level, labels, kept), known, { ...options, iterations: 0 })()
    return E.isLeft(settled) ? settled : E.right({ ...settled.right, climbed })
  }
