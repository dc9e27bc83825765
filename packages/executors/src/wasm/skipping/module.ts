import type { Module } from '../kernel/host.js'
import { bytesOf, compile, type Sharing } from '../kernel/kernel.js'

const made: { [S in Sharing]?: Promise<Module> } = {}

/** What works beside the kernel and leaves out what rounds away, compiled when it is first asked for, and once. */
export const skippingModule = (sharing: Sharing): Promise<Module> => {
  made[sharing] ??= bytesOf(import('../kernel/skipping.generated.js'), sharing).then(compile)
  return made[sharing]
}
