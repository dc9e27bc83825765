// Maximum-likelihood EM on our executor, in one thread: node skipping.js everything|skipping
import { describeExecutorError, selectExecutor } from '@conjugate/executors'
import { readStart, readValues } from './files.js'
import { right } from './map.js'
import { densitiesOf, maximise } from './maximum-likelihood.js'
import { serve } from './serve.js'

const [, , how] = process.argv

const milliseconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** @type {Float64Array | undefined} */
let data

await serve(async request => {
  const executor = right(await selectExecutor('wasm', 1)(), describeExecutorError)
  data ??= readValues(request.rows)
  const loaded = right(await executor.load({ rows: request.n, columns: request.d, data })(), describeExecutorError)
  try {
    const options = how === 'skipping' ? { sequence: {} } : undefined
    let parameters = readStart(request)
    let logLikelihood = 0
    const began = milliseconds()
    const steps = []
    for (let i = 0; i < request.iterations; i++) {
      const before = milliseconds()
      const step = right(await loaded.expectation(densitiesOf(parameters), options)(), describeExecutorError)
      steps.push(milliseconds() - before)
      logLikelihood = step.logLikelihood
      parameters = maximise(parameters, step.statistics, request.n)
    }
    const msPerIteration = (milliseconds() - began) / request.iterations
    return {
      version: executor.description,
      msPerIteration,
      steadyMilliseconds: Math.min(...steps.slice(request.iterations >> 1)),
      logLikelihood,
    }
  } finally {
    loaded.dispose()
  }
})
