// Kernels of tensors on one backend of TensorFlow.js, each beside a path by the calling thread: reading the tensor, computing in
// float64 with the functions of `@conjugate/linalg`, and making a tensor. Prints milliseconds of processor time as JSON.
import { createRequire } from 'node:module'
import { logGamma, solveLower } from '@conjugate/linalg'
import * as tensors from '@conjugate/linalg/tensors'

const [, , backend, size] = process.argv
const quick = size === 'quick'
process.env.TF_CPP_MIN_LOG_LEVEL = '2'
const testing = createRequire(new URL('../../tooling/testing/package.json', import.meta.url))
/** @type {typeof import('@tensorflow/tfjs-core')} */
const tf = testing('@tensorflow/tfjs-core')
testing(backend === 'tensorflow' ? '@tensorflow/tfjs-node' : `@tensorflow/tfjs-backend-${backend}`)

/** @typedef {import('@tensorflow/tfjs-core').Tensor} Tensor */

/** @param {number} n @param {number} d */
const positiveDefinite = (n, d) =>
  tf.tidy(() => {
    const a = tf.randomNormal([n, d, d], 0, 1, 'float32', 7)
    return tf.add(tf.matMul(a, a, false, true), tf.mul(d / 4, tf.eye(d)))
  })

/** @param {Tensor} x @param {(at: number, d: number, values: Float32Array, result: Float64Array) => void} ofMatrix */
const byMatrix = (x, ofMatrix) => {
  const values = /** @type {Float32Array} */ (x.dataSync())
  const d = /** @type {number} */ (x.shape.at(-1))
  const result = new Float64Array(values.length)
  for (let at = 0; at < values.length; at += d * d) ofMatrix(at, d, values, result)
  return tf.tensor(Float32Array.from(result), x.shape)
}

/** @param {Tensor} x */
const hostCholesky = x =>
  byMatrix(x, (at, d, values, result) => {
    const l = new Float64Array(d * d)
    for (let j = 0; j < d; j++) {
      let pivot = values[at + j * d + j]
      for (let k = 0; k < j; k++) pivot -= l[j * d + k] ** 2
      const diagonal = Math.sqrt(pivot)
      l[j * d + j] = diagonal
      for (let i = j + 1; i < d; i++) {
        let sum = values[at + i * d + j]
        for (let k = 0; k < j; k++) sum -= l[i * d + k] * l[j * d + k]
        l[i * d + j] = sum / diagonal
      }
    }
    result.set(l, at)
  })

/** Of as many right sides as rows. @param {Tensor} l @param {Tensor} b */
const hostSolve = (l, b) => {
  const right = b.dataSync()
  return byMatrix(l, (at, d, values, result) => {
    const factor = { rows: d, columns: d, data: values.subarray(at, at + d * d) }
    for (let j = 0; j < d; j++) {
      const column = Float64Array.from({ length: d }, (_, i) => right[at + i * d + j])
      for (const [i, v] of solveLower(column)(factor).entries()) result[at + i * d + j] = v
    }
  })
}

/** The least of some turns, after one that does not count. @param {() => Tensor} f */
const time = f => {
  let least = Number.POSITIVE_INFINITY
  for (let turn = 0; turn <= (quick ? 3 : 7); turn++) {
    const start = process.cpuUsage()
    const y = f()
    y.dataSync()
    const { user, system } = process.cpuUsage(start)
    if (turn > 0) least = Math.min(least, (user + system) / 1000)
    y.dispose()
  }
  return least
}

await tf.setBackend(backend)
await tf.ready()

/** @type {Array<{ what: string, kernel: number, host: number }>} */
const found = []
for (const [n, d] of quick
  ? [
      [2000, 3],
      [5, 128],
    ]
  : [
      [10_000, 3],
      [100, 128],
    ]) {
  const x = positiveDefinite(n, d)
  const b = tf.randomNormal([n, d, d], 0, 1, 'float32', 3)
  const l = tensors.cholesky(x)
  found.push({
    what: `Cholesky of ${n} x ${d}^2`,
    kernel: time(() => tensors.cholesky(x)),
    host: time(() => hostCholesky(x)),
  })
  found.push({
    what: `solve, ${n} x ${d}^2, ${d} right sides`,
    kernel: time(() => tensors.triangularSolve(l, b)),
    host: time(() => hostSolve(l, b)),
  })
  tf.dispose([x, b, l])
}
const count = quick ? 100_000 : 1_000_000
const x = tf.tidy(() => tf.exp(tf.randomUniform([count], -5, 7, 'float32', 5)))
found.push({
  what: `log-gamma of ${count}`,
  kernel: time(() => tensors.logGamma(x)),
  host: time(() => tf.tensor(Float32Array.from(Float64Array.from(x.dataSync(), logGamma)), x.shape)),
})
console.log(JSON.stringify(found))
