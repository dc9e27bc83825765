import type { InvalidParameter, Random } from '@conjugate/distributions'
import type { Coordinates } from '@conjugate/em'
import type { Fields } from '@conjugate/em/schema'
import type { Executor } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'

/**
 * Sums over labels z, by name. Labels are an exponential family: p(z) is proportional to exp <potentials, counts(z)>, where
 * potentials have the names and lengths of the counts. A forbidden step has a potential of -Infinity.
 */
export type Counts = Readonly<Record<string, Float64Array>>

/** What a label model can do besides EM; a function that needs more than a model has refuses it when it is compiled. */
export type Trait = 'row-independent' | 'exact' | 'exchangeable' | 'variational' | 'gibbs'

/** The types of a label model by name, so that one type parameter carries them all. */
export interface LabelTypes {
  /** What is learnt of labels, such as weights; it stands beside `components` in a result. */
  readonly labels: object
  /** The same in variational Bayes. */
  readonly posterior: object
  readonly counts: Counts
  /** What rows are to each other, as options by name; `unknown` where they are nothing to each other. */
  readonly structure: unknown
  readonly traits: Trait
}

/**
 * One half of what is learnt, as a point or as a posterior: maximum likelihood, MAP and variational Bayes differ in nothing
 * else.
 */
export interface Estimate<E, S> {
  /**
   * The M-step. Where statistics and prior say nothing, the current estimate stays, so that what is impossible stays so.
   * Errors: no estimate is best under these statistics.
   */
  readonly maximize: (statistics: S, current?: E) => Either<InvalidParameter, E>
  /** In nats, with every constant; of a posterior, minus its divergence from the prior. */
  readonly logPrior: (estimate: E) => number
  readonly coordinates: Coordinates<E>
  /** How many coordinates there are, so that both halves can lie end to end. */
  readonly size: number
}

/** The posterior of labels, given log potentials and log densities. */
export interface Inferred<C> {
  /** The posterior probabilities p(z_n = k | X), N x K; all are 0 in a unit that is impossible. */
  readonly responsibilities: Float64Array
  /** The expectation of counts(z) under the posterior. */
  readonly counts: C
  /** For each unit (row, sequence or image) the logarithm of the sum over all of its labels, or a bound below it, in nats. */
  readonly logLikelihoods: Float64Array
  /** Where the next E-step starts, for inferences that approach their answer in steps: without it the objective may fall. */
  readonly carry?: Float64Array
}

/** What is asked of labels whose rows are known, by points and by posteriors alike. `logDensities` are N x K. */
export interface LabelInference<C> {
  /**
   * Log densities that are `isSpent` may be overwritten, by responsibilities; the next E-step may write its own there, unless something is
   * carried.
   */
  readonly infer: (potentials: C, logDensities: Float64Array, carry?: Float64Array, isSpent?: boolean) => Inferred<C>
  /** The most probable labels of each unit as a whole, N numbers; all are -1 in a unit that is impossible. */
  readonly decode: (potentials: C, logDensities: Float64Array) => Int32Array
  /** Draws labels from their posterior, or makes one sweep from the previous ones where exact draws cannot be had. */
  readonly sample: (potentials: C, logDensities: Float64Array, random: Random, previous?: Int32Array) => Int32Array
  /** The sums counts(z) of labels that are known. */
  readonly count: (labels: Int32Array) => C
}

/** What is learnt of labels. Functions may be given more than `labels`: all parameters, of which they pick theirs. */
export interface LabelEstimate<L, C> extends Estimate<L, C> {
  /** Where EM starts. */
  readonly initial: L
  /** The natural parameters of p(z), or their expectations under a posterior. */
  readonly potentials: (labels: L) => C
  /** In another order: state k becomes the one that was at `order[k]`. Present with the trait `exchangeable`. */
  readonly permute?: (order: ReadonlyArray<number>) => (labels: L) => L
  /** Draws from the posterior given counts. Present with the trait `gibbs`. */
  readonly draw?: (counts: C) => (random: Random) => Either<InvalidParameter, L>
  /** Checks values that a user gives to start from. Errors: they are none of this model's. */
  readonly check: (given: unknown) => Either<FitError, L>
  /** Of labels that are independent given what is learnt: what one pass over the rows takes and gives. */
  readonly groupWeights?: {
    /** G, the number of groups that have weights of their own; 1 where all rows share theirs. */
    readonly count: number
    /** The G x K log weights, or their expectations under a posterior. */
    readonly logWeights: (labels: L) => Vector
    /** What is counted where the components have G x K rows. */
    readonly counts: (expectedCounts: Float64Array) => C
  }
}

/** Rows in groups. */
export interface RowGroups {
  /** G. */
  readonly count: number
  /** The group of each of N rows. Errors: there are not so many, or one is none of the G. */
  readonly of: (rows: number) => Either<FitError, Int32Array>
}

/** A label model that knows what its rows are to each other. */
export interface BoundLabels<T extends LabelTypes>
  extends LabelInference<T['counts']>,
    LabelEstimate<T['labels'], T['counts']> {}

/** How hidden labels are distributed: the half of a model that says nothing of what is observed. */
export interface LabelModel<T extends LabelTypes> {
  readonly name: string
  /** Plain data that tells it from others: checkpoints and saved fits of another are refused. */
  readonly definition: unknown
  /** K, the number of values that a label can have. */
  readonly states: number
  /** Whether `infer` sums over all labels, or gives a bound below that. */
  readonly kind: 'exact' extends T['traits'] ? 'exact' : 'bound'
  /** What the options by which rows are told to each other have to be. Whether they fit the rows is told by `bind`. */
  readonly structure: Fields
  /** How many parameters are free, as information criteria count them, for rows of this structure. */
  readonly freeParameters: number
  /** Whether labels are independent, with the same weights for all rows, so that an E-step is one pass over the rows. */
  readonly isShared?: boolean
  /** The groups by which rows have their weights, where labels are independent given those, for one pass over the rows. */
  readonly groups?: (structure: T['structure']) => RowGroups
  /**
   * Takes what rows are to each other, and the executor where labels may be inferred. Errors: the structure does not fit so many
   * rows; those of the executor.
   */
  readonly bind: (rows: number, structure: T['structure'], executor?: Executor) => TaskEither<FitError, BoundLabels<T>>
  /** What is learnt, where it is the same whatever the rows are; without it, fits are not read from texts. */
  readonly estimate?: LabelEstimate<T['labels'], T['counts']>
  /** Its posteriors in place of its points. Present with the trait `variational`. */
  readonly variational?: () => LabelModel<LabelPosteriors<T>>
}

/** The types of a label model whose labels are posteriors. */
export interface LabelPosteriors<T extends LabelTypes> {
  readonly labels: T['posterior']
  readonly posterior: never
  readonly counts: T['counts']
  readonly structure: T['structure']
  readonly traits: Exclude<T['traits'], 'variational' | 'gibbs'>
}
