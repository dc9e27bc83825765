import {
  type InvalidParameter,
  type InverseGamma,
  inverseGamma,
  type Validator,
  validator,
} from '@conjugate/distributions'
import type { EMModel } from '@conjugate/em'
import {
  add,
  cholesky,
  columnSquares,
  diagonal,
  identity,
  inverse,
  LOG_2PI,
  logDeterminant,
  type Matrix,
  matrixProduct,
  scale,
  sumOf,
  tabulate,
  transpose,
  type Vector,
} from '@conjugate/linalg'
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

/** An error in the definition of a factor analysis, or in its parameters. */
export const fail: Validator['fail'] = validator('FactorAnalysis').fail

/** Parameters as they are. Errors: a noise variance has vanished. */
export const checkNoise = (p: FactorAnalysisParameters): E.Either<InvalidParameter, FactorAnalysisParameters> => {
  const at = Array.from(p.noiseVariances).findIndex(v => !(v > 0))
  return at < 0 ? E.right(p) : fail(`noiseVariances[${at}]`, 'a positive number', p.noiseVariances[at])
}

interface Inverse {
  readonly inverse: Matrix
  readonly logDeterminant: number
  /** A lower bound of the condition number of the matrix. */
  readonly condition: number
}

/** Of a matrix that is symmetric up to rounding. */
const inverseOf = (m: Matrix, parameter: string): E.Either<InvalidParameter, Inverse> =>
  pipe(
    cholesky(scale(0.5)(add(transpose(m))(m))),
    E.map(factor => ({
      inverse: inverse(factor),
      logDeterminant: logDeterminant(factor),
      condition: (Math.max(...diagonal(factor)) / Math.min(...diagonal(factor))) ** 2,
    })),
    E.orElseW(() => fail(parameter, 'a positive definite matrix', 'one that is singular in float64')),
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
    const totals = columnSquares(root)
    const expect = ({ loadings, noiseVariances }: FactorAnalysisParameters) => {
      const q = loadings.columns
      const weighted: Matrix = {
        ...loadings,
        data: tabulate(d * q, at => loadings.data[at]! / noiseVariances[Math.floor(at / q)]!),
      }
      const explained = matrixProduct(transpose(loadings), weighted)
      return pipe(
        inverseOf(add(explained)(identity(q)), 'noiseVariances'),
        E.map(({ inverse: covariance, logDeterminant: logDeterminantOfFactors, condition }) => {
          const scores = matrixProduct(matrixProduct(root, weighted), covariance)
          const squares = matrixProduct(transpose(scores), scores)
          const ofScores = sumOf(diagonal(squares))
          let sum = logDeterminantOfFactors
          let precision = 0
          for (const [i, r] of residualSquares(root, scores, loadings).entries()) {
            sum += Math.log(noiseVariances[i]!) + r / noiseVariances[i]!
            precision += Math.sqrt(totals[i]! / noiseVariances[i]!)
          }
          return {
            statistics: {
              cross: matrixProduct(transpose(root), scores),
              factors: add(squares)(covariance),
              scores,
              covariance,
            },
            logLikelihood: -0.5 * count * (d * LOG_2PI + sum + ofScores),
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
            const loadings = matrixProduct(cross, ofFactors)
            const q = loadings.columns
            const spread = matrixProduct(loadings, covariance)
            const residuals = residualSquares(root, scores, loadings)
            for (let i = 0; i < d; i++)
              for (let k = 0; k < q; k++) residuals[i]! += spread.data[i * q + k]! * loadings.data[i * q + k]!
            const shared = sumOf(residuals) / d
            const noiseVariances = residuals.map(r =>
              noise === 'isotropic' ? variance(shared, count * d) : variance(r, count),
            )
            return checkNoise({ loadings, noiseVariances })
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
