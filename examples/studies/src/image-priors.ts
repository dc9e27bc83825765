import { identity } from '@conjugate/linalg'
import { assignmentSettings, compareAssignments, type FitError, fit, gaussianMixture, predict } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { boundaryLength, pottsLabels } from './potts.js'
import { MAST, type Scene } from './scene.js'

export interface Segmented {
  readonly coupling: number
  readonly labels: Int32Array
  /** The share of pixels outside their region. */
  readonly errorRate: number
  /** The share of the pixels of the masts that are found. */
  readonly mastsFound: number
  /** Boundaries over those of the truth. */
  readonly boundary: number
}

const REGIONS = 4

/** Labels of a scene with and without the prior, from the same fitted mixture of four colours. */
export const studyImagePrior = (
  { colours, truth, width }: Scene,
  couplings: ReadonlyArray<number>,
): TE.TaskEither<FitError, ReadonlyArray<Segmented>> =>
  pipe(
    TE.fromEither(
      gaussianMixture({
        components: REGIONS,
        concentration: 2,
        prior: { mean: [0.5, 0.5, 0.5], meanPrecision: 0.01, degreesOfFreedom: 5, scale: identity(3) },
      }),
    ),
    TE.bindTo('mixture'),
    // Started from the truth: the question is what the labels gain, not whether EM finds the colours.
    TE.bindW('fitted', ({ mixture }) =>
      fit(mixture, colours, { ...assignmentSettings, start: { _tag: 'labels', labels: truth } }),
    ),
    TE.bindW('prediction', ({ mixture, fitted }) => predict(mixture, fitted, colours)),
    TE.chainEitherKW(({ prediction: { responsibilities } }) =>
      E.traverseArray((coupling: number) => {
        const labels = pottsLabels(responsibilities, { width, coupling })
        const masts = Array.from(truth).flatMap((region, n) => (region === MAST ? [n] : []))
        return pipe(
          compareAssignments(labels, truth),
          E.map(({ matched }) => ({
            coupling,
            labels,
            errorRate: 1 - matched,
            mastsFound: masts.filter(n => labels[n] === MAST).length / masts.length,
            boundary: boundaryLength(labels, width) / boundaryLength(truth, width),
          })),
        )
      })(couplings),
    ),
  )
