// A kernel for several threads is the same code with another kind of memory. Whether the memory is shared stands in one byte
// of the import section, followed by how large it may become, so that no second copy of the module has to be shipped.
// Source: WebAssembly core specification with threads, sections 5.3.7 (limits) and 5.5.5 (import section).

/** The most pages that a memory can have: 4 GiB. */
export const MOST_PAGES = 65536

const IMPORT_SECTION = 2
const HEADER = 8
const [NO_MAXIMUM, SHARED_WITH_MAXIMUM] = [0, 3]

/** What comes before the limits: that there is one import, `env` and `memory` behind their lengths, and the kind. */
const BEFORE = 1 + 4 + 7 + 1

/** LEB128 of the most pages. */
const MAXIMUM = [0x80, 0x80, 0x04]

/** Where the next section begins. Lengths are in LEB128, seven bits a byte from the lowest on. */
const pastSection = (module: Uint8Array, at: number): number => {
  let [length, shift, next] = [0, 0, at + 1]
  for (let more = true; more; next++, shift += 7) {
    length += (module[next]! & 127) * 2 ** shift
    more = module[next]! > 127
  }
  return next + length
}

/** The module with a shared memory as its one import, which it has to be in one of its own. */
export const importingShared = (module: Uint8Array): Uint8Array => {
  let at = HEADER
  while (module[at] !== IMPORT_SECTION) at = pastSection(module, at)
  // Its length is below 128, one byte.
  const limits = at + 2 + BEFORE
  if (module[at + 1]! > 100 || module[limits] !== NO_MAXIMUM) throw new Error('the kernel imports no growing memory')
  const shared = new Uint8Array(module.length + MAXIMUM.length)
  shared.set(module.subarray(0, limits + 2))
  shared.set(MAXIMUM, limits + 2)
  shared.set(module.subarray(limits + 2), limits + 2 + MAXIMUM.length)
  shared[at + 1]! += MAXIMUM.length
  shared[limits] = SHARED_WITH_MAXIMUM
  return shared
}
