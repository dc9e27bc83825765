// An auto-encoder whose code has a Gaussian mixture as its prior, all of it trained together: codes come in clusters.
//
// Points in four dimensions are of three kinds, which nobody says. The encoder gives each a normal of two columns, the decoder
// wants the point back, and the code has to be probable under a mixture that moves, too (Jiang et al., Variational deep embedding, 2017).
import { random } from '@conjugate/distributions'
import { diagonalNormal, mixture, multivariateNormal } from '@conjugate/distributions/tensors'
import { compareAssignments, describeFitError, fit, gaussianMixture } from '@conjugate/models'
import { describePlotError, scatter } from '@conjugate/plots'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import * as E from 'fp-ts/lib/Either.js'

tf.enableProdMode()
await tf.setBackend('wasm')

const N = 450
const CODE = 2
const KINDS = 3

// Three kinds of points.
const stream = random(17)
const centres = [
  [2, 0, 1, -1],
  [-2, 1, 0, 1],
  [0, -2, -1, 2],
]
const kinds = Int32Array.from({ length: N }, (_, n) => n % KINDS)
const data = tf.tensor2d(Array.from(kinds, k => centres[k]!.map(c => c + 0.4 * stream.normal())))

// Networks of two layers.
let seed = 1
const layers = (inputs: number, outputs: number) =>
  tf.sequential({
    layers: [
      tf.layers.dense({
        units: 16,
        activation: 'tanh',
        inputShape: [inputs],
        kernelInitializer: tf.initializers.glorotNormal({ seed: seed++ }),
      }),
      tf.layers.dense({ units: outputs, kernelInitializer: tf.initializers.glorotNormal({ seed: seed++ }) }),
    ],
  })
const codeHead = diagonalNormal.head(CODE)
const encoder = layers(4, codeHead.units)
const decoder = layers(CODE, 4)

// The prior of codes.
const prior = mixture(multivariateNormal)
const priorHead = prior.head(KINDS, CODE)
const standard = { mean: [0, 0], cholesky: { rows: 2, columns: 2, data: [1, 0, 0, 1] } } as never
const u = tf.variable(priorHead.inverse(prior.lift({ weights: [1, 1, 1], components: [standard, standard, standard] })))

const encode = (x: tf.Tensor) => codeHead.parameters(encoder.apply(x) as tf.Tensor)
const elbo = (draw: number) =>
  tf.tidy(() => {
    const q = encode(data)
    // One differentiable draw of each code.
    const code = diagonalNormal.sample(q)([], draw)
    const restored = { mean: decoder.apply(code) as tf.Tensor, deviation: tf.fill([4], 0.4) }
    const logLikelihood = diagonalNormal.logProb(restored)(data)
    const divergence = tf.sub(diagonalNormal.logProb(q)(code), prior.logProb(priorHead.parameters(u))(code))
    return tf.mean(tf.sub(logLikelihood, divergence)) as tf.Scalar
  })

const optimiser = tf.train.adam(0.02)
const numberOf = (value: tf.Scalar) => {
  const number = value.dataSync()[0]!
  value.dispose()
  return number
}
const before = numberOf(elbo(0))
const train = (from: number, to: number) => {
  for (let i = from; i < to; i++) optimiser.minimize(() => tf.neg(elbo(i)))
}
train(0, 100)

// So far all components are alike, a standard normal. What codes there are is what they start from, by a fit in float64.
const spread = tf.tidy(() => encode(data).mean.arraySync() as number[][])
const fitted = await fit(gaussianMixture({ components: KINDS, concentration: 2 }), spread, { seed: 1 })()
if (E.isLeft(fitted)) throw new Error(describeFitError(fitted.left))
tf.tidy(() => u.assign(priorHead.inverse(prior.lift(fitted.right)) as tf.Tensor1D))
const tensors = tf.memory().numTensors
train(100, 250)
console.log(`tensors that 150 steps left behind: ${tf.memory().numTensors - tensors}`)
console.log(`evidence bound per point: ${before.toFixed(1)} before, ${numberOf(elbo(0)).toFixed(1)} after`)

// Which component each code is of, and the components.
const codes = tf.tidy(() => encode(data).mean)
const learned = tf.tidy(() => priorHead.parameters(u))
const responsibilities = tf.tidy(() => prior.posterior(learned)(codes))
const assignments = tf.tidy(() => tf.argMax(responsibilities, -1).dataSync())
const agreement = compareAssignments(assignments as Int32Array, kinds)
if (E.isRight(agreement)) console.log(`agreement with the kinds: ${agreement.right.adjustedRandIndex.toFixed(2)}`)

const means = learned.components.mean.arraySync() as number[][]
const covariances = tf.tidy(() =>
  tf.matMul(learned.components.factor, learned.components.factor, false, true).arraySync(),
) as number[][][]
const drawn = scatter(codes.arraySync() as number[][], {
  title: 'Codes of an auto-encoder, and the mixture that is their prior',
  xLabel: 'First number of the code',
  yLabel: 'Second number',
  responsibilities: { rows: N, columns: KINDS, data: Float64Array.from(responsibilities.dataSync()) },
  components: means.map((mean, k) => ({ mean, covariance: covariances[k]! })),
})
if (E.isLeft(drawn)) throw new Error(describePlotError(drawn.left))
export const picture: string = drawn.right

// A page shows what a program exports; in Node it is written to a file, with colours of its own.
if (typeof process !== 'undefined') {
  const { mkdirSync, writeFileSync } = await import('node:fs')
  const folder = process.argv[2] ?? 'gallery-output'
  mkdirSync(folder, { recursive: true })
  const svg = picture.replace('<svg ', '<svg style="color:#22272e;background:#fff" ')
  writeFileSync(`${folder}/mixture-prior.svg`, svg)
}
