import { random } from '@conjugate/distributions'
import { checkArgument, invalidOption } from '@conjugate/em'
import { above, exactly, finite, numbers } from '@conjugate/em/schema'
import { columnSquares, type Matrix, principalAxes, sumOf, tabulate } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { matrixOf } from '../checks/parameters.js'
import type { FitError } from '../errors.js'
import { type FactorAnalysis, type FactorAnalysisParameters, noiseVarianceOf } from './model.js'

/** Loadings whose columns would be 0 stay there: none is smaller than this share of the deviation along its axis. */
const LEAST = 1e-6

/**
 * The start at the principal axes, of columns in units of their own where each has noise of its own: with one noise variance
 * it is the maximum of the likelihood, sigma^2 the mean of the variances along the other axes and
 * W = V (Lambda - sigma^2 I)^(1/2). Source: Tipping and Bishop, Probabilistic principal component analysis (1999).
 */
export const atPrincipalAxes = (model: FactorAnalysis, count: number, root: Matrix): FactorAnalysisParameters => {
  const { factors: q, noise } = model
  const d = root.columns
  const deviations = columnSquares(root).map(v => (v > 0 && noise === 'diagonal' ? Math.sqrt(v) : 1))
  const axes = principalAxes({ ...root, data: tabulate(root.data.length, at => root.data[at]! / deviations[at % d]!) })
  const rest = axes.slice(q)
  // As many factors as columns: any noise up to the least variance is as likely.
  const shared =
    rest.length > 0 ? rest.reduce((sum, a) => sum + a.variance, 0) / rest.length : axes[q - 1]!.variance / 2
  const variance = noiseVarianceOf(model)
  const lengths = axes.slice(0, q).map(a => Math.sqrt(Math.max(a.variance - shared, LEAST * a.variance)))
  const loading = (i: number, k: number): number => deviations[i]! * lengths[k]! * axes[k]!.axis[i]!
  return {
    loadings: { rows: d, columns: q, data: tabulate(d * q, at => loading(Math.floor(at / q), at % q)) },
    noiseVariances: tabulate(d, i => {
      if (noise === 'isotropic') return variance(shared, count * d)
      // What the factors leave of the variance of a column, term by term.
      const left = axes.reduce((sum, a, k) => sum + (k < q ? shared : a.variance) * a.axis[i]! ** 2, 0)
      return variance(deviations[i]! ** 2 * left, count)
    }),
  }
}

/** Loadings drawn at random, of the size of the data, whose columns have these variances. */
export const atRandom = (
  { factors: q }: FactorAnalysis,
  variances: Float64Array,
  seed: number,
): FactorAnalysisParameters => {
  const d = variances.length
  const meanVariance = sumOf(variances) / d
  const stream = random(seed)
  const draw = (): number => Math.sqrt(meanVariance / q) * stream.normal()
  return {
    loadings: { rows: d, columns: q, data: tabulate(d * q, draw) },
    noiseVariances: new Float64Array(d).fill(meanVariance),
  }
}

/** Checks parameters to start from. Errors: loadings or variances have other sizes, or are no finite numbers. */
export const checkStart = (
  { factors, noise }: FactorAnalysis,
  columns: number,
  start: FactorAnalysisParameters,
): E.Either<FitError, FactorAnalysisParameters> =>
  pipe(
    checkArgument(
      'start',
      exactly(
        { loadings: matrixOf(finite, columns, factors), noiseVariances: numbers(above(0), columns) },
        'an object of loadings and noiseVariances',
      ),
    )(start),
    E.chain(({ loadings, noiseVariances }): E.Either<FitError, FactorAnalysisParameters> => {
      const variances = Float64Array.from(noiseVariances)
      const other = noise === 'isotropic' ? variances.findIndex(v => v !== variances[0]) : -1
      return other < 0
        ? E.right({ loadings: { ...loadings, data: Float64Array.from(loadings.data) }, noiseVariances: variances })
        : invalidOption(
            `start.noiseVariances[${other}]`,
            `${variances[0]}, as the first, since there is one noise variance`,
            String(variances[other]),
          )
    }),
  )
