export type * from './executor.js'
export { javascript } from './javascript/index.js'
export { wasm } from './wasm/index.js'
