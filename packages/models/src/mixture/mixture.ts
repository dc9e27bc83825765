import type { InvalidParameter, Random } from '@conjugate/distributions'
import type { Coordinates } from '@conjugate/em'
import type { Schema } from '@conjugate/em/schema'
import type { Densities, FactorShape, LoadOptions, StatisticsOf } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import type { Either } from 'fp-ts/lib/Either.js'
import type { kind } from '../door/dual.js'
import type { FitError } from '../errors.js'
import type { FromData } from './from-data.js'
import type { ColumnSizes } from './sizes.js'

/**
 * K components and what stands for their weights: `W` are K numbers that sum to 1, and a Dirichlet posterior in variational
 * Bayes.
 */
export interface MixtureParameters<P, W = Vector> {
  readonly weights: W
  readonly components: ReadonlyArray<P>
}

/** What an E-step of a mixture gathers. */
export interface MixtureStatistics<S> {
  /** N_k: the sum of the responsibilities of each component. */
  readonly counts: Float64Array
  /** For each component the statistics of the observations, weighted by its responsibilities. */
  readonly components: ReadonlyArray<S>
}

/** What the parts of a mixture have to be, those of a user and those of a file. */
export interface MixtureChecks {
  /** What P, a component, has to be. */
  readonly component: Schema
  /** What S, its statistics, have to be. */
  readonly statistics: Schema
  /** What components have to be together, where they have something in common. */
  readonly together?: Schema
}

/** The side of the weights. */
export interface Weights<W> {
  /** K, the number of weights. */
  readonly count: number
  /** The K numbers log pi_k, or their expectations. */
  readonly logWeights: (weights: W) => Vector
  /** Where EM starts. */
  readonly initial: W
  /** The M-step from N_1, ..., N_K. */
  readonly maximize: (counts: Vector) => Either<InvalidParameter, W>
  readonly logPrior: (weights: W) => number
  /** Draws from their posterior given N_1, ..., N_K, where there is one. */
  readonly draw?: (counts: Vector) => (random: Random) => Either<InvalidParameter, W>
  /** What weights have to be. */
  readonly check: Schema
  readonly coordinates: Coordinates<W>
  /** In another order: component k becomes the one that was at `order[k]`. */
  readonly permute: (order: ReadonlyArray<number>) => (weights: W) => W
}

/** The side of the components: what an E-step needs of them, and the M-step. `D` is the form of their densities. */
export interface Steps<P, S, D extends Densities = Densities> {
  /** The K densities without weights, in log constants that are those of a weight of 1. */
  readonly densities: (components: ReadonlyArray<P>) => D
  /** From the sums of an executor, which are about what `densities` says they are about. */
  readonly statistics: (densities: D, sums: StatisticsOf<D>) => ReadonlyArray<S>
  /** The M-step. Errors: a posterior has no mode. */
  readonly maximize: (statistics: ReadonlyArray<S>) => Either<InvalidParameter, ReadonlyArray<P>>
  /** With every normalising constant. */
  readonly logPrior: (components: ReadonlyArray<P>) => number
  /** How far rounding may move the log-likelihood beyond what `EMModel` allows for; numbers are `spacing` apart at 1. */
  readonly rounding: (components: ReadonlyArray<P>, counts: Vector, spacing: number) => number
  /** The sizes of the terms of the log prior before they cancel; those that never change do not matter. 0 by default. */
  readonly priorSize?: (components: ReadonlyArray<P>) => number
  readonly coordinates: Coordinates<ReadonlyArray<P>>
}

/**
 * What the centre of the computation follows from: fitted components where there are some, so that what is said of an
 * observation does not depend on the others; or else the observations that count.
 */
export interface Centring<P> {
  /** One for each row, by default 1: rows of weight 0 do not count. */
  readonly rowWeights?: Vector
  /** Fitted components, each with its weight. */
  readonly fitted?: { readonly components: ReadonlyArray<P>; readonly weights: Vector }
}

/** Observations as rows that an executor holds, and the components in the coordinates of those rows. */
export interface Encoded<P, S, D extends Densities = Densities> {
  /** The rows, N x F, before the origin is subtracted. */
  readonly rows: Matrix
  /** What densities on these rows are. */
  readonly kind: D['_tag']
  /** Of products: see `LoadOptions` of executors. */
  readonly factors?: ReadonlyArray<FactorShape>
  /** The F numbers that the executor subtracts from every row. */
  readonly origin?: Vector
  /** How many columns, from the first on, tell observations apart; all by default. */
  readonly features?: number
  /** The sizes of linear columns. */
  readonly sizes?: ColumnSizes
  /** The steps that run, about the origin. */
  readonly steps: Steps<P, S, D>
  readonly inward: (component: P) => P
  readonly outward: (component: P) => P
  readonly outwardStatistics: (statistics: S) => S
  /** K statistics from responsibilities q(n, k), in the coordinates of the observations. */
  readonly gather: (components: number, q: (n: number, k: number) => number) => ReadonlyArray<S>
  /** A component about a row, for mixtures whose prior says how wide one is. */
  readonly around?: (row: Vector) => P
  /** Whether no prior keeps components from the boundary of their family, or from single rows. */
  readonly isBare?: boolean
}

/** How an executor is to load the rows. */
export const loadOptionsOf = ({
  kind,
  factors,
  origin,
}: Pick<Encoded<never, never>, 'kind' | 'factors' | 'origin'>): LoadOptions => ({
  kind,
  ...(factors && { factors }),
  ...(origin && { origin }),
})

/**
 * All that fitting, predicting and checkpoints need of a mixture, whatever its components: `Source` is how observations are
 * given, `X` is one of them, `P` the parameters of a component, `S` their statistics. `conjugateMixture` makes one from a
 * likelihood and its prior.
 */
export interface Mixture<Source, X, P, S, D extends Densities = Densities, W = Vector> {
  readonly [kind]: 'mixture'
  readonly name: string
  /** Plain data that tells this mixture from others: checkpoints of another are refused. */
  readonly definition: unknown
  readonly weights: Weights<W>
  /** In the coordinates of the observations. */
  readonly steps: Steps<P, S, D>
  /**
   * Makes rows of observations, about their centre if nothing else is asked for. Errors: the observations are none of the
   * family's, or have another number of columns than the prior.
   */
  readonly encode: (source: Source, centring?: Centring<P>) => Either<FitError, Encoded<P, S, D>>
  readonly check: MixtureChecks
  /** Draws an observation of a component. */
  readonly sample: (component: P) => (random: Random) => X
  /** How many parameters of weights and components are free, as information criteria count them. */
  readonly freeParameters: number
  /**
   * Whether components may change places, since their priors and those of the weights are alike. An order of the result asks
   * for that.
   */
  readonly exchangeable: boolean
  /** Where components share parameters, so that none of them can be fixed alone. */
  readonly joint?: true
  /** Where the prior follows from the data: how. */
  readonly fromData?: FromData
  /** A further component of this constant log density, for observations that belong to none; its weight comes last. */
  readonly noise?: number
}

/** How many components a mixture has besides noise. */
export const componentCount = (mixture: {
  readonly weights: { readonly count: number }
  readonly noise?: number
}): number => mixture.weights.count - (mixture.noise === undefined ? 0 : 1)
