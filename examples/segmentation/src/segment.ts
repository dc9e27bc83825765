import { random } from '@conjugate/distributions'
import { identity, toRows } from '@conjugate/linalg'
import {
  describeFitError,
  fit,
  type GaussianMixtureFit,
  type GaussianMixtureFitOptions,
  gaussianMixture,
  type FitError as ModelError,
} from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Colours } from './colours.js'
import type { Settings } from './options.js'
import type { FitError, OnProgress, Segmentation } from './segmentation.js'
import { drawColours } from './start.js'

const COLUMNS = 3

const optionsOf = (
  settings: Settings,
  rowWeights: Float64Array,
  indices: readonly number[],
  onProgress: OnProgress,
): GaussianMixtureFitOptions => {
  const { iterations, tolerance, acceleration, backend } = settings
  return {
    iterations,
    ...(tolerance !== undefined && { tolerance }),
    acceleration,
    backend,
    rowWeights,
    // They are distinct.
    groupRows: false,
    start: { _tag: 'rows', indices },
    onIteration: ({ iteration }) => onProgress(iteration.index),
  }
}

const summarise = (fitted: GaussianMixtureFit): Segmentation => ({
  backend: fitted.backend,
  logProbs: fitted.objectives,
  ending: {
    stoppedBy: fitted.stoppedBy,
    converged: fitted.converged,
    rounding: fitted.rounding,
    lastGain: fitted.lastGain,
  },
  components: fitted.components.map(({ mean, covariance }, k) => ({
    mean: Array.from(mean),
    covariance: toRows(covariance),
    weight: fitted.weights[k] ?? 0,
  })),
  labels: fitted.assignments,
})

const heightOf = (fitted: E.Either<ModelError, GaussianMixtureFit>): number =>
  E.isRight(fitted) ? (fitted.right.objectives.at(-1) ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY

/** A later start is better by more than rounding, so that of the same end twice it is the first that counts. */
const ROUNDING = 1e-12

/** The best of some fits, one after the other; the first error where none succeeds. */
const best =
  ([first, ...others]: readonly TE.TaskEither<ModelError, GaussianMixtureFit>[]): TE.TaskEither<
    ModelError,
    GaussianMixtureFit
  > =>
  async () => {
    let kept = await first!()
    for (const next of others) {
      const other = await next()
      const gain = heightOf(other) - heightOf(kept)
      if (E.isRight(other) && (E.isLeft(kept) || gain > ROUNDING * Math.abs(heightOf(kept)))) kept = other
    }
    return kept
  }

/**
 * The assignment's mixture: NIW(0, kappa0, nu0, I) on each component's colours, Dirichlet(alpha) on the weights. It is fitted
 * to distinct colours, each of which counts as often as it occurs among so many pixels. Errors: a fit fails.
 */
export const segment = (
  colours: Colours,
  pixels: number,
  settings: Settings,
  onProgress: OnProgress,
): TE.TaskEither<FitError, Segmentation> => {
  const { components, iterations, seed, restarts, 'init-pixels': given } = settings
  const startOf = (restart: number): readonly number[] =>
    given?.map(colours.rowOf) ?? drawColours(colours, pixels, components, random(seed, restart))
  return pipe(
    gaussianMixture({
      components,
      concentration: settings.alpha,
      prior: {
        mean: new Float64Array(COLUMNS),
        meanPrecision: settings.kappa0,
        degreesOfFreedom: settings.nu0,
        scale: identity(COLUMNS),
      },
    }),
    TE.fromEither,
    TE.chain(model =>
      best(
        Array.from({ length: restarts }, (_, restart) => () => {
          const progress = (done: number): void => onProgress(restart * iterations + done)
          return fit(model, colours.rows, optionsOf(settings, colours.weights, startOf(restart), progress))()
        }),
      ),
    ),
    TE.bimap((error): FitError => ({ _tag: 'FitFailed', reason: describeFitError(error) }), summarise),
  )
}
