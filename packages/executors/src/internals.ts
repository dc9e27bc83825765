// What tests reach into. It is no public entry, and left out of the package.

export { checkRows } from './contract/rows.js'
export { philox, uniformAt } from './contract/uniform.js'
export { mayHaveGaps } from './labels/gaps.js'
export { executorOf } from './wasm/kernel/index.js'
export { type Kernel, type KernelExports, kernelOf, type Variant } from './wasm/kernel/kernel.js'
export { rowsOn } from './wasm/kernel/loaded.js'
export { storeRows } from './wasm/kernel/resident.js'
export { type Drift, driftOf, type MetricDensities } from './wasm/skipping/drift.js'
export { progressOf } from './wasm/skipping/progress.js'
export { type Control, controlOf, dispatch, take } from './wasm/threads/control.js'
export { countNeeds } from './wasm/threads/needs.js'
export { loadTeam } from './wasm/threads/team.js'
