import type { SkippingExports } from '../skipping/exports.js'
import { host, type Memory, type Module } from './host.js'
import type { KernelExports } from './kernel.js'
import type { Layout } from './layout.js'
import { numbers } from './transfer.js'

/** A thread's view of a memory that is laid out for densities of some shape, and the kernel that works there. */
export interface Workspace {
  readonly kernel: KernelExports
  /** What leaves out what rounds away, where that is laid out. */
  readonly skipping: SkippingExports | undefined
  readonly layout: Layout
  readonly buffer: ArrayBufferLike
  readonly densities: Float64Array
  readonly slots: Float64Array
  /** In the first word of the table of what is remembered: 0 where something may be left out now, or one of how many ranges counts. */
  readonly everything: Uint32Array
}

/** What a worker computes with, made at once as workers may, without what compiles it. */
export const instanceIn = <Exports>(memory: Memory, module: Module, kernel?: KernelExports): Exports =>
  new host.WebAssembly!.Instance(module, { env: { memory }, kernel }).exports as Exports

export const workspaceOf = (
  kernel: KernelExports,
  skipping: SkippingExports | undefined,
  layout: Layout,
  buffer: ArrayBufferLike,
): Workspace => ({
  kernel,
  skipping,
  layout,
  buffer,
  densities: numbers(buffer, layout.densities, (layout.factors - layout.densities) >> 3),
  slots: numbers(buffer, layout.slots, (layout.logits - layout.slots) >> 3),
  everything: new Uint32Array(buffer, layout.skipping, layout.skipping > 0 ? 1 : 0),
})

/** Leaves the sums of a range in a slot. */
export const sumRange = ({ kernel, skipping, layout, everything }: Workspace, range: number, slot: number): void => {
  const first = range * layout.rangeBlocks
  const every = everything[0]!
  const isInSample = every > 1 && range % every === 0
  const { expectation } = skipping && (every === 0 || isInSample) ? skipping : kernel
  expectation(first, Math.min(first + layout.rangeBlocks, layout.blocks), layout.slots + slot * layout.slotNumbers * 8)
}
