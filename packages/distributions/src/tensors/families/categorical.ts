import { exp, logSoftmax, logSumExp, softmax } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { Categorical } from '../../families/categorical.js'
import { defineFamily } from '../define.js'
import { counts, logits as logitsOf } from '../domains.js'
import { constant, times } from '../elementary.js'
import type { TensorFamily } from '../tensor-family.js'

/** Parameters of categoricals. */
export type CategoricalTensors = {
  /** Logs of K probabilities up to a constant [...batch, K]; -Infinity for what is impossible. */
  readonly logits: tf.Tensor
}

const total = (x: tf.Tensor): tf.Tensor => tf.sum(x, -1)

/** Which of K categories, as 0 and 1 (... x K). */
const indicators = (x: tf.Tensor, categories: number): tf.Tensor =>
  constant(v => tf.cast(tf.oneHot(tf.cast(v!, 'int32'), categories), 'float32'))(x)

/** - sum p log p, over the last axis. */
export const entropyOfLogits = (logits: tf.Tensor): tf.Tensor => {
  const logs = logSoftmax(logits)
  return tf.neg(total(times(exp(logs), logs)))
}

/** sum p (log p - log q), over the last axis. */
export const divergenceOfLogits = (p: tf.Tensor, q: tf.Tensor): tf.Tensor => {
  const logs = logSoftmax(p)
  return total(times(exp(logs), tf.sub(logs, logSoftmax(q))))
}

/** Draws by the largest of logits with Gumbel noise, as float32. */
export const drawCategory = (logits: tf.Tensor, uniform: tf.Tensor): tf.Tensor =>
  constant((l, u) => tf.cast(tf.argMax(tf.sub(l!, tf.log(tf.neg(tf.log(u!)))), -1), 'float32'))(logits, uniform)

/**
 * Categoricals of so many categories K, whose values are their indices 0, ..., K - 1; means and variances are those of K
 * indicators. In the order of the float64 family: t(x) are the K indicators. Natural parameters are the logits, and A their
 * log sum of exponentials.
 */
export const categorical = (categories: number): TensorFamily<CategoricalTensors, tf.Tensor, Categorical, false> =>
  defineFamily<CategoricalTensors, tf.Tensor, Categorical, false>({
    name: 'Categorical',
    reparameterised: false,
    parameters: { logits: logitsOf(categories) },
    value: counts(categories - 1),
    momentAxes: 1,
    logProb: ({ logits }, x) => total(times(indicators(x, categories), logSoftmax(logits))),
    sample: ({ logits }, lead, noise) => drawCategory(logits, noise.uniform([...lead, categories])),
    mean: ({ logits }) => softmax(logits),
    variance: ({ logits }) => {
      const p = softmax(logits)
      return tf.mul(p, tf.sub(1, p))
    },
    entropy: ({ logits }) => entropyOfLogits(logits),
    klDivergence: (p, q) => divergenceOfLogits(p.logits, q.logits),
    natural: ({ logits }) => tf.clone(logits),
    fromNatural: eta => ({ logits: tf.clone(eta) }),
    logNormaliser: ({ logits }) => logSumExp(logits),
    expectedStatistic: ({ logits }) => softmax(logits),
    statistic: x => indicators(x, categories),
    logBaseMeasure: tf.zerosLike,
    lift: { logits: m => Array.from(m.probabilities, Math.log) },
  })
