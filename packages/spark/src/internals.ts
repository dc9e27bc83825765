// What tests reach into. It is no public entry, and left out of the package.

export { type Statements, statementsOn } from './client/connection.js'
export { inside } from './connection.js'
export { kernelSumsOn } from './kernel-sums.js'
export { workerFile } from './worker.js'
