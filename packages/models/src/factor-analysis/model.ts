import { type InvalidParameter, type InverseGamma, inverseGamma } from '@conjugate/distributions'
import type { EMModel } from '@conjugate/em'
import { cholesky, inverse, logDeterminant, type Matrix, square, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

/**
 * x_n = W z_n + mean + e_n with Q factors z_n ~ N(0, I) and noise e_n ~ N(0, Psi), where Psi is diagonal, or a multiple of I,
 * which makes it probabilistic PCA. The noise variances may have an inverse gamma prior.
 * Source: Tipping and Bishop, Probabilistic principal component analysis (1999); Rubin and Thayer, EM algorithms for ML factor
 * analysis (1982).
 */
export interface FactorAnalysis {
  /** Q. */
  readonly factors: number
  readonly noise: 'isotropic' | 'diagonal'
  /** Of each noise variance, or of the one; none is maximum likelihood. */
  readonly noisePrior?: InverseGamma
}

export interface FactorAnalysisParameters {
  /** D x Q: W. */
  readonly loadings: Matrix
  /** D: the diagonal of Psi. */
  readonly noiseVariances: Vector
}

/** Averages over the rows, given the parameters. */
export interface FactorAnalysisStatistics {
  /** D x Q: (1/N) sum_n (x_n - mean) E[z_n]'. */
  readonly cross: Matrix
  /** Q x Q: (1/N) sum_n E[z_n z_n']. */
  readonly factors: Matrix
}

/** What is wrong with a factor analysis. */
export const failed = (parameter: string, expected: string, received: unknown): InvalidParameter => ({
  _tag: 'InvalidParameter',
  distribution: 'FactorAnalysis',
  parameter,
  expected,
  received: String(received),
})

const transpose = ({ rows, columns, data }: Matrix): Matrix => ({
  rows: columns,
  columns: rows,
  data: Float64Array.from({ length: data.length }, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!),
})

/** A B. */
const product = (a: Matrix, b: Matrix): Matrix => ({
  rows: a.rows,
  columns: b.columns,
  data: Float64Array.from({ length: a.rows * b.columns }, (_, at) => {
    const [i, j] = [Math.floor(at / b.columns), at % b.columns]
    let sum = 0
    for (let k = 0; k < a.columns; k++) sum += a.data[i * a.columns + k]! * b.data[k * b.columns + j]!
    return sum
  }),
})

const inverseOf = (
  m: Matrix,
  parameter: string,
): E.Either<InvalidParameter, { readonly inverse: Matrix; readonly logDeterminant: number }> =>
  pipe(
    cholesky(square(m.rows, (i, j) => 0.5 * (m.data[i * m.rows + j]! + m.data[j * m.rows + i]!))),
    E.bimap(
      () => failed(parameter, 'a positive definite matrix', 'one that is singular in float64'),
      factor => ({ inverse: inverse(factor), logDeterminant: logDeterminant(factor) }),
    ),
  )

/** The model of N rows whose covariance about their mean (D x D, divided by N) is S: all that EM needs of them. */
export const factorAnalysisModel =
  ({ noise, noisePrior }: FactorAnalysis) =>
  (count: number, s: Matrix): EMModel<FactorAnalysisParameters, FactorAnalysisStatistics, InvalidParameter> => {
    const d = s.rows
    const expect = ({ loadings, noiseVariances }: FactorAnalysisParameters) => {
      const q = loadings.columns
      const w = transpose(loadings)
      const explained = product(loadings, w)
      const covariance = square(d, (i, j) => explained.data[i * d + j]! + (i === j ? noiseVariances[i]! : 0))
      return pipe(
        inverseOf(covariance, 'noiseVariances'),
        E.map(c => {
          const beta = product(w, c.inverse)
          const cross = product(s, transpose(beta))
          const [betaW, betaCross] = [product(beta, loadings), product(beta, cross)]
          const quotient = product(c.inverse, s)
          let trace = 0
          for (let i = 0; i < d; i++) trace += quotient.data[i * d + i]!
          return {
            statistics: {
              cross,
              factors: square(q, (i, j) => (i === j ? 1 : 0) - betaW.data[i * q + j]! + betaCross.data[i * q + j]!),
            },
            logLikelihood: -0.5 * count * (d * Math.log(2 * Math.PI) + c.logDeterminant + trace),
          }
        }),
      )
    }
    /** The mode of a variance from a mean square of n numbers. */
    const variance = (meanSquare: number, n: number): number =>
      noisePrior === undefined ? meanSquare : (n * meanSquare + 2 * noisePrior.scale) / (n + 2 * noisePrior.shape + 2)
    return {
      expect: p => TE.fromEither(expect(p)),
      maximize: ({ cross, factors }) =>
        pipe(
          inverseOf(factors, 'loadings'),
          E.chain(({ inverse: ofFactors }) => {
            const loadings = product(cross, ofFactors)
            const explained = product(loadings, transpose(cross))
            const residuals = Float64Array.from(
              { length: d },
              (_, i) => s.data[i * d + i]! - explained.data[i * d + i]!,
            )
            const shared = residuals.reduce((a, b) => a + b, 0) / d
            const noiseVariances =
              noise === 'isotropic'
                ? residuals.map(() => variance(shared, count * d))
                : residuals.map(r => variance(r, count))
            const wrong = noiseVariances.findIndex(v => !(v > 0))
            return wrong < 0
              ? E.right({ loadings, noiseVariances })
              : E.left(failed(`noiseVariances[${wrong}]`, 'a positive number', noiseVariances[wrong]))
          }),
        ),
      logPrior: ({ noiseVariances }) =>
        noisePrior === undefined
          ? 0
          : Array.from(noiseVariances)
              .slice(0, noise === 'isotropic' ? 1 : undefined)
              .reduce((sum, v) => sum + inverseGamma.logProb(noisePrior)(v), 0),
    }
  }
