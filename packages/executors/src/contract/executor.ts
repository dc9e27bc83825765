import type { Matrix, UnreadableData, Vector } from '@conjugate/linalg'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Chains } from './chains.js'

/** The names by which a user chooses where the data side of a fit runs. */
export type BackendName = 'wasm' | 'tensorflow' | 'javascript' | 'webgl' | 'webgpu'

/** Why an executor cannot be had, cannot take rows or densities, or could not compute. */
export type ExecutorError =
  | UnreadableData
  | { readonly _tag: 'BackendUnavailable'; readonly backend: string; readonly reason: string; readonly hint: string }
  | {
      readonly _tag: 'NonFiniteData'
      readonly row: number
      /** What the row is known by, in a few words, where rows have keys. */
      readonly key?: string
      readonly column: number
      readonly value: number
    }
  | { readonly _tag: 'InvalidRowWeight'; readonly row: number; readonly key?: string; readonly value: number }
  | {
      readonly _tag: 'NonFiniteParameter'
      readonly parameter: string
      readonly component: number
      readonly value: number
    }
  /** What was received is told in a few words where it is no number. */
  | {
      readonly _tag: 'ShapeMismatch'
      readonly what: string
      readonly expected: number
      readonly received: number | string
    }
  /** Densities for other factors than the rows were loaded for. */
  | { readonly _tag: 'FactorMismatch'; readonly expected: string; readonly received: string }
  /** A number that rows, weights or parameters of such sizes put beyond the range of floating-point numbers, and where it is. */
  | {
      readonly _tag: 'Overflow'
      /** A log density, the log-likelihood, or the sums by their name. */
      readonly what: string
      readonly row?: number
      readonly component?: number
      readonly column?: number
    }
  | { readonly _tag: 'ExecutionFailed'; readonly backend: string; readonly reason: string }
  /** It was stopped, or lost where it ran: the same may be asked again. */
  | { readonly _tag: 'Interrupted'; readonly backend: string; readonly reason: string }

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
  /** The means, K x D, row-major, relative to the origin given at load. */
  readonly mean: Float64Array
  /** The whitening matrices, K x D x D, row-major: lower triangular, with zeros above the diagonal. */
  readonly whitening: Float64Array
  /** The K log constants, in nats. */
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
  /** The means, K x D, row-major, relative to the origin given at load. */
  readonly mean: Float64Array
  /** The inverse standard deviations, K x D, row-major. */
  readonly scale: Float64Array
  /** The K log constants, in nats. */
  readonly logConstant: Float64Array
}

/**
 * K weighted densities of an exponential family whose statistics t(x_n) are the rows themselves, of F columns:
 *
 *     log w_k p_k = logConstant[k] + <natural_k, t_n>
 *
 * The caller expands data to these rows before the load, and may subtract an origin there for digits. Inner products may
 * overflow to -Infinity, as a density of 0; where they overflow in another way, every pass is an `Overflow`.
 */
export interface LinearDensities {
  readonly _tag: 'Linear'
  readonly components: number
  readonly columns: number
  /** The natural parameters, K x F, row-major. */
  readonly natural: Float64Array
  /** The K log constants, in nats. */
  readonly logConstant: Float64Array
}

/**
 * A factor of products whose K columns are logarithms that are added as they are, column k to component k:
 *
 *     log p_k = logConstant[k] + o_nk
 *
 * They are what is known of row n besides its other columns, such as a log prior of its label, an offset of its rate, or
 * `-Infinity` where a component is forbidden. A row to which every component is forbidden has the log density `-Infinity`,
 * responsibilities of 0 and the assignment 0, as any that has no density.
 */
export interface OffsetDensities {
  readonly _tag: 'Offset'
  readonly components: number
  /** As many as components. */
  readonly columns: number
  /** The K log constants, in nats. */
  readonly logConstant: Float64Array
}

/**
 * A factor of products of one column, which holds whole numbers x from 0 to L - 1: a logarithm for each component and number,
 *
 *     log p_k = logConstant[k] + natural_k[x_n]
 *
 * as of categories, or of the weights that components have in groups of rows. It is a linear factor of L columns of 1 and 0
 * that takes no longer for any L, and where a logarithm may be `-Infinity`. Where x is missing, NaN, it adds its constant alone.
 */
export interface IndexedDensities {
  readonly _tag: 'Indexed'
  readonly components: number
  /** 1. */
  readonly columns: number
  /** L. */
  readonly levels: number
  /** The logarithms, K x L, row-major. */
  readonly natural: Float64Array
  /** The K log constants, in nats. */
  readonly logConstant: Float64Array
}

/** Densities of one form in all of their columns. */
export type FormDensities = QuadraticDensities | DiagonalDensities | LinearDensities

/** What products are made of. */
export type FactorDensities = FormDensities | OffsetDensities | IndexedDensities

/**
 * K weighted densities that are products of factors over disjoint columns, each in the form that keeps its digits:
 *
 *     log w_k p_k(x) = logConstant[k] + sum_f log p_fk(x_f)
 *
 * The first factor is of the first columns, the next of those that follow, as {@link LoadOptions} said at load. A row may
 * lack cells, which are NaN, in quadratic and diagonal factors: a cell that is missing is at its mean, so that it adds
 * nothing but the constant of its factor. What a density has besides where a cell is there, such as its normaliser, is a
 * column of 1 and 0 of a linear factor, whose sums are then the weights of the cells.
 */
export interface ProductDensities {
  readonly _tag: 'Product'
  readonly components: number
  /** The number of columns of all factors together. */
  readonly columns: number
  /** Each has `components` components and constants of its own. */
  readonly factors: ReadonlyArray<FactorDensities>
  /** The K log constants, in nats. */
  readonly logConstant: Float64Array
}

/** Densities that an executor takes: of one form on any loaded rows, or products of the factors that rows were loaded for. */
export type Densities = FormDensities | ProductDensities

/** The names of the forms that densities have. */
export type DensitiesTag = Densities['_tag']

/** The names of the forms that the factors of products have. */
export type FactorTag = FactorDensities['_tag']

/** The densities of a form. */
export type DensitiesOf<T extends DensitiesTag | FactorTag> = Extract<Densities | FactorDensities, { readonly _tag: T }>

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

/** The sums of the rows themselves, which are the statistics t(x_n). */
export interface LinearStatistics {
  /** K: sum_n q_nk. */
  readonly weight: Float64Array
  /** K x F: sum_n q_nk t_n. */
  readonly sum: Float64Array
}

/** What components have of each number of an index, such as the expected counts of groups. */
export interface IndexedStatistics {
  /** K: sum_n q_nk. */
  readonly weight: Float64Array
  /** K x L: sum_n q_nk, over the rows where the index is that number. */
  readonly sum: Float64Array
}

/** Offsets are given and have no sums of their own. */
export interface OffsetStatistics {
  /** K: sum_n q_nk. */
  readonly weight: Float64Array
}

/** The sums of every factor of a product. */
export interface ProductStatistics {
  /** K: sum_n q_nk. */
  readonly weight: Float64Array
  /** The statistics of each factor, all with these weights; missing cells are left out of the other sums. */
  readonly factors: ReadonlyArray<StatisticsOf<FactorDensities>>
}

interface StatisticsByTag {
  readonly Quadratic: QuadraticStatistics
  readonly Diagonal: DiagonalStatistics
  readonly Linear: LinearStatistics
  readonly Offset: OffsetStatistics
  readonly Indexed: IndexedStatistics
  readonly Product: ProductStatistics
}

/** The statistics that belong to densities of a form. */
export type StatisticsOf<D extends Densities | FactorDensities> = StatisticsByTag[D['_tag']]

/** What an E-step gives. No number of it is NaN; squares and products beyond float64 are infinities, and other sums an `Overflow`. */
export interface MixtureExpectation<D extends Densities = Densities> {
  readonly statistics: StatisticsOf<D>
  /** The log-likelihood sum_n log sum_k w_k p_k(x_n), in nats, weighted as rows are; -Infinity where a row is impossible. */
  readonly logLikelihood: number
  /** How far rounding may have moved the log-likelihood, in nats, where that is more than `relativeRounding` of it. */
  readonly rounding?: number
}

/** What a factor is, whatever its parameters. */
export interface FactorShape {
  readonly _tag: FactorTag
  readonly columns: number
  /** Of indices: L, the number of their values. */
  readonly levels?: number
}

/** How rows are loaded, and what for. */
export interface LoadOptions {
  /** Subtracted from every row, in float64, before anything is rounded or squared. */
  readonly origin?: Vector
  /** One nonnegative finite weight per row: a row of weight w counts as w copies. */
  readonly rowWeights?: Vector
  /** The form that will be asked for most, by which an executor may divide the work; `Quadratic` by default. */
  readonly kind?: DensitiesTag
  /**
   * For products, which nothing else can be asked for then: the factors of the columns from the first on, at least one. In
   * diagonal factors and indices a cell may be NaN, and in quadratic factors all cells of a row: they are missing. In offsets
   * it may be `-Infinity`.
   */
  readonly factors?: ReadonlyArray<FactorShape>
}

/** What one E-step takes in place of what came at load. */
export interface ExpectationOptions {
  /**
   * One nonnegative finite number per row, for this E-step alone: the result is that of rows that were loaded with these
   * weights. A row that equals another, where such rows have been grouped, adds its weight to that of the group.
   */
  readonly rowWeights?: Vector
  /**
   * The same object for all E-steps of one fit, which follow each other as parameters approach their end. An executor may then
   * remember what it found, and leave out what rounds away: sums differ by their rounding, and have the same bits whenever
   * the same steps follow each other. The first step of a sequence has the bits of a single one, and so has what comes between
   * steps of it, which ends it: what follows is a first step again. With weights of its own a step is a single one.
   */
  readonly sequence?: object
}

/** What is said of N rows, each by itself. */
export interface Prediction {
  /** The most probable component of each, the first one on exact ties. */
  readonly assignments: Int32Array
  /** The probabilities of the components given each row, N x K. */
  readonly responsibilities: Matrix
  /** The log density log sum_k w_k p_k(x_n) of each, in nats. */
  readonly logProb: Float64Array
}

/** Labels that have been drawn by the probabilities of the components given each row. */
export interface Draws {
  /** The component of each row, -1 where none is possible. */
  readonly assignments: Int32Array
  /** The sum of the log densities of the rows, in nats; rows of weight 0 have one, too. */
  readonly logLikelihood: number
}

/**
 * Rows resident where an executor computes. Results are float64, in arrays of their own; sums run over fixed blocks in fixed
 * order.
 */
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
  /** The E-step in one pass: weighted statistics and log-likelihood; by other weights of rows than at load where these are given. */
  readonly expectation: <D extends Densities>(
    densities: D,
    options?: ExpectationOptions,
  ) => TaskEither<ExecutorError, MixtureExpectation<D>>
  /** The probabilities of the components given each row, N x K. */
  readonly responsibilities: (densities: Densities) => TaskEither<ExecutorError, Matrix>
  /** The most probable component of each of N rows, the first one on exact ties. */
  readonly assignments: (densities: Densities) => TaskEither<ExecutorError, Int32Array>
  /** The log density log sum_k w_k p_k(x_n) of each of N rows, in nats. */
  readonly logProb: (densities: Densities) => TaskEither<ExecutorError, Float64Array>
  /** The three above, as from one pass over the rows. */
  readonly prediction: (densities: Densities) => TaskEither<ExecutorError, Prediction>
  /**
   * The log density log w_k p_k(x_n) of each component by itself, N x K, for models whose labels are not independent. They may be written
   * to `into`, N x K numbers that nobody needs any more: memory that a process has just been given takes longer to write than they take to
   * compute.
   */
  readonly logDensities: (densities: Densities, into?: Float64Array) => TaskEither<ExecutorError, Matrix>
  /**
   * The sums of an E-step with N x K given numbers, finite and not negative, in place of weighted responsibilities: what makes
   * an M-step usable after any E-step. The weights of rows are not applied again. Of the densities only the means count.
   */
  readonly weightedStatistics: <D extends Densities>(
    densities: D,
    responsibilities: Matrix,
  ) => TaskEither<ExecutorError, StatisticsOf<D>>
  /**
   * Labels drawn for all rows, that of row n by uniform number n of a seed (`drawAssignments`), without their probabilities; absent
   * where an executor has to make these first.
   */
  readonly draws?: (densities: Densities, seed: number) => TaskEither<ExecutorError, Draws>
  /** `weightedStatistics` with 1 for the label of each row, and 0 for all else; -1 is none. Absent where that takes no less. */
  readonly labelStatistics?: <D extends Densities>(
    densities: D,
    labels: Int32Array,
  ) => TaskEither<ExecutorError, StatisticsOf<D>>
  /** Gives back the memory, and the threads, that hold the rows. Every later call is an error. */
  readonly dispose: () => void
}

/** Makes room for sequences of these lengths. Errors: no memory. */
export type ChainsOf = (states: number, lengths: ArrayLike<number>) => TaskEither<ExecutorError, Chains>

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
  /**
   * Brings N x D rows there, by their `data`, which may be made when it is asked for; whatever else rows have may be left alone.
   * Errors: shapes that do not fit; a value, an origin or a weight that is no finite number.
   */
  readonly load: (rows: Matrix, options?: LoadOptions) => TaskEither<ExecutorError, LoadedRows>
  /** Chains of hidden states on this executor, in float64, where it has its own: see `chainsOn`. */
  readonly chains?: ChainsOf
}
