// Maximum-likelihood EM on an executor: what the log-likelihoods of peers without priors are compared with.
import { describeExecutorError } from '@conjugate/executors'
import { cholesky, invertLower, logDeterminant } from '@conjugate/linalg'
import { readStart, readValues } from './files.js'
import { right } from './map.js'

/** @typedef {ReturnType<typeof readStart>} Parameters */

/** @param {Parameters} parameters @returns {import('@conjugate/executors').QuadraticDensities} */
export const densitiesOf = ({ weights, components }) => {
  const columns = components[0].mean.length
  const mean = new Float64Array(components.length * columns)
  const whitening = new Float64Array(components.length * columns * columns)
  const logConstant = weights.map((weight, k) => {
    const factor = right(cholesky(components[k].covariance), error => error._tag)
    mean.set(components[k].mean, k * columns)
    whitening.set(invertLower(factor).data, k * columns * columns)
    return Math.log(weight) - 0.5 * (columns * Math.log(2 * Math.PI) + logDeterminant(factor))
  })
  return { _tag: 'Quadratic', components: components.length, columns, mean, whitening, logConstant }
}

/**
 * @param {Parameters} parameters that the sums are about
 * @param {import('@conjugate/executors').QuadraticStatistics} statistics @param {number} rows @returns {Parameters}
 */
export const maximise = ({ components }, { weight, sum, outer }, rows) => ({
  weights: weight.map(w => w / rows),
  components: components.map(({ mean }, k) => {
    const d = mean.length
    const step = sum.slice(k * d, (k + 1) * d).map(s => s / weight[k])
    const data = new Float64Array(d * d)
    for (let i = 0, at = k * d * d; i < d; i++)
      for (let j = 0; j < d; j++, at++) data[i * d + j] = outer[at] / weight[k] - step[i] * step[j]
    return { mean: mean.map((m, i) => m + step[i]), covariance: { rows: d, columns: d, data } }
  }),
})

/**
 * The log-likelihood that the E-step of the last iteration finds.
 * @param {import('@conjugate/executors').Executor} executor @param {import('../types.js').Request} request
 */
export const runMaximumLikelihood = async (executor, request) => {
  const began = performance.now()
  const data = readValues(request.rows)
  const loaded = right(await executor.load({ rows: request.n, columns: request.d, data })(), describeExecutorError)
  try {
    let parameters = readStart(request)
    let logLikelihood = 0
    for (let i = 0; i < request.iterations; i++) {
      const step = right(await loaded.expectation(densitiesOf(parameters))(), describeExecutorError)
      logLikelihood = step.logLikelihood
      parameters = maximise(parameters, step.statistics, request.n)
    }
    return { msPerIteration: (performance.now() - began) / request.iterations, logLikelihood }
  } finally {
    loaded.dispose()
  }
}
