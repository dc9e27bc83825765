import type * as tf from '@tensorflow/tfjs-core'

/** Turns the last axis of a network's output into parameters. */
export interface Head<P> {
  /** How many numbers without bounds the parameters take. */
  readonly units: number
  /** Parameters from numbers without bounds (... x units); the axes before are the batch. */
  readonly parameters: (u: tf.Tensor) => P
  /** Numbers without bounds (... x units) that become these parameters. */
  readonly inverse: (p: P) => tf.Tensor
}

/** What turns lower Cholesky factors into matrices, and back. */
export interface FactorsAsMatrices {
  readonly matrixOf: (factor: tf.Tensor) => tf.Tensor
  readonly factorOf: (matrix: tf.Tensor) => tf.Tensor
}

/**
 * A distribution on tensors: functions of parameters `P`, a record of tensors whose leading axes are the batch, and of values
 * `X`, a tensor or a record of them, of shape [...sample, ...batch, ...event]. Axes before the event are broadcast from the
 * last one. All is float32. Nothing keeps a tensor, so that there is nothing to dispose of but results.
 * Rules: shapes that do not fit throw a `TensorMismatch`; where parameters are not those of a member the result is NaN, and
 * the log density of a value outside the support is -Infinity, with no gradient.
 */
export interface TensorDistribution<P, X, L, R extends boolean = boolean, M = X, V = M> {
  readonly name: string
  /** Whether draws are differentiable functions of the parameters. Where they are not, `scoreFunction` gives gradients. */
  readonly reparameterised: R
  /** How many axes an event has: those of a value, or of each part of one. */
  readonly eventAxes: X extends tf.Tensor ? number : { readonly [K in keyof X]: number }
  /** How many axes a mean has, or each part of one: those of a value, but where means are of another kind. */
  readonly momentAxes: M extends tf.Tensor ? number : { readonly [K in keyof M]: number }
  /** Of means that are factors: their matrices, by which they are averaged, and the factors of those. */
  readonly matrices?: FactorsAsMatrices
  /** Whether parameters are those of a member, where all else is NaN: booleans [...batch]. */
  readonly isMember: (p: P) => tf.Tensor
  /** log p(x) in nats: [...sample, ...batch]. */
  readonly logProb: (p: P) => (x: X) => tf.Tensor
  /** Draws of shape [...shape, ...batch, ...event]; the same seed gives the same noise on every backend. */
  readonly sample: (p: P) => (shape: ReadonlyArray<number>, seed: number) => X
  /** The mean, in the shape of a value; NaN where there is none. */
  readonly mean: (p: P) => M
  /** The variance of each number; Infinity or NaN where there is none. */
  readonly variance: (p: P) => V
  /** The map from numbers without bounds onto parameters, of `eventSize` columns or categories where values have such. */
  readonly head: (eventSize?: number) => Head<P>
  /** Parameters of a member of the float64 family, or of several, which are the batch. */
  readonly lift: (member: L | ReadonlyArray<L>) => P
}

/** What has an entropy. */
export interface WithEntropy<P> {
  /** The entropy in nats: [...batch]. */
  readonly entropy: (p: P) => tf.Tensor
}

/** What has divergences. */
export interface WithDivergences<P> extends WithEntropy<P> {
  /** KL(p || q) in nats: the batches of both, broadcast. */
  readonly klDivergence: (p: P) => (q: P) => tf.Tensor
}

/**
 * The same in exponential form: log p(x) = <eta, t(x)> - A + log h(x). Natural parameters and statistics are vectors on the
 * last axis, in the order of those of the float64 family.
 */
export interface ExponentialForm<P, X> {
  /** eta: [...batch, n]. */
  readonly natural: (p: P) => tf.Tensor
  /** The parameters of eta [...batch, n]. */
  readonly fromNatural: (eta: tf.Tensor) => P
  /** A in nats: [...batch]. */
  readonly logNormaliser: (p: P) => tf.Tensor
  /** E t(x), the gradient of A in eta: [...batch, n]. */
  readonly expectedStatistic: (p: P) => tf.Tensor
  /** t(x): [...sample, ...batch, n]. */
  readonly statistic: (x: X) => tf.Tensor
  /** log h(x) in nats, on the support: [...sample, ...batch]. */
  readonly logBaseMeasure: (x: X) => tf.Tensor
}

/** A family that is of exponential form. */
export type TensorFamily<P, X, L, R extends boolean = boolean, M = X, V = M> = TensorDistribution<P, X, L, R, M, V> &
  WithDivergences<P> &
  ExponentialForm<P, X>
