// One valid call of everything that models offer, of a size that takes milliseconds.
import * as d from '@conjugate/distributions'
import * as m from '@conjugate/models'
import { whole } from '../support/junk.js'

const stream = d.random(3)
const inTurn = (count, make) => Array.from({ length: count }, (_, n) => make(n % 2))

const numbers = inTurn(24, group => [4 * group + stream.normal(), stream.normal()])
const counts = inTurn(24, group => d.poisson.sample({ rate: group ? 12 : 2 })(stream))
const times = inTurn(24, group => d.exponential.sample({ rate: group ? 0.1 : 2 })(stream))
const answers = inTurn(24, group => ({ a: Number(stream.uniform() < (group ? 0.9 : 0.2)), b: group, c: null }))
const table = inTurn(24, group => ({ x: 5 * group + stream.normal(), n: group ? 9 : 1, k: group }))

const copy = rows => rows.map(row => (Array.isArray(row) ? [...row] : typeof row === 'object' ? { ...row } : row))

const shared = () => ({ components: 2, concentration: 2 })
const wishart = () => ({
  mean: [0, 0],
  meanPrecision: 0.1,
  degreesOfFreedom: 4,
  scale: [
    [1, 0],
    [0, 1],
  ],
})
const rate = () => ({ shape: 2, rate: 0.5 })

const priors = () => ({
  x: d.normalInverseGamma.make({ mean: 0, meanPrecision: 0.1, shape: 2, scale: 1 }).right,
  n: d.gamma.make({ shape: 2, rate: 0.5 }).right,
  k: d.dirichlet.make({ concentration: [2, 2] }).right,
})
const product = d.productPrior({ x: d.normalInverseGammaPrior, n: d.gammaPoissonPrior, k: d.dirichletPrior(2) })

/** Constructors with their options, and data for what they make. */
const mixtures = {
  gaussianMixture: [m.gaussianMixture, () => ({ ...shared(), prior: wishart() }), numbers],
  'gaussianMixture without a prior': [m.gaussianMixture, () => ({ components: 2 }), numbers],
  'diagonalGaussianMixture without a prior': [m.diagonalGaussianMixture, () => ({ components: 2 }), numbers],
  tiedGaussianMixture: [m.tiedGaussianMixture, () => ({ ...shared(), prior: wishart() }), numbers],
  diagonalGaussianMixture: [
    m.diagonalGaussianMixture,
    () => ({ ...shared(), prior: { mean: [0, 0], meanPrecision: 0.1, shape: 2, scale: [1, 1] } }),
    numbers,
  ],
  sphericalGaussianMixture: [
    m.sphericalGaussianMixture,
    () => ({ ...shared(), prior: { mean: [0, 0], meanPrecision: 0.1, shape: 2, scale: 1 } }),
    numbers,
  ],
  poissonMixture: [m.poissonMixture, () => ({ ...shared(), prior: rate() }), counts],
  exponentialMixture: [m.exponentialMixture, () => ({ ...shared(), prior: rate() }), times],
  gammaMixture: [m.gammaMixture, () => ({ ...shared(), shape: 2, prior: rate() }), times],
  latentClassMixture: [m.latentClassMixture, () => ({ ...shared(), columns: { a: 2, b: 2, c: 3 } }), answers],
  conjugateMixture: [m.conjugateMixture(product), () => ({ ...shared(), prior: priors() }), table],
  maximumLikelihoodMixture: [
    m.maximumLikelihoodMixture(d.poisson),
    () => ({ components: 2, freeParameters: 1 }),
    counts,
  ],
  maximumLikelihoodGaussianMixture: [
    m.maximumLikelihoodGaussianMixture,
    () => ({ components: 2, columns: 2 }),
    numbers,
  ],
}

// A tolerance that is taken away and 2^31 iterations are as many iterations, as was asked for; the limit ends them.
const fitOptions = () => ({
  iterations: 3,
  threads: 1,
  backend: 'javascript',
  tolerance: 1e-9,
  seed: 1,
  restarts: 2,
  timeLimit: 3000,
})
const starts = [
  () => ({ _tag: 'k-means' }),
  () => ({ _tag: 'rows', indices: [0, 1] }),
  () => ({ _tag: 'labels', labels: inTurn(24, g => g) }),
  () => ({
    _tag: 'responsibilities',
    responsibilities: { rows: 24, columns: 2, data: Float64Array.from({ length: 48 }, () => 0.5) },
  }),
]

const callsOf = async ([name, [define, options, data]]) => {
  const model = define(options()).right
  const fitted = (await m.fit(model, copy(data), fitOptions())()).right
  if (fitted === undefined) throw new Error(`${name} has no fit to try`)
  const known = () => ({ weights: Array.from(fitted.weights), components: whole(fitted.components) })
  const noPair = !('pair' in model.components)
  return [
    { name, args: () => [options()], run: o => light(define(o)) },
    { name: `fit of ${name}`, args: () => [whole(model), copy(data), fitOptions()], run: fit },
    ...starts.map(start => ({
      name: `fit of ${name} from ${start()._tag}`,
      args: () => [whole(model), copy(data), { ...fitOptions(), start: start() }],
      run: fit,
    })),
    {
      name: `fit of ${name} with all options`,
      args: () => [
        whole(model),
        copy(data),
        {
          ...fitOptions(),
          rowWeights: data.map(() => 1),
          labels: data.map((_, n) => (n < 4 ? n % 2 : -1)),
          acceleration: 'squarem',
          timeLimit: 1000,
          parallel: 2,
          groupRows: false,
          skipping: false,
        },
      ],
      run: fit,
    },
    {
      name: `predict of ${name}`,
      args: () => [whole(model), known(), copy(data), { threads: 1 }],
      run: (mixture, parameters, rows, o) => m.predict(mixture, parameters, rows, o)(),
    },
    {
      name: `fitFromText of ${name}`,
      args: () => [JSON.parse(m.fitToText(model, fitted).right)],
      run: file => m.fitFromText(model, textOf(file)),
    },
    ...(noPair
      ? []
      : [
          {
            name: `gibbs of ${name}`,
            args: () => [copy(data), { samples: 2, burnIn: 1, thin: 1, seed: 1, backend: 'javascript' }],
            run: async (rows, o) => {
              let last = { _tag: 'Right', right: 0 }
              let count = 0
              for await (const draw of m.gibbs(model, rows, o)) {
                last = draw
                if (++count === 10) break
              }
              return last
            },
          },
          {
            name: `onlineFit of ${name}`,
            args: () => [[copy(data), copy(data)], { total: 48, seed: 1, backend: 'javascript' }],
            run: (batches, o) => m.onlineFit(model, batches, o)(),
          },
        ]),
  ]
}

/** What is no JSON has no text. */
const textOf = file => {
  try {
    return JSON.stringify(file) ?? ''
  } catch {
    return ''
  }
}

const fit = (model, rows, options) => m.fit(model, rows, options)()

/** A model is full of functions, in which nobody looks for NaN. */
const light = made => (made?._tag === 'Right' ? { _tag: 'Right', right: made.right.freeParameters ?? 0 } : made)

const chain = m.hiddenMarkovModel({ states: 2, transitionConcentration: 2, initialConcentration: 2, prior: wishart() })

const others = [
  {
    name: 'hiddenMarkovModel',
    args: () => [{ states: 2, initialConcentration: 2, transitionConcentration: 2, stickiness: 1, prior: wishart() }],
    run: o => light(m.hiddenMarkovModel(o)),
  },
  {
    name: 'fit of hiddenMarkovModel',
    args: () => [
      whole(chain.right),
      [copy(numbers), copy(numbers).slice(0, 5)],
      { iterations: 3, seed: 1, tolerance: 0 },
    ],
    run: (model, sequences, o) => m.fit(model, sequences, o)(),
  },
  {
    name: 'fitFactorAnalysis',
    args: () => [{ factors: 1, noise: 'diagonal' }, copy(numbers), { iterations: 3, seed: 1 }],
    run: (model, rows, o) => m.fitFactorAnalysis(model, rows, o)(),
  },
  {
    name: 'compareComponents',
    args: () => [copy(numbers), [1, 2], { iterations: 2, threads: 1 }],
    run: async (rows, all, o) => {
      const define = components => m.gaussianMixture({ components, concentration: 2, prior: wishart() })
      const candidates = await m.compareComponents(define, rows, all, o)()
      return Array.isArray(candidates) ? (candidates[0]?.result ?? { _tag: 'Right', right: 0 }) : candidates
    },
  },
]

export const modelCalls = async () => [...(await Promise.all(Object.entries(mixtures).map(callsOf))).flat(), ...others]
