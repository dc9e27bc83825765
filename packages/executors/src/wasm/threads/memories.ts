import { host, type Memory } from '../kernel/host.js'
import { growTo } from '../kernel/resident.js'

/** The most pages that a memory can have, as the kernel of a shared one says: 4 GiB. */
const MOST_PAGES = 65536

/** Shared memories that are idle; V8 frees them only at a full collection, however many there are. */
const idle: WeakRef<Memory>[] = []

/** A shared memory of at least so many pages, perhaps one that was used before. */
export const takeMemory = (pages: number): Memory => {
  for (let used = idle.pop(); used; used = idle.pop()) {
    const memory = used.deref()
    if (memory === undefined) continue
    growTo(memory, pages)
    return memory
  }
  return new host.WebAssembly!.Memory({ initial: pages, maximum: MOST_PAGES, shared: true })
}

/** To be called once no thread touches the memory any more. */
export const release = (memory: Memory): void => void idle.push(new WeakRef(memory))
