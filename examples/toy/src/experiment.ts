import { type InvalidParameter, type MultivariateNormal, multivariateNormal, random } from '@conjugate/distributions'
import { identity, type Matrix } from '@conjugate/linalg'
import { assignmentSettings, type FitError, fit, type GaussianMixtureFit, gaussianMixture } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Settings } from './options.js'

const COLUMNS = 2
const TRUE_MEANS = [
  [5, 5],
  [8, 8],
] as const
const POINTS_PER_CLUSTER = 200
const ITERATIONS = 300

/** The fit draws its starts from the streams 0, 1, ... of the seed: this one is as far from them as can be. */
const POINT_STREAM = 2 ** 32 - 1

export interface Experiment {
  readonly truth: readonly MultivariateNormal[]
  /** N x 2, one cluster after the other. */
  readonly points: Matrix
  readonly fitted: GaussianMixtureFit
}

const clusters: E.Either<InvalidParameter, readonly MultivariateNormal[]> = pipe(
  TRUE_MEANS,
  RA.traverse(E.Applicative)(mean => multivariateNormal.make({ mean, covariance: identity(COLUMNS) })),
)

const draw = (truth: readonly MultivariateNormal[], seed: number): Matrix => {
  const stream = random(seed, POINT_STREAM)
  const rows = truth.flatMap(cluster => {
    const sample = multivariateNormal.sample(cluster)
    return Array.from({ length: POINTS_PER_CLUSTER }, () => Array.from(sample(stream)))
  })
  return { rows: rows.length, columns: COLUMNS, data: Float64Array.from(rows.flat()) }
}

/** K = 2, alpha = 1, mu_0 = 0, kappa_0 = 1, nu_0 = 3, Sigma_0 = I. */
const model = gaussianMixture({
  components: TRUE_MEANS.length,
  concentration: 1,
  prior: { mean: [0, 0], meanPrecision: 1, degreesOfFreedom: 3, scale: identity(COLUMNS) },
})

/** Draws the points of the assignment's toy experiment and fits the mixture to them. */
export const runExperiment = ({ seed, restarts, backend }: Settings): TE.TaskEither<FitError, Experiment> =>
  pipe(
    TE.Do,
    TE.bind('truth', () => TE.fromEither<FitError, readonly MultivariateNormal[]>(clusters)),
    TE.let('points', ({ truth }) => draw(truth, seed)),
    TE.bind('fitted', ({ points }) =>
      fit(model, points, { ...assignmentSettings, seed, restarts, backend, iterations: ITERATIONS }),
    ),
  )
