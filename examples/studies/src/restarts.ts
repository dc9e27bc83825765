import { multivariateNormal, random } from '@conjugate/distributions'
import { identity, type Matrix, row, scale } from '@conjugate/linalg'
import { type FitError, fit, type GaussianMixtureFit, gaussianMixture } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

export interface RestartStudy {
  /** One fit for each start, in their order. */
  readonly fits: ReadonlyArray<GaussianMixtureFit>
  /** The highest last objective. */
  readonly best: number
  /** How many starts end no further below it than 1e-6 of its size. */
  readonly atBest: number
}

export interface RestartOptions {
  readonly components: number
  readonly starts: number
  readonly iterations: number
  /** Variance of the starting covariances, in squared units of the colours. */
  readonly width: number
  readonly seed: number
}

const TOLERANCE = 1e-6

/** Fits the assignment's mixture from means at random pixels, with starting covariances `width` I. */
export const studyRestarts = (
  colours: Matrix,
  { components, starts, iterations, width, seed }: RestartOptions,
): TE.TaskEither<FitError, RestartStudy> => {
  const columns = colours.columns
  const start = (number: number) => {
    const stream = random(seed, number)
    const drawn = Array.from({ length: components }, () => row(stream.integer(colours.rows))(colours))
    return pipe(
      E.sequenceArray(
        drawn.map(mean => multivariateNormal.make({ mean, covariance: scale(width)(identity(columns)) })),
      ),
      E.map(members => ({ weights: new Float64Array(components).fill(1 / components), components: members })),
    )
  }
  return pipe(
    TE.fromEither<FitError, ReturnType<typeof gaussianMixture> extends E.Either<infer _L, infer M> ? M : never>(
      gaussianMixture({
        components,
        concentration: 10,
        prior: {
          mean: new Float64Array(columns),
          meanPrecision: 1,
          degreesOfFreedom: columns + 1,
          scale: identity(columns),
        },
      }),
    ),
    TE.chain(mixture =>
      pipe(
        Array.from({ length: starts }, (_, i) => i),
        TE.traverseSeqArray(i =>
          pipe(
            TE.fromEither<FitError, ReturnType<typeof start> extends E.Either<infer _L, infer P> ? P : never>(start(i)),
            TE.chain(parameters => fit(mixture, colours, { iterations, start: { _tag: 'parameters', parameters } })),
          ),
        ),
      ),
    ),
    TE.map(fits => {
      const ends = fits.map(f => f.objectives.at(-1)!)
      const best = Math.max(...ends)
      return { fits, best, atBest: ends.filter(end => best - end <= TOLERANCE * Math.abs(best)).length }
    }),
  )
}

/** How many restarts it takes until one of them is at the best with a probability, where a share of the starts is. */
export const restartsNeeded = (share: number, probability: number): number =>
  share >= 1 ? 1 : share <= 0 ? Number.POSITIVE_INFINITY : Math.ceil(Math.log(1 - probability) / Math.log(1 - share))
