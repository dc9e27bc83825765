import { host, type Memory, type Module } from './host.js'
import type { KernelExports } from './kernel.js'
import type { Layout } from './layout.js'
import { numbers } from './transfer.js'

/** A thread's view of a memory that is laid out for densities of some shape, and the kernel that works there. */
export interface Workspace {
  readonly kernel: KernelExports
  readonly layout: Layout
  readonly buffer: ArrayBufferLike
  readonly densities: Float64Array
  readonly slots: Float64Array
}

/** The kernel of a worker, made at once as workers may, without what compiles it. */
export const kernelIn = (memory: Memory, module: Module): KernelExports =>
  new host.WebAssembly!.Instance(module, { env: { memory } }).exports as KernelExports

export const workspaceOf = (kernel: KernelExports, layout: Layout, buffer: ArrayBufferLike): Workspace => ({
  kernel,
  layout,
  buffer,
  densities: numbers(buffer, layout.densities, (layout.factors - layout.densities) >> 3),
  slots: numbers(buffer, layout.slots, (layout.logits - layout.slots) >> 3),
})

/** Leaves the sums of a range in a slot. */
export const sumRange = ({ kernel, layout }: Workspace, range: number, slot: number): void => {
  const first = range * layout.rangeBlocks
  kernel.expectation(
    first,
    Math.min(first + layout.rangeBlocks, layout.blocks),
    layout.slots + slot * layout.slotNumbers * 8,
  )
}
