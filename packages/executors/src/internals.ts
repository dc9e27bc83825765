// What tests reach into. It is no public entry, and left out of the package.

export { checkRows } from './contract/rows.js'
export { philox, uniformAt } from './contract/uniform.js'
export { executorOf } from './wasm/kernel/index.js'
export { type Kernel, type KernelExports, kernelOf, type Variant } from './wasm/kernel/kernel.js'
export { type Control, controlOf, giveOut } from './wasm/threads/control.js'
export { countNeeds } from './wasm/threads/needs.js'
export { loadTeam } from './wasm/threads/team.js'
