// The same mode twice: of a Gaussian mixture by MAP-EM in float64, and by gradients of its log joint density in float32.
//
// EM has closed steps where priors are conjugate, and needs no rate. Gradients need one, and more steps, but take any model.
import { random } from '@conjugate/distributions'
import { dirichlet, mixture, multivariateNormal, normalInverseWishart } from '@conjugate/distributions/tensors'
import { describeFitError, fit, gaussianMixture } from '@conjugate/models'
import { describePlotError, objective } from '@conjugate/plots'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import * as E from 'fp-ts/lib/Either.js'

tf.enableProdMode()
await tf.setBackend('wasm')

// Three clusters.
const stream = random(7)
const centres = [
  [0, 0],
  [1.8, 0.6],
  [0.6, 2],
]
const rows = Array.from({ length: 450 }, (_, n) => {
  const [a, b] = [stream.normal(), stream.normal()]
  const [u, v] = centres[n % 3]!
  return [u! + 0.7 * a, v! + 0.3 * a + 0.5 * b]
})

// By EM: a few iterations to start from, and all of them.
const prior = {
  mean: [1, 2],
  meanPrecision: 0.1,
  degreesOfFreedom: 5,
  scale: [
    [0.5, 0],
    [0, 0.5],
  ],
}
const concentration = 2
const model = gaussianMixture({ components: 3, concentration, prior })
const byEM = async (iterations: number) => {
  const result = await fit(model, rows, { start: { _tag: 'k-means' }, seed: 3, iterations, tolerance: 1e-13 })()
  if (E.isLeft(result)) throw new Error(describeFitError(result.left))
  return result.right
}
const [start, end] = [await byEM(1), await byEM(500)]

// By gradients: the same joint density of parameters that are numbers without bounds.
const gaussians = mixture(multivariateNormal)
const head = gaussians.head(3, 2)
const x = tf.tensor2d(rows)
const priors = {
  mean: tf.tensor1d(prior.mean),
  meanPrecision: tf.scalar(prior.meanPrecision),
  degreesOfFreedom: tf.scalar(prior.degreesOfFreedom),
  factor: tf.tensor2d([
    [Math.sqrt(0.5), 0],
    [0, Math.sqrt(0.5)],
  ]),
}
const ofWeights = { concentration: tf.fill([3], concentration) }
const u = tf.tidy(() => tf.variable(head.inverse(gaussians.lift(start))))
const loss = () =>
  tf.tidy(() => {
    const p = head.parameters(u)
    const logPrior = tf.add(
      tf.sum(normalInverseWishart.logProb(priors)(p.components)),
      dirichlet.logProb(ofWeights)(tf.softmax(p.logits)),
    )
    return tf.neg(tf.add(tf.mean(gaussians.logProb(p)(x)), tf.div(logPrior, rows.length))) as tf.Scalar
  })
const trace: number[] = []
for (const rate of [0.03, 0.01, 0.003, 0.001]) {
  const optimiser = tf.train.adam(rate)
  for (let i = 0; i < 100; i++) {
    const value = optimiser.minimize(loss, true)!
    trace.push(-rows.length * value.dataSync()[0]!)
    value.dispose()
  }
  optimiser.dispose()
}

// How far the two ends are from each other.
const found = tf.tidy(() => head.parameters(u))
const differences = tf.tidy(() => {
  const wanted = gaussians.lift(end)
  const apart = (a: tf.Tensor, b: tf.Tensor) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!
  const covariance = (l: tf.Tensor) => tf.matMul(l, l, false, true)
  return {
    weights: apart(tf.softmax(found.logits), tf.softmax(wanted.logits)),
    means: apart(found.components.mean, wanted.components.mean),
    covariances: apart(covariance(found.components.factor), covariance(wanted.components.factor)),
  }
})
for (const [what, off] of Object.entries(differences)) console.log(`${what} differ by ${off.toExponential(0)}`)
console.log(`EM took ${end.objectives.length} iterations, gradients ${trace.length} steps`)
console.log(`log joint: ${end.objectives.at(-1)!.toFixed(3)} by EM, ${trace.at(-1)!.toFixed(3)} by gradients`)

const drawn = objective([end.objectives.slice(0, 80), trace.slice(0, 80)], {
  title: 'One mode by EM and by gradients',
  labels: ['EM', 'Adam'],
  yLabel: 'Log joint density (nats)',
})
if (E.isLeft(drawn)) throw new Error(describePlotError(drawn.left))
export const picture: string = drawn.right

// A page shows what a program exports; in Node it is written to a file, with colours of its own.
if (typeof process !== 'undefined') {
  const { mkdirSync, writeFileSync } = await import('node:fs')
  const folder = process.argv[2] ?? 'gallery-output'
  mkdirSync(folder, { recursive: true })
  const svg = picture.replace('<svg ', '<svg style="color:#22272e;background:#fff" ')
  writeFileSync(`${folder}/map-by-gradient.svg`, svg)
}
