import {
  add,
  customGrad,
  expm1 as expm1Of,
  exp as expOf,
  type GradSaveFunc,
  isFinite as isFiniteOf,
  log,
  max,
  mul,
  neg,
  sigmoid as sigmoidOf,
  softplus as softplusOf,
  square,
  squeeze,
  sub,
  sum,
  type Tensor,
  tanh as tanhOf,
  tidy,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'

// Where TensorFlow.js saves the output of an operation for its gradient, it loses what that has to do with the input: second
// derivatives are wrong without an error. These save the input.

/** A function with its gradient as a function of the same input, which may be differentiated again. */
const smooth =
  (f: (x: Tensor) => Tensor, gradient: (dy: Tensor, x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    customGrad((...[v, save]) => {
      const input = v as Tensor
      ;(save as GradSaveFunc)([input])
      return { value: f(input), gradFunc: (dy: Tensor, [saved]: Tensor[]) => tidy(() => gradient(dy, saved!)) }
    })(x)

/** Gives e^x of every entry, like `exp` of TensorFlow.js, whose second derivatives are wrong. */
export const exp: (x: Tensor) => Tensor = smooth(
  x => expOf(x),
  (dy, x) => mul(dy, exp(x)),
)

/** Gives e^x - 1 of every entry, with all digits where x is small; differentiable any number of times. */
export const expm1: (x: Tensor) => Tensor = smooth(
  x => expm1Of(x),
  (dy, x) => mul(dy, exp(x)),
)

/** Gives 1 / (1 + e^-x) of every entry; differentiable any number of times, where that of TensorFlow.js throws. */
export const sigmoid: (x: Tensor) => Tensor = smooth(
  x => sigmoidOf(x),
  (dy, x) => mul(dy, mul(sigmoid(x), sigmoid(neg(x)))),
)

/** Gives tanh(x) of every entry; differentiable any number of times, where that of TensorFlow.js throws. */
export const tanh: (x: Tensor) => Tensor = smooth(
  x => tanhOf(x),
  (dy, x) => mul(dy, sub(1, square(tanh(x)))),
)

/** Gives log(1 + e^x) of every entry; differentiable any number of times, where that of TensorFlow.js throws. */
export const softplus: (x: Tensor) => Tensor = smooth(
  x => softplusOf(x),
  (dy, x) => mul(dy, sigmoid(x)),
)

const finiteOrZero = (x: Tensor): Tensor => where(isFiniteOf(x), x, zerosLike(x))

/** With the axis kept. Of entries that are all -Infinity the gradient is 0. */
const logSumExpAlong = (axis: number): ((x: Tensor) => Tensor) =>
  smooth(
    x => {
      const greatest = finiteOrZero(max(x, axis, true))
      return add(log(sum(expOf(sub(x, greatest)), axis, true)), greatest)
    },
    (dy, x) => mul(dy, exp(sub(x, finiteOrZero(logSumExpAlong(axis)(x))))),
  )

/**
 * Gives log sum exp(x) along one axis, the last by default, which is left out unless it is kept: -Infinity where all entries
 * are that. Differentiable any number of times, where that of TensorFlow.js is wrong or throws.
 */
export const logSumExp = (x: Tensor, axis = -1, keepDims = false): Tensor =>
  tidy(() => {
    const kept = logSumExpAlong(axis)(x)
    return keepDims ? kept : squeeze(kept, [axis])
  })

/** Gives x - log sum exp(x) along one axis, the last by default; differentiable any number of times. */
export const logSoftmax = (x: Tensor, axis = -1): Tensor => tidy(() => sub(x, logSumExpAlong(axis)(x)))

/** Gives e^x / sum e^x along one axis, the last by default; differentiable any number of times. */
export const softmax = (x: Tensor, axis = -1): Tensor => tidy(() => exp(logSoftmax(x, axis)))
