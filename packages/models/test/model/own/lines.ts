// Components of somebody else's: lines through the origin, y = slope x and noise of variance 1, which no executor knows.

import { normal } from '@conjugate/distributions'
import type { ComponentModel, ComponentPosteriors, FitError, LoadedComponents } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

export type Point = readonly [x: number, y: number]

interface Posterior {
  readonly slope: number
  /** Of the slope. */
  readonly variance: number
}

/** Lines that are known as `P`. */
interface LinesAs<P, Q> {
  readonly data: ReadonlyArray<Point | null>
  readonly component: P
  readonly posterior: Q
  /** Sums of x^2 and x y. */
  readonly statistics: { readonly xx: number; readonly xy: number }
}

export type Lines = LinesAs<{ readonly slope: number }, Posterior>

/** What points and posteriors differ in: what is left of a posterior, and how it is known. */
interface Estimates<P> {
  readonly of: (posterior: Posterior) => P
  readonly variance: (line: P) => number
  readonly logPrior: (line: P) => number
  readonly toNumbers: (line: P) => ReadonlyArray<number>
  readonly fromNumbers: (numbers: ReadonlyArray<number>) => P
}

/** log p(y | x) of a known slope. */
export const lineLogProb = (slope: number, [x, y]: Point): number => normal.logProb({ mean: slope * x, variance: 1 })(y)

/** K lines whose slopes are normal about 0. */
export const lines = (count: number, variance: number): ComponentModel<Lines> => {
  const prior = { mean: 0, variance }
  const posteriorOf = ({ xx, xy }: Lines['statistics']): Posterior => {
    const precision = xx + 1 / variance
    return { slope: xy / precision, variance: 1 / precision }
  }
  const points: Estimates<{ readonly slope: number }> = {
    of: ({ slope }) => ({ slope }),
    variance: () => 0,
    logPrior: ({ slope }) => normal.logProb(prior)(slope),
    toNumbers: ({ slope }) => [slope],
    fromNumbers: ([slope]) => ({ slope: slope! }),
  }
  const posteriors: Estimates<Posterior> = {
    of: posterior => posterior,
    variance: line => line.variance,
    logPrior: line => -normal.klDivergence({ mean: line.slope, variance: line.variance })(prior),
    toNumbers: line => [line.slope, Math.log(line.variance)],
    fromNumbers: ([slope, logVariance]) => ({ slope: slope!, variance: Math.exp(logVariance!) }),
  }

  const loaded = <P extends { readonly slope: number }, Q>(
    estimates: Estimates<P>,
    data: Lines['data'],
    width: number,
  ): LoadedComponents<LinesAs<P, Q>> => ({
    rows: data.length,
    backend: 'plain loops',
    fingerprint: () => [Float64Array.from(data.flatMap(point => point ?? [Number.NaN, Number.NaN]))],
    logDensities: all =>
      TE.right(
        Float64Array.from(
          data.flatMap(point =>
            all.map(line =>
              point === null ? 0 : lineLogProb(line.slope, point) - 0.5 * estimates.variance(line) * point[0] ** 2,
            ),
          ),
        ),
      ),
    weightedStatistics: (_, q) =>
      TE.right(
        Array.from({ length: count }, (_k, k) => {
          let [xx, xy] = [0, 0]
          for (const [n, point] of data.entries())
            if (point !== null) {
              xx += q[n * count + k]! * point[0] ** 2
              xy += q[n * count + k]! * point[0] * point[1]
            }
          return { xx, xy }
        }),
      ),
    start: (_, random) =>
      TE.right({
        components: Array.from({ length: count }, () =>
          estimates.of({ slope: random.normal() * Math.sqrt(variance), variance }),
        ),
      }),
    maximize: statistics => E.right(statistics.map(s => estimates.of(posteriorOf(s)))),
    logPrior: all => all.reduce((sum, line) => sum + estimates.logPrior(line), 0),
    coordinates: {
      toVector: all => Float64Array.from(all.flatMap(estimates.toNumbers)),
      fromVector: v =>
        E.right(
          Array.from({ length: count }, (_, k) =>
            estimates.fromNumbers(Array.from(v.slice(k * width, (k + 1) * width))),
          ),
        ),
    },
    rounding: () => 0,
    dispose: () => {},
  })

  const shared = { name: 'lines', definition: { variance }, states: count, freeParameters: count }
  const read = (data: Lines['data']): E.Either<FitError, Lines['data']> => {
    const row = data.findIndex(point => point !== null && !(point.length === 2 && point.every(Number.isFinite)))
    return row < 0
      ? E.right(data)
      : E.left({ _tag: 'UnreadableData', row, expected: 'two finite numbers', received: String(data[row]) })
  }
  const check = <P>(components: unknown): E.Either<FitError, ReadonlyArray<P>> =>
    Array.isArray(components) && components.length === count
      ? E.right(components)
      : E.left({ _tag: 'InvalidOption', option: 'components', expected: `${count} lines`, received: 'others' })
  const variational: ComponentModel<ComponentPosteriors<Lines>> = {
    ...shared,
    load: (_, data) => async () =>
      E.map((rows: Lines['data']) => loaded<Posterior, never>(posteriors, rows, 2))(read(data)),
    check,
  }
  return {
    ...shared,
    load: (_, data) => async () =>
      E.map((rows: Lines['data']) => loaded<Lines['component'], Posterior>(points, rows, 1))(read(data)),
    check,
    variational: () => variational,
    draw: statistics => random =>
      E.right(
        statistics.map(s => {
          const { slope, variance: v } = posteriorOf(s)
          return { slope: slope + Math.sqrt(v) * random.normal() }
        }),
      ),
  }
}
