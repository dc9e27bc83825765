import type { GaussianStatistics, MultivariateNormal } from '@conjugate/distributions'
import type { Executor } from '@conjugate/executors'
import type { RowsLike, Vector } from '@conjugate/linalg'
import {
  componentsOf,
  type FitError,
  type GaussianMixture,
  type LoadedComponents,
  type MixtureComponents,
} from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CountedRows } from './prior.js'

/** Gaussians of colours on an executor. */
export type Gaussians = LoadedComponents<
  MixtureComponents<RowsLike, Vector, MultivariateNormal, GaussianStatistics, unknown>
>

const same = <A>(a: A): A => a

/** The same Gaussians in the coordinates of the colours; their statistics stay about the centre of the computation. */
const inColours = (gaussians: Gaussians): Gaussians => {
  const { inward = same, outward = same } = gaussians.moves ?? {}
  const inner = (components: ReadonlyArray<MultivariateNormal>): ReadonlyArray<MultivariateNormal> =>
    components.map(inward)
  const outer = E.map(found => (found as ReadonlyArray<MultivariateNormal>).map(outward))
  const { coordinates } = gaussians
  return {
    ...gaussians,
    get backend() {
      return gaussians.backend
    },
    logDensities: components => gaussians.logDensities(inner(components)),
    weightedStatistics: (components, q) => gaussians.weightedStatistics(inner(components), q),
    maximize: (statistics, current) => outer(gaussians.maximize(statistics, current && inner(current))) as never,
    logPrior: components => gaussians.logPrior(inner(components)),
    coordinates: {
      toVector: components => coordinates.toVector(inner(components)),
      fromVector: vector => outer(coordinates.fromVector(vector)),
    },
    rounding: (components, counts, logLikelihood) =>
      gaussians.rounding(inner(components), counts, logLikelihood) +
      (gaussians.roundingOfDensities?.(inner(components), counts) ?? 0),
  }
}

/** Brings colours to an executor, where they stay until the Gaussians are disposed of. */
export const loadGaussians = (
  mixture: GaussianMixture,
  executor: Executor,
  colours: CountedRows,
): TE.TaskEither<FitError, Gaussians> =>
  pipe(
    componentsOf(mixture).load(executor, colours),
    TE.map(loaded => inColours(loaded as unknown as Gaussians)),
  )
