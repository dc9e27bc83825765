// A mixture density network: a neural network whose output is a distribution, for what has several answers.
//
// Of y the x = y + 0.3 sin(2 pi y) + noise is known, and for some x there are three y (Bishop, Mixture density networks, 1994). A
// network of 24 units says for each x a mixture of three normals of y; it is trained by the mean of their log densities.
import { random } from '@conjugate/distributions'
import { mixture, normal } from '@conjugate/distributions/tensors'
import { describePlotError, scatter } from '@conjugate/plots'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import * as E from 'fp-ts/lib/Either.js'

tf.enableProdMode()
await tf.setBackend('wasm')

const N = 600
const COMPONENTS = 3

// The data.
const stream = random(1994)
const ys = Array.from({ length: N }, () => stream.uniform())
const xs = ys.map(y => y + 0.3 * Math.sin(2 * Math.PI * y) + 0.04 * stream.normal())
const [x, y] = [tf.tensor2d(xs, [N, 1]), tf.tensor1d(ys)]

// The distribution, and a network with as many outputs as its parameters take.
const answers = mixture(normal)
const head = answers.head(COMPONENTS)
const network = tf.sequential({
  layers: [
    tf.layers.dense({
      units: 24,
      activation: 'tanh',
      inputShape: [1],
      kernelInitializer: tf.initializers.randomNormal({ stddev: 3, seed: 1 }),
      biasInitializer: tf.initializers.randomNormal({ stddev: 1.5, seed: 2 }),
    }),
    tf.layers.dense({ units: head.units, kernelInitializer: tf.initializers.randomNormal({ stddev: 0.01, seed: 3 }) }),
  ],
})
// The network starts at three normals beside each other, since what starts alike stays alike.
const start = head.inverse({
  logits: tf.zeros([COMPONENTS]),
  components: { mean: tf.tensor1d([0.1, 0.5, 0.9]), deviation: tf.fill([COMPONENTS], 0.2) },
})
const parametersAt = (inputs: tf.Tensor) => head.parameters(tf.add(network.apply(inputs) as tf.Tensor, start))
const loss = () => tf.neg(tf.mean(answers.logProb(parametersAt(x))(y))) as tf.Scalar

// Trained by any optimiser of TensorFlow.js. `model.fit` wants targets of the shape of the outputs, so the loss is minimised itself.
const optimiser = tf.train.adam(0.01, 0.9, 0.99)
const step = () => {
  const value = optimiser.minimize(loss, true)!
  const number = value.dataSync()[0]!
  value.dispose()
  return number
}
const first = step()
const tensors = tf.memory().numTensors
let last = first
for (let i = 0; i < 300; i++) last = step()
console.log(`-log p(y | x) per point: ${first.toFixed(2)} before, ${last.toFixed(2)} after 300 steps`)
console.log(`tensors that 300 steps left behind: ${tf.memory().numTensors - tensors}`)

// What the network says where there are three answers, and where there is one.
for (const at of [0.5, 1]) {
  const { logits, components } = tf.tidy(() => parametersAt(tf.tensor2d([[at]])))
  const weights = tf.softmax(logits).dataSync()
  const means = components.mean.dataSync()
  const said = Array.from(means, (mean, k) => ({ mean, weight: weights[k]! }))
    .filter(({ weight }) => weight > 0.05)
    .sort((a, b) => a.mean - b.mean)
  console.log(`x = ${at}: y = ${said.map(c => `${c.mean.toFixed(1)} (${(100 * c.weight).toFixed(0)} %)`).join(', ')}`)
  tf.dispose([logits, components as never])
}

// Which component each point is of, given what the network says of its x.
const posterior = tf.tidy(() => answers.posterior(parametersAt(x))(y))
const drawn = scatter(
  xs.map((v, n) => [v, ys[n]!]),
  {
    title: 'Three normals whose parameters are a network’s',
    xLabel: 'x',
    yLabel: 'y',
    responsibilities: { rows: N, columns: COMPONENTS, data: Float64Array.from(posterior.dataSync()) },
  },
)
if (E.isLeft(drawn)) throw new Error(describePlotError(drawn.left))
export const picture: string = drawn.right

// A page shows what a program exports; in Node it is written to a file, with colours of its own.
if (typeof process !== 'undefined') {
  const { mkdirSync, writeFileSync } = await import('node:fs')
  const folder = process.argv[2] ?? 'gallery-output'
  mkdirSync(folder, { recursive: true })
  const svg = picture.replace('<svg ', '<svg style="color:#22272e;background:#fff" ')
  writeFileSync(`${folder}/mixture-density-network.svg`, svg)
}
