// One of our executors as a contestant: node ours.js NAME
import { describeExecutorError } from '@conjugate/executors'
import { executors } from './executors.js'
import { bind, right, runMap } from './map.js'
import { runMaximumLikelihood } from './maximum-likelihood.js'
import { serve } from './serve.js'

const [, , name] = process.argv
const row = executors.find(one => one.name === name)
if (row === undefined) throw new Error(`there is no executor ${name}`)

/** @type {import('./map.js').Bound | undefined} */
let bound

await serve(async request => {
  const executor = right(await row.executor(), describeExecutorError)
  const version = executor.description
  if (request.objective === 'ml') return { version, ...(await runMaximumLikelihood(executor, request)) }
  bound ??= await bind(executor, request)
  return { version, ...(await runMap(bound, request)) }
})
