import type { ChainsOf, Executor } from '../contract/executor.js'
import { onDemand } from '../contract/on-demand.js'

/**
 * Chains of hidden states where an executor computes: its own, those of plain JavaScript, or those of the WebAssembly kernel
 * beside any other executor. Without an executor it is the kernel, or plain JavaScript where an engine has no SIMD. Errors: no
 * memory.
 */
export const chainsOn =
  (executor?: Pick<Executor, 'backend' | 'chains'>): ChainsOf =>
  (states, lengths) =>
    executor?.chains?.(states, lengths) ??
    onDemand(
      'wasm',
      () => import('./places.js'),
      ({ chainsBeside }) => chainsBeside(executor?.backend)(states, lengths),
    )
