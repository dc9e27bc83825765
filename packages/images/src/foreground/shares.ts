import type { Point } from './path.js'
import type { SearchOptions, SegmentProgress, Size } from './types.js'

/** Where the parts of the work on a picture begin, as shares of all of it, by the time that they take. */
export const SHARES = { coarse: 0.1, fine: 0.6, windows: 0.8 }

/** A point of a path on a picture, as it is told. */
type Told = Required<Pick<SegmentProgress, 'objective' | 'found'>>

/** Says where the work stands: a share that never becomes less, whatever is done again. */
export type Tell = (stage: string, share: number, point?: Told) => unknown

/** What is told of a point on a picture of a size. */
export const toldOf = ({ objective, expectation }: Point, { width, height }: Size): Told => ({
  objective,
  found: { width, height, labels: expectation.statistics.labels },
})

export const teller = ({ onIteration }: Pick<SearchOptions, 'onIteration'>): Tell => {
  let furthest = 0
  return (stage, share, point) => {
    furthest = Math.max(furthest, share)
    return onIteration?.({ stage, share: furthest, ...point })
  }
}

/** How far a path is along a part of the work, after so many of its steps. */
export const along = ([from, to]: readonly [number, number], step: number, steps: number): number =>
  from + (to - from) * Math.min(1, step / Math.max(1, steps))

/** A part of a part: the i-th of `count`. */
export const nth = ([from, to]: readonly [number, number], i: number, count: number): readonly [number, number] => [
  from + ((to - from) * i) / count,
  from + ((to - from) * (i + 1)) / count,
]
