export { iterations } from './iterations.js'
export type { EMError, EMModel, Expectation, Iteration } from './model.js'
export { type Run, type RunOptions, run } from './run.js'
