// Tables and counts by `@conjugate/models`, in one thread: node tables.js rows|columns
import { readFileSync } from 'node:fs'
import { random } from '@conjugate/distributions'
import { describeExecutorError, selectExecutor } from '@conjugate/executors'
import { describeFitError, fit, initialParameters, latentClassMixture, onRows, poissonMixture } from '@conjugate/models'
import { right } from './map.js'
import { answerLines } from './serve.js'

const [, , how] = process.argv

/** Milliseconds of processor time that something takes. @template A @param {() => Promise<A>} work */
const timed = async work => {
  const began = process.cpuUsage()
  const value = await work()
  const { user, system } = process.cpuUsage(began)
  return { value, milliseconds: (user + system) / 1000 }
}

/** @param {Uint8Array} values @param {any} request */
const given = (values, { n, d, levels, k }) => {
  if (levels === undefined) {
    const model = poissonMixture({ components: k, concentration: 2, prior: { shape: 1, rate: 0.1 } })
    return { model, data: how === 'columns' ? values : Array.from(values) }
  }
  const names = Array.from({ length: d }, (_, c) => `c${c}`)
  const columns = Object.fromEntries(names.map((name, c) => [name, values.subarray(c * n, (c + 1) * n)]))
  const model = latentClassMixture({
    components: k,
    concentration: 2,
    columns: Object.fromEntries(names.map(name => [name, levels])),
  })
  const row = (/** @type {number} */ r) => Object.fromEntries(names.map(name => [name, columns[name][r]]))
  return { model, data: how === 'columns' ? columns : Array.from({ length: n }, (_, r) => row(r)) }
}

await answerLines(async request => {
  const { model, data } = /** @type {any} */ (given(new Uint8Array(readFileSync(request.rows)), request))
  const executor = right(await selectExecutor('wasm', 1)(), describeExecutorError)
  const start = right(await initialParameters(model, data, { _tag: 'random-rows' }, random(1))(), describeFitError)
  const loading = await timed(async () => right(await onRows(model, data, executor)(), describeFitError))
  const loaded = loading.value
  const steps = []
  for (let i = 0; i < 5; i++)
    steps.push(
      (await timed(async () => right(await loaded.expect(/** @type {any} */ (start))(), describeFitError)))
        .milliseconds,
    )
  loaded.dispose()
  const options = { start, iterations: request.iterations, threads: 1 }
  const whole = await timed(async () => right(await fit(model, data, options)(), describeFitError))
  return {
    version: executor.description,
    load: loading.milliseconds,
    step: Math.min(...steps),
    fit: whole.milliseconds,
  }
})
