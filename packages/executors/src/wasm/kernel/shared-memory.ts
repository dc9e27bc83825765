// A kernel for several threads is the same code with another kind of memory. Whether the memory is shared stands in one byte
// of the import section, followed by how large it may become, so that no second copy of the module has to be shipped.
// Source: WebAssembly core specification with threads, sections 5.3.7 (limits) and 5.5.5 (import section).

const IMPORT_SECTION = 2
const HEADER = 8
const [FUNCTION, MEMORY] = [0, 2]
const [NO_MAXIMUM, SHARED_WITH_MAXIMUM] = [0, 3]

/** LEB128 of the most pages that a memory can have: 65,536, which are 4 GiB. */
const MAXIMUM = [0x80, 0x80, 0x04]

/** A number in LEB128, seven bits a byte from the lowest on, and where it ends. */
const numberAt = (module: Uint8Array, at: number): readonly [value: number, end: number] => {
  let [value, shift, end] = [0, 0, at]
  for (let more = true; more; end++, shift += 7) {
    value += (module[end]! & 127) * 2 ** shift
    more = module[end]! > 127
  }
  return [value, end]
}

/** The same number in as many bytes as it takes. */
const encoded = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...encoded(value >> 7)])

/** Behind what begins with its length. */
const past = (module: Uint8Array, at: number): number => {
  const [length, end] = numberAt(module, at)
  return end + length
}

/** Where the limits of the memory that is imported are: behind functions, which have a number for their type. */
const limitsIn = (module: Uint8Array, imports: number): number => {
  let [left, at] = numberAt(module, imports)
  for (; left > 0; left--) {
    at = past(module, past(module, at))
    if (module[at] === MEMORY) return at + 1
    if (module[at] !== FUNCTION) break
    at = numberAt(module, at + 1)[1]
  }
  throw new Error('the kernel imports no memory')
}

/** The module with a shared memory in place of the one that it imports. */
export const importingShared = (module: Uint8Array): Uint8Array => {
  let at = HEADER
  while (module[at] !== IMPORT_SECTION) at = past(module, at + 1)
  const [length, imports] = numberAt(module, at + 1)
  const limits = limitsIn(module, imports)
  if (module[limits] !== NO_MAXIMUM) throw new Error('the kernel imports no growing memory')
  const behind = numberAt(module, limits + 1)[1]
  return Uint8Array.from([
    ...module.subarray(0, at + 1),
    ...encoded(length + MAXIMUM.length),
    ...module.subarray(imports, limits),
    SHARED_WITH_MAXIMUM,
    ...module.subarray(limits + 1, behind),
    ...MAXIMUM,
    ...module.subarray(behind),
  ])
}
