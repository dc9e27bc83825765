import type { Matrix, UnreadableData, Vector } from '@conjugate/linalg'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'

/** The names by which a user chooses where the data side of a fit runs. */
export type BackendName = 'wasm' | 'tensorflow' | 'javascript' | 'webgl' | 'webgpu'

export type ExecutorError =
  | UnreadableData
  | { readonly _tag: 'BackendUnavailable'; readonly backend: string; readonly reason: string; readonly hint: string }
  | { readonly _tag: 'NonFiniteData'; readonly row: number; readonly column: number; readonly value: number }
  | { readonly _tag: 'InvalidRowWeight'; readonly row: number; readonly value: number }
  | {
      readonly _tag: 'NonFiniteParameter'
      readonly parameter: string
      readonly component: number
      readonly value: number
    }
  | { readonly _tag: 'ShapeMismatch'; readonly what: string; readonly expected: number; readonly received: number }
  | { readonly _tag: 'ExecutionFailed'; readonly backend: string; readonly reason: string }

/**
 * K weighted densities whose logarithm is quadratic in a row x of D columns, in whitened form:
 *
 *     log w_k p_k(x) = logConstant[k] - 1/2 || whitening_k (x - mean_k) ||^2
 *
 * For a Gaussian, `whitening` is the inverse of the lower Cholesky factor of the covariance and
 * `logConstant` is log weight - D/2 log(2 pi) + log|whitening|. A component of weight zero has `-Infinity`.
 */
export interface QuadraticDensities {
  readonly _tag: 'Quadratic'
  readonly components: number
  readonly columns: number
  /** K x D, row-major, relative to the origin given at load. */
  readonly mean: Float64Array
  /** K x D x D, row-major; lower triangular, zeros above the diagonal. */
  readonly whitening: Float64Array
  /** K. */
  readonly logConstant: Float64Array
}

/**
 * The same where the whitening is diagonal, as for independent Gaussian columns:
 *
 *     log w_k p_k(x) = logConstant[k] - 1/2 sum_d (scale_kd (x_d - mean_kd))^2
 */
export interface DiagonalDensities {
  readonly _tag: 'Diagonal'
  readonly components: number
  readonly columns: number
  /** K x D, row-major, relative to the origin given at load. */
  readonly mean: Float64Array
  /** K x D, row-major: inverse standard deviations. */
  readonly scale: Float64Array
  /** K. */
  readonly logConstant: Float64Array
}

/**
 * K weighted densities of an exponential family whose statistics t(x_n) are the rows themselves, of F columns:
 *
 *     log w_k p_k = logConstant[k] + <natural_k, t_n>
 *
 * The caller expands data to these rows before the load, and may subtract an origin there for digits. Inner products have
 * to stay within the range of float64, but may overflow to -Infinity, as a density of 0.
 */
export interface LinearDensities {
  readonly _tag: 'Linear'
  readonly components: number
  readonly columns: number
  /** K x F, row-major: natural parameters. */
  readonly natural: Float64Array
  /** K. */
  readonly logConstant: Float64Array
}

/** What an executor can take the expectation of, all on the same loaded rows. */
export type Densities = QuadraticDensities | DiagonalDensities | LinearDensities

export type DensitiesTag = Densities['_tag']

export type DensitiesOf<T extends DensitiesTag> = Extract<Densities, { readonly _tag: T }>

/** Sums over the rows, each weighted by its responsibility q_nk, about the mean that the densities had. */
export interface QuadraticStatistics {
  /** K: sum_n q_nk. */
  readonly weight: Float64Array
  /** K x D: sum_n q_nk (x_n - mean_k). */
  readonly sum: Float64Array
  /** K x D x D: sum_n q_nk (x_n - mean_k)(x_n - mean_k)', symmetric and full. */
  readonly outer: Float64Array
}

/** The same without products of different columns. */
export interface DiagonalStatistics {
  /** K: sum_n q_nk. */
  readonly weight: Float64Array
  /** K x D: sum_n q_nk (x_n - mean_k). */
  readonly sum: Float64Array
  /** K x D: sum_n q_nk (x_nd - mean_kd)^2. */
  readonly squares: Float64Array
}

export interface LinearStatistics {
  /** K: sum_n q_nk. */
  readonly weight: Float64Array
  /** K x F: sum_n q_nk t_n. */
  readonly sum: Float64Array
}

interface StatisticsByTag {
  readonly Quadratic: QuadraticStatistics
  readonly Diagonal: DiagonalStatistics
  readonly Linear: LinearStatistics
}

/** The statistics that go with densities of a kind. */
export type StatisticsOf<D extends Densities> = StatisticsByTag[D['_tag']]

export interface MixtureExpectation<D extends Densities = Densities> {
  readonly statistics: StatisticsOf<D>
  /** sum_n log sum_k w_k p_k(x_n). */
  readonly logLikelihood: number
  /** How far rounding may have moved it, where that is more than `relativeRounding` of it, and the executor can tell. */
  readonly rounding?: number
}

export interface LoadOptions {
  /** Subtracted from every row, in float64, before anything is rounded or squared. */
  readonly origin?: Vector
  /** One nonnegative finite weight per row: a row of weight w counts as w copies. */
  readonly rowWeights?: Vector
  /** What will be asked for most, by which an executor may divide the work; `Quadratic` by default. */
  readonly kind?: DensitiesTag
}

/** Rows resident where an executor computes. Results are float64; sums run over fixed blocks in fixed order. */
export interface LoadedRows {
  readonly rows: number
  readonly columns: number
  /** How many rows are computed, where equal ones have been grouped. */
  readonly distinctRows?: number
  /**
   * Where they have been computed so far, for a person, where that is more than the executor can say: for example
   * `wasm (relaxed SIMD, float64, 2 threads)`.
   */
  readonly ranOn?: () => string
  /** E-step in one pass: weighted statistics and log-likelihood. */
  readonly expectation: <D extends Densities>(densities: D) => TaskEither<ExecutorError, MixtureExpectation<D>>
  /** N x K probabilities of the components given each row. */
  readonly responsibilities: (densities: Densities) => TaskEither<ExecutorError, Matrix>
  /** The most probable component of each row, the first one on exact ties. */
  readonly assignments: (densities: Densities) => TaskEither<ExecutorError, Int32Array>
  /** log sum_k w_k p_k(x_n) of each row. */
  readonly logProb: (densities: Densities) => TaskEither<ExecutorError, Float64Array>
  readonly dispose: () => void
}

/** A place where the data side runs. Every executor passes the same suite. */
export interface Executor {
  readonly backend: BackendName
  /** What a person is told: for example `wasm (relaxed SIMD, float64)`, and why, where it stands for another one. */
  readonly description: string
  /**
   * The spacing of its numbers at 1 where that is wider than that of float64: 2^-23 for float32. Models allow for it where
   * they check that an objective doesn't fall.
   */
  readonly relativeRounding?: number
  readonly load: (rows: Matrix, options?: LoadOptions) => TaskEither<ExecutorError, LoadedRows>
}
