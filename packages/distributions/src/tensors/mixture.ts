import { logSoftmax, logSumExp, softmax } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { each } from './definition.js'
import { times } from './elementary.js'
import { drawCategory } from './families/categorical.js'
import { noise } from './noise.js'
import { broadcast, partsOf, TensorMismatch, trailing } from './shapes.js'
import type { Head, TensorDistribution } from './tensor-family.js'

/** Parameters of mixtures of K components. */
export type MixtureTensors<P> = {
  /** Logs of K weights up to a constant [...batch, K]. */
  readonly logits: tf.Tensor
  /** Parameters of the components, whose last batch axis is K. */
  readonly components: P
}

/** What of a fitted mixture, or of any other, is lifted: weights, and members of the family of its components. */
export interface MixtureMembers<L> {
  readonly weights: ArrayLike<number>
  readonly components: ReadonlyArray<L>
}

/** Moments of mixtures whose values are tensors. */
export interface TensorMixtureMoments<P> {
  /** The mean, of matrices its lower Cholesky factor; NaN where a component that counts has none. */
  readonly mean: (p: MixtureTensors<P>) => tf.Tensor
  /** The variance of each number, or of each entry of a matrix: those of the components, and that of their means. */
  readonly variance: (p: MixtureTensors<P>) => tf.Tensor
}

/** Mixtures of one family, with what is known of where a value came from. */
export type TensorMixture<P, X, L> = TensorMixtureFunctions<P, X, L> &
  (X extends tf.Tensor ? TensorMixtureMoments<P> : unknown)

/** What mixtures of every family have. */
export interface TensorMixtureFunctions<P, X, L> {
  readonly name: string
  readonly reparameterised: false
  readonly eventAxes: TensorDistribution<P, X, L>['eventAxes']
  /** log p(x) in nats: [...sample, ...batch]. */
  readonly logProb: (p: MixtureTensors<P>) => (x: X) => tf.Tensor
  /** The probabilities of the K components given x: [...sample, ...batch, K]; NaN where all of them are impossible. */
  readonly posterior: (p: MixtureTensors<P>) => (x: X) => tf.Tensor
  /**
   * The responsibilities of a fit, or of whatever else has weights and members: [...sample, K], differentiable in x. They are
   * computed where x is, in float32; its own, in float64, are those of `predict`. For gradients in the parameters, or for many calls, `lift` it
   * and take the `posterior`.
   */
  readonly responsibilities: (fit: MixtureMembers<L>) => (x: X) => tf.Tensor
  /** Draws of shape [...shape, ...batch, ...event]; differentiable in the components, not in the weights. */
  readonly sample: (p: MixtureTensors<P>) => (shape: ReadonlyArray<number>, seed: number) => X
  /** Parameters from the last axis of a network: K logits, then those of the components one after another. */
  readonly head: (components: number, eventSize?: number) => Head<MixtureTensors<P>>
  /** Parameters of weights and of members of the float64 family, as fits have them. */
  readonly lift: (mixture: MixtureMembers<L>) => MixtureTensors<P>
}

/** Mixtures of components of one family. The family is any of tensors, of values of any shape. */
export const mixture = <P extends object, X, L, M, V>(
  component: TensorDistribution<P, X, L, boolean, M, V>,
): TensorMixture<P, X, L> => {
  const name = `Mixture(${component.name})`
  const axesOf = (part: string): number =>
    typeof component.eventAxes === 'number'
      ? component.eventAxes
      : (component.eventAxes as Record<string, number>)[part]!
  /** log (weight of k) + log p(x | k): [..., K]. */
  const joint = ({ logits, components }: MixtureTensors<P>, x: X): tf.Tensor => {
    const spread = each(x, (t, part) => tf.expandDims(t, t.rank - axesOf(part)))
    const ofComponents = component.logProb(components)(spread)
    const count = logits.shape.at(-1)
    if (count === undefined || ofComponents.shape.at(-1) !== count)
      throw new TensorMismatch(
        name,
        `components whose last batch axis is that of ${count} logits`,
        `log densities of shape [${ofComponents.shape.join(', ')}]`,
      )
    broadcast(name, logits.shape, ofComponents.shape)
    return tf.add(logSoftmax(logits), ofComponents)
  }
  const lift = ({ weights, components }: MixtureMembers<L>): MixtureTensors<P> => ({
    logits: tf.tensor1d(Float32Array.from(weights, Math.log)),
    components: component.lift(components),
  })
  /** Sums over the components of what they have, weighted, and the means of all; matrices are matrices here. */
  const moments = ({ logits, components }: MixtureTensors<P>) => {
    const axes = component.momentAxes as number
    const weights = trailing(softmax(logits), axes)
    const average = (of: tf.Tensor): tf.Tensor => {
      const terms = times(weights, of)
      return tf.sum(terms, terms.rank - axes - 1)
    }
    const given = component.mean(components) as tf.Tensor
    const means = component.matrices?.matrixOf(given) ?? given
    return { average, axes, means, mean: average(means) }
  }
  const ofTensors: TensorMixtureMoments<P> = {
    mean: p =>
      tf.tidy(() => {
        const { mean } = moments(p)
        return component.matrices?.factorOf(mean) ?? mean
      }),
    variance: p =>
      tf.tidy(() => {
        const { average, axes, means, mean } = moments(p)
        const between = tf.square(tf.sub(means, tf.expandDims(mean, mean.rank - axes)))
        return average(tf.add(component.variance(p.components) as tf.Tensor, between))
      }),
  }
  const functions: TensorMixtureFunctions<P, X, L> = {
    name,
    reparameterised: false,
    eventAxes: component.eventAxes,
    logProb: p => x => tf.tidy(() => logSumExp(joint(p, x))),
    posterior: p => x => tf.tidy(() => softmax(joint(p, x))),
    responsibilities: fit => x => tf.tidy(() => softmax(joint(lift(fit), x))),
    sample: p => (shape, seed) =>
      tf.tidy(() => {
        // All components are drawn, and one of them is taken.
        const drawn = component.sample(p.components)(shape, seed)
        const count = p.logits.shape.at(-1)!
        const lead = [...shape, ...p.logits.shape]
        const { uniform } = noise(-1 - Math.abs(seed))
        const chosen = tf.oneHot(tf.cast(drawCategory(p.logits, uniform(lead)), 'int32'), count)
        return each(drawn, (t, part) => {
          const axes = axesOf(part)
          const mask = trailing(tf.cast(chosen, 'bool'), axes)
          return tf.sum(tf.where(mask, t, 0), t.rank - axes - 1)
        }) as never
      }),
    head: (count, eventSize) => {
      const one = component.head(eventSize)
      const units = count * (1 + one.units)
      return {
        units,
        parameters: u =>
          tf.tidy(() => {
            if (u.shape.at(-1) !== units)
              throw new TensorMismatch(`${name}.head`, `${units} numbers on the last axis`, `[${u.shape.join(', ')}]`)
            const [logits, rest] = partsOf(u, [count, count * one.units])
            const lead = u.shape.slice(0, -1)
            return {
              logits: logits!,
              components: one.parameters(tf.reshape(rest!, [...lead, count, one.units])),
            } as never
          }),
        inverse: p =>
          tf.tidy(() => {
            const u = one.inverse(p.components)
            const lead = broadcast(`${name}.head`, p.logits.shape, u.shape.slice(0, -1))
            const flat = tf.reshape(tf.broadcastTo(u, [...lead, one.units]), [...lead.slice(0, -1), count * one.units])
            return tf.concat([tf.broadcastTo(p.logits, lead), flat], -1)
          }),
      }
    },
    lift,
  }
  return (typeof component.eventAxes === 'number' ? { ...functions, ...ofTensors } : functions) as never
}
