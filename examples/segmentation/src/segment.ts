import { identity, type Matrix, toRows } from '@conjugate/linalg'
import {
  describeFitError,
  fit,
  type GaussianMixtureFit,
  type GaussianMixtureFitOptions,
  gaussianMixture,
} from '@conjugate/models'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { RgbImage } from './image.js'
import type { Settings } from './options.js'
import type { FitError, OnProgress, Segmentation, Segmenter } from './segmentation.js'

const COLUMNS = 3

/** One row per pixel: red, green and blue from 0 to 1. */
const colours = ({ width, height, rgb }: RgbImage): Matrix => {
  // A loop, not `Float64Array.from`: large photos have some ten million values.
  const data = new Float64Array(rgb.length)
  for (let i = 0; i < rgb.length; i++) data[i] = (rgb[i] ?? 0) / 255
  return { rows: width * height, columns: COLUMNS, data }
}

const optionsOf = (settings: Settings, onProgress: OnProgress): GaussianMixtureFitOptions => {
  const { iterations, seed, restarts, acceleration, backend, 'init-pixels': indices } = settings
  return {
    iterations,
    seed,
    restarts,
    acceleration,
    backend,
    ...(indices && { start: { _tag: 'rows', indices } }),
    onIteration: ({ restart, iteration }) => onProgress(restart * iterations + iteration.index),
  }
}

const summarise = ({
  backend,
  distinctRows,
  logProbs,
  components,
  weights,
  assignments,
}: GaussianMixtureFit): Segmentation => ({
  backend,
  distinctColours: distinctRows < assignments.length ? distinctRows : undefined,
  logProbs,
  components: components.map(({ mean, covariance }, k) => ({
    mean: Array.from(mean),
    covariance: toRows(covariance),
    weight: weights[k] ?? 0,
  })),
  labels: assignments,
})

/** The assignment's mixture: NIW(0, kappa0, nu0, I) on each component's colours, Dirichlet(alpha) on the weights. */
export const segment: Segmenter = (image, settings, onProgress) =>
  pipe(
    gaussianMixture({
      components: settings.components,
      concentration: settings.alpha,
      prior: {
        mean: new Float64Array(COLUMNS),
        meanPrecision: settings.kappa0,
        degreesOfFreedom: settings.nu0,
        scale: identity(COLUMNS),
      },
    }),
    TE.fromEither,
    TE.chain(model => fit(model)(colours(image), optionsOf(settings, onProgress))),
    TE.bimap((error): FitError => ({ _tag: 'FitFailed', reason: describeFitError(error) }), summarise),
  )
