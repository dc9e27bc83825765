// What surrounds the E-step, as a user calls it, in one thread: milliseconds of processor time.
import { readFileSync } from 'node:fs'
import { clustersOn, selectExecutor } from '@conjugate/executors'
import { identity } from '@conjugate/linalg'
import { describeFitError, fit, gaussianMixture, gibbs, hiddenMarkovModel, onRows, predict } from '@conjugate/models'
import { right } from './map.js'
import { answerLines } from './serve.js'

/** Milliseconds of processor time that something takes. @template A @param {() => Promise<A>} work */
const timed = async work => {
  const began = process.cpuUsage()
  const value = await work()
  const { user, system } = process.cpuUsage(began)
  return { value, milliseconds: (user + system) / 1000 }
}

/** @param {number} columns */
const priorOf = columns => ({
  mean: new Float64Array(columns),
  meanPrecision: 0.01,
  degreesOfFreedom: columns + 2,
  scale: identity(columns),
})

/** @typedef {import('../types.js').RoadRequest} Request */

/** @param {Request} request */
const rowsOf = ({ rows: path, n, d }) => {
  const { buffer, byteOffset } = Uint8Array.from(readFileSync(path))
  return { rows: n, columns: d, data: new Float64Array(buffer, byteOffset, n * d) }
}

const executor = right(await selectExecutor('wasm', 1)(), String)

/** @param {Request} request */
const mixtureOf = ({ d, k }) => right(gaussianMixture({ components: k, prior: priorOf(d) }), String)

/** Parameters from a fit of one iteration. @param {Request} request */
const fitted = async request =>
  right(
    await fit(mixtureOf(request), rowsOf(request), { iterations: 1, backend: 'wasm', threads: 1 })(),
    describeFitError,
  )

/** @type {Readonly<Record<string, (request: Request) => Promise<number>>>} */
const works = {
  'k-means': async request => {
    const rows = rowsOf(request)
    const found = await timed(async () =>
      right(await clustersOn(executor)(rows, { count: request.k })(), String).kMeans(request.seed),
    )
    return found.milliseconds
  },
  'E-step': async request => {
    const found = await fitted(request)
    const bound = right(await onRows(mixtureOf(request), rowsOf(request), executor)(), describeFitError)
    const { milliseconds } = await timed(bound.expect(found))
    bound.dispose()
    return milliseconds
  },
  prediction: async request => {
    const [model, rows, found] = [mixtureOf(request), rowsOf(request), await fitted(request)]
    const { milliseconds } = await timed(predict(model, found, rows, { backend: 'wasm', threads: 1 }))
    return milliseconds
  },
  'Gibbs draw': async request => {
    const start = await fitted(request)
    const options = { start, backend: /** @type {const} */ ('wasm'), threads: 1, seed: request.seed }
    const draws = gibbs(mixtureOf(request), rowsOf(request), options)
    // The first one has the load in it.
    await draws.next()
    const { milliseconds } = await timed(() => draws.next())
    await draws.return()
    return milliseconds
  },
  'hidden Markov model': async request => {
    const { n, d, k, iterations } = request
    const { data } = rowsOf(request)
    const sequence = Array.from({ length: n }, (_, i) => data.subarray(i * d, (i + 1) * d))
    const model = right(hiddenMarkovModel({ states: k, prior: priorOf(d) }), String)
    const begun = right(await fit(model, [sequence], { iterations: 1, threads: 1 })(), describeFitError)
    const start = { initial: begun.initial, transitions: begun.transitions, emissions: begun.emissions }
    const timesOf = async (/** @type {number} */ count) =>
      (await timed(fit(model, [sequence], { iterations: count, tolerance: 0, threads: 1, start }))).milliseconds
    const few = await timesOf(1)
    return ((await timesOf(1 + iterations)) - few) / iterations
  },
}

await answerLines(async request => ({
  version: process.version,
  milliseconds: await works[/** @type {Request} */ (request).work](request),
}))
