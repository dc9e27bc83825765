import * as tensors from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-webgl'
import '@tensorflow/tfjs-backend-webgpu'
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'

export interface Values {
  readonly values: ReadonlyArray<number>
  readonly shape: ReadonlyArray<number>
}

/** The functions that a test asks for by name. */
const functions = {
  cholesky: ([x]: tf.Tensor[]) => tensors.cholesky(x!),
  logDeterminant: ([l]: tf.Tensor[]) => tensors.logDeterminant(l!),
  symmetricInverse: ([x]: tf.Tensor[]) => tensors.symmetricInverse(x!),
  symmetricEigenvalues: ([x]: tf.Tensor[]) => tensors.symmetricEigenvalues(x!),
  solve: ([l, b]: tf.Tensor[]) => tensors.triangularSolve(l!, b!),
  solveTransposed: ([l, b]: tf.Tensor[]) => tensors.triangularSolve(l!, b!, { transposed: true }),
  solveUpper: ([l, b]: tf.Tensor[]) => tensors.triangularSolve(l!, b!, { upper: true }),
  logGamma: ([x]: tf.Tensor[]) => tensors.logGamma(x!),
  digamma: ([x]: tf.Tensor[]) => tensors.digamma(x!),
  trigamma: ([x]: tf.Tensor[]) => tensors.trigamma(x!),
  polygamma3: ([x]: tf.Tensor[]) => tensors.polygamma(3)(x!),
  multivariateLogGamma3: ([x]: tf.Tensor[]) => tensors.multivariateLogGamma(3)(x!),
  multivariateDigamma3: ([x]: tf.Tensor[]) => tensors.multivariateDigamma(3)(x!),
  regularizedGamma: ([a, x]: tf.Tensor[]) => tensors.regularizedGamma(a!, x!),
  logSumExp: ([x]: tf.Tensor[]) => tensors.logSumExp(x!),
  /** Of matrices with free entries. */
  ofProduct: ([x]: tf.Tensor[]) => {
    const a = tf.add(tf.matMul(x!, x!, false, true), tf.eye(x!.shape.at(-1)!))
    return tf.add(tensors.logDeterminant(tensors.cholesky(a)), tf.sum(tensors.symmetricInverse(a), [-2, -1]))
  },
}

export type FunctionName = keyof typeof functions

const host = {
  use: async (backend: string) => (await tf.setBackend(backend)) && tf.getBackend(),
  /** A function, or the gradient of the sum of its results, or the gradient of the sum of that. */
  run: async (name: FunctionName, inputs: ReadonlyArray<Values>, order = 0): Promise<number[] | string> => {
    const before = tf.memory()
    const given = inputs.map(({ values, shape }) => tf.tensor([...values], [...shape], 'float32'))
    let f = (xs: tf.Tensor[]): tf.Tensor => functions[name](xs)
    for (let i = 0; i < order; i++) {
      const g = f
      f = xs => tf.grad(x => tf.sum(g([x, ...xs.slice(1)])))(xs[0]!)
    }
    try {
      const y = tf.tidy(() => f(given))
      const found = Array.from(await y.data())
      tf.dispose([y, ...given])
      const after = tf.memory()
      if (after.numTensors !== before.numTensors || after.numDataBuffers !== before.numDataBuffers)
        return `${after.numTensors - before.numTensors} tensors are left behind`
      return found
    } catch (error) {
      tf.dispose(given)
      return String(error)
    }
  },
}

declare global {
  var tensorHost: typeof host
}

globalThis.tensorHost = host
