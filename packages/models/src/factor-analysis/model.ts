import { type InvalidParameter, type InverseGamma, inverseGamma } from '@conjugate/distributions'
import type { EMModel } from '@conjugate/em'
import { cholesky, inverse, inWords, logDeterminant, type Matrix, square, type Vector } from '@conjugate/linalg'
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
  /** Q, the number of hidden factors, at least 1. */
  readonly factors: number
  readonly noise: 'isotropic' | 'diagonal'
  /** The prior of each noise variance, or of the only one; without it the fit is maximum likelihood. */
  readonly noisePrior?: InverseGamma
}

/** The parameters of a factor analysis besides its mean. */
export interface FactorAnalysisParameters {
  /** The loadings W, D x Q, in units of the data. */
  readonly loadings: Matrix
  /** The diagonal of Psi, D numbers in squared units of the data. */
  readonly noiseVariances: Vector
}

/** What an E-step gathers: averages over the rows given the parameters. */
export interface FactorAnalysisStatistics {
  /** D x Q: (1/N) sum_n (x_n - mean) E[z_n]'. */
  readonly cross: Matrix
  /** Q x Q: (1/N) sum_n E[z_n z_n']. */
  readonly factors: Matrix
  /** E[z] of the rows of the root, one below the other. */
  readonly scores: Matrix
  /** Q x Q: Cov[z_n | x_n], whatever n. */
  readonly covariance: Matrix
}

/** An error in the definition of a factor analysis. */
export const failed = (parameter: string, expected: string, received: unknown): InvalidParameter => ({
  _tag: 'InvalidParameter',
  distribution: 'FactorAnalysis',
  parameter,
  expected,
  received: inWords(received),
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

/** A lower bound of the condition number of the matrix that a Cholesky factor is of. */
const conditionOf = (factor: Matrix): number => {
  const diagonal = Array.from({ length: factor.rows }, (_, i) => factor.data[i * factor.rows + i]!)
  return (Math.max(...diagonal) / Math.min(...diagonal)) ** 2
}

const inverseOf = (
  m: Matrix,
  parameter: string,
): E.Either<
  InvalidParameter,
  { readonly inverse: Matrix; readonly logDeterminant: number; readonly condition: number }
> =>
  pipe(
    cholesky(square(m.rows, (i, j) => 0.5 * (m.data[i * m.rows + j]! + m.data[j * m.rows + i]!))),
    E.bimap(
      () => failed(parameter, 'a positive definite matrix', 'one that is singular in float64'),
      factor => ({ inverse: inverse(factor), logDeterminant: logDeterminant(factor), condition: conditionOf(factor) }),
    ),
  )

/** Mean squares of the columns of R - Y W': sums of squares, in which nothing cancels. */
const residualSquares = (root: Matrix, scores: Matrix, loadings: Matrix): Float64Array => {
  const [d, q] = [root.columns, loadings.columns]
  const squares = new Float64Array(d)
  for (let m = 0; m < root.rows; m++)
    for (let i = 0; i < d; i++) {
      let rest = root.data[m * d + i]!
      for (let k = 0; k < q; k++) rest -= scores.data[m * q + k]! * loadings.data[i * q + k]!
      squares[i]! += rest * rest
    }
  return squares
}

/** The mode of a noise variance from a mean square of `count` numbers. */
export const noiseVarianceOf =
  ({ noisePrior }: FactorAnalysis) =>
  (meanSquare: number, count: number): number =>
    noisePrior === undefined
      ? meanSquare
      : (count * meanSquare + 2 * noisePrior.scale) / (count + 2 * noisePrior.shape + 2)

/**
 * The model of N rows of which EM has to know no more than R, of D columns, with R'R = (1/N) sum_n (x_n - mean)(x_n - mean)'.
 * The E-step inverts I + W' Psi^-1 W (Q x Q), whose condition a small noise does not spoil, and residuals are squares of
 * R (I - W beta)', beta = Cov[z] W' Psi^-1: noise keeps its digits down to the square of what R is rounded to.
 */
export const factorAnalysisModel =
  (model: FactorAnalysis) =>
  (count: number, root: Matrix): EMModel<FactorAnalysisParameters, FactorAnalysisStatistics, InvalidParameter> => {
    const { noise, noisePrior } = model
    const d = root.columns
    const variance = noiseVarianceOf(model)
    const none = { rows: d, columns: 0, data: new Float64Array(0) }
    const totals = residualSquares(root, { ...none, rows: root.rows }, none)
    const expect = ({ loadings, noiseVariances }: FactorAnalysisParameters) => {
      const q = loadings.columns
      const weighted: Matrix = {
        ...loadings,
        data: Float64Array.from(loadings.data as ArrayLike<number>, (w, at) => w / noiseVariances[Math.floor(at / q)]!),
      }
      const explained = product(transpose(loadings), weighted)
      return pipe(
        inverseOf(
          square(q, (i, j) => (i === j ? 1 : 0) + explained.data[i * q + j]!),
          'noiseVariances',
        ),
        E.map(({ inverse: covariance, logDeterminant: logDeterminantOfFactors, condition }) => {
          const scores = product(product(root, weighted), covariance)
          const squares = product(transpose(scores), scores)
          let sum = logDeterminantOfFactors
          let precision = 0
          for (const [i, r] of residualSquares(root, scores, loadings).entries()) {
            sum += Math.log(noiseVariances[i]!) + r / noiseVariances[i]!
            precision += Math.sqrt(totals[i]! / noiseVariances[i]!)
          }
          let ofScores = 0
          for (let k = 0; k < q; k++) ofScores += squares.data[k * q + k]!
          return {
            statistics: {
              cross: product(transpose(root), scores),
              factors: square(q, (i, j) => covariance.data[i * q + j]! + squares.data[i * q + j]!),
              scores,
              covariance,
            },
            logLikelihood: -0.5 * count * (d * Math.log(2 * Math.PI) + sum + ofScores),
            // A residual is off by what the numbers are that it is left of; scores are off by the condition of what they
            // solve, at a minimum, where that counts by its square.
            rounding:
              4 * Number.EPSILON * count * (d + precision) +
              count * ofScores * (1 + Math.max(...explained.data)) * (Number.EPSILON * condition) ** 2,
          }
        }),
      )
    }
    return {
      expect: p => TE.fromEither(expect(p)),
      maximize: ({ cross, factors, scores, covariance }) =>
        pipe(
          inverseOf(factors, 'loadings'),
          E.chain(({ inverse: ofFactors }) => {
            const loadings = product(cross, ofFactors)
            const q = loadings.columns
            const spread = product(loadings, covariance)
            const residuals = residualSquares(root, scores, loadings)
            for (let i = 0; i < d; i++)
              for (let k = 0; k < q; k++) residuals[i]! += spread.data[i * q + k]! * loadings.data[i * q + k]!
            const shared = residuals.reduce((a, b) => a + b, 0) / d
            const noiseVariances = residuals.map(r =>
              noise === 'isotropic' ? variance(shared, count * d) : variance(r, count),
            )
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
