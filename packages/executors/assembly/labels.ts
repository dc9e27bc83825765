// What gives rows their labels, beside the E-step: a module of its own, which a page loads when it is asked for.
export { beginSequence, best, bestAddress, endSequence, filter, narrow, smooth, useChain } from './chains'
export { cluster, lower, spread, standardise, useRows } from './k-means'
