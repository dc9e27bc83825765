import { host, type Memory } from './host.js'
import { growTo, pagesOf } from './resident.js'

/** The most pages that a memory can have, as the kernel of a shared one says: 4 GiB. */
const MOST_PAGES = 65536

/** A memory that was used before is taken unless it has more than so many times the pages, or more than these. */
const [TIMES, LITTLE] = [4, pagesOf(2 ** 22)]

/** Memories that are used again once nobody touches them. */
export interface Memories {
  /** A memory of at least so many pages, perhaps one that was used before, with anything in it. */
  readonly take: (pages: number) => Memory
  readonly release: (memory: Memory) => void
}

/**
 * V8 frees memories only at a full collection, however many there are, and the pages of a new one cost a fault each, which takes as
 * long as an E-step on what they hold. One that is too small stays idle, unless memories may grow: then there would be no large one.
 */
const memoriesOf = (make: (pages: number) => Memory, mayGrow: boolean): Memories => {
  const idle: WeakRef<Memory>[] = []
  return {
    take: pages => {
      for (let i = idle.length - 1; i >= 0; i--) {
        const memory = idle[i]!.deref()
        const has = memory ? pagesOf(memory.buffer.byteLength) : 0
        if (memory && (has > Math.max(LITTLE, TIMES * pages) || (has < pages && !mayGrow))) continue
        idle.splice(i, 1)
        if (memory === undefined) continue
        growTo(memory, pages)
        return memory
      }
      return make(pages)
    },
    release: memory => void idle.push(new WeakRef(memory)),
  }
}

export const ownMemories: Memories = memoriesOf(pages => new host.WebAssembly!.Memory({ initial: pages }), false)

export const sharedMemories: Memories = memoriesOf(
  pages => new host.WebAssembly!.Memory({ initial: pages, maximum: MOST_PAGES, shared: true }),
  true,
)
