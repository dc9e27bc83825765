// The loop, its checkpoints, and the executors.
import { fromText, iterations, run, runWithCheckpoints, toText } from '@conjugate/em'
import { grouped, selectExecutor } from '@conjugate/executors'
import { whole } from '../support/junk.js'

/** Halves the way to the top of a parabola. */
const model = {
  expect: p => async () => ({ _tag: 'Right', right: { statistics: p, logLikelihood: -((p - 1) ** 2) } }),
  maximize: s => ({ _tag: 'Right', right: (s + 1) / 2 }),
  logPrior: () => 0,
}

const memory = text => {
  let kept = text
  return {
    name: 'memory',
    read: async () => ({ _tag: 'Right', right: kept === undefined ? { _tag: 'None' } : { _tag: 'Some', value: kept } }),
    write: written => async () => {
      kept = written
      return { _tag: 'Right', right: undefined }
    },
  }
}

const rows = () => ({ rows: 3, columns: 2, data: [1, 2, 3, 4, 5, 6] })

const densities = {
  Linear: () => ({
    _tag: 'Linear',
    components: 2,
    columns: 2,
    natural: Float64Array.of(1, 0, 0, 1),
    logConstant: Float64Array.of(-1, -2),
  }),
  Diagonal: () => ({
    _tag: 'Diagonal',
    components: 2,
    columns: 2,
    mean: Float64Array.of(1, 2, 3, 4),
    scale: Float64Array.of(1, 1, 2, 2),
    logConstant: Float64Array.of(-1, -2),
  }),
  Quadratic: () => ({
    _tag: 'Quadratic',
    components: 2,
    columns: 2,
    mean: Float64Array.of(1, 2, 3, 4),
    whitening: Float64Array.of(1, 0, 0.5, 1, 2, 0, 0, 2),
    logConstant: Float64Array.of(-1, -2),
  }),
}

const onExecutor = async (name, then) => {
  const executor = await selectExecutor(name, 1)()
  return then(executor.right)
}

const loading = name => ({
  name: `load on ${name}`,
  args: () => [rows(), { origin: [0, 1], rowWeights: [1, 2, 0] }],
  run: (data, options) =>
    onExecutor(name, async executor => {
      const loaded = await grouped(executor).load(data, options)()
      if (loaded._tag === 'Right') loaded.right.dispose()
      return loaded._tag === 'Right' ? { _tag: 'Right', right: loaded.right.rows } : loaded
    }),
})

const passNames = ['expectation', 'responsibilities', 'assignments', 'logProb', 'logDensities']

/** Rows, their weights and densities through every pass. */
const passes = (name, tag) => ({
  name: `passes of ${tag} densities on ${name}`,
  args: () => [rows(), { rowWeights: [1, 2, 0] }, densities[tag]()],
  run: (data, options, d) =>
    onExecutor(name, async executor => {
      const loaded = await executor.load(data, options)()
      if (loaded._tag === 'Left') return loaded
      try {
        const found = []
        for (const pass of passNames) {
          const result = await loaded.right[pass](d)()
          if (result._tag === 'Left') return result
          found.push(result.right)
        }
        return { _tag: 'Right', right: found }
      } finally {
        loaded.right.dispose()
      }
    }),
})

export const engineCalls = [
  {
    name: 'run',
    args: () => [{ iterations: 5, tolerance: 1e-9, timeLimit: 1000 }],
    run: o => run(o)(iterations(model)(0))(),
  },
  {
    name: 'runWithCheckpoints',
    args: () => [
      { iterations: 5, timeLimit: 1000 },
      { storage: whole(memory()), everyIterations: 2, fingerprint: ['x'] },
    ],
    run: (options, checkpoint) => runWithCheckpoints(options, checkpoint)(iterations(model))(0)(),
  },
  {
    name: 'fromText',
    args: () => [toText({ a: Float64Array.of(1, NaN), b: [Infinity], c: Int32Array.of(1) }).slice(0, -1), '}'],
    run: (text, end) => {
      const read = fromText(typeof text === 'string' && typeof end === 'string' ? text + end : text)
      // What was saved may well have held NaN.
      return read?._tag === 'Right' ? { _tag: 'Right', right: 0 } : read
    },
  },
  {
    name: 'selectExecutor',
    args: () => ['wasm', 1],
    run: async (name, threads) => {
      const chosen = await selectExecutor(name, threads)()
      return chosen._tag === 'Right' ? { _tag: 'Right', right: chosen.right.backend } : chosen
    },
  },
  ...['wasm', 'javascript'].flatMap(name => [loading(name), ...Object.keys(densities).map(tag => passes(name, tag))]),
]
