const EMPTY = -1

/** Mixes the 32-bit words of a row, and at the end the high bits into the low ones. Source: FNV-1a, on words. */
const hash = (words: Int32Array, start: number, count: number): number => {
  let h = count
  for (let i = start; i < start + count; i++) h = Math.imul(h ^ words[i]!, 0x01000193)
  // Round numbers leave the low bits of their words empty, so that only the high bits of products differ.
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  return h ^ (h >>> 13)
}

const equal = (a: Int32Array, atA: number, b: Int32Array, atB: number, count: number): boolean => {
  for (let i = 0; i < count; i++) if (a[atA + i] !== b[atB + i]) return false
  return true
}

const doubled = (values: Int32Array): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(2 * values.length)
  larger.set(values)
  return larger
}

const INITIAL_ROOM = 1024

/**
 * The distinct rows so far: an open-addressing table at most half full, that grows with them. Kept small and compact, for
 * what costs is to miss the cache.
 */
export class DistinctRows {
  count = 0
  /** Their 32-bit words, end to end. */
  words: Int32Array<ArrayBuffer>
  private hashes = new Int32Array(INITIAL_ROOM)
  private table = new Int32Array(2 * INITIAL_ROOM).fill(EMPTY)

  private readonly width: number

  constructor(width: number) {
    this.width = width
    this.words = new Int32Array(INITIAL_ROOM * width)
  }

  /** The group of the row that starts at `start`, a new one if it has none. */
  groupOf(words: Int32Array, start: number): number {
    const { table, width } = this
    const mask = table.length - 1
    const h = hash(words, start, width)
    let slot = h & mask
    for (;;) {
      const group = table[slot]!
      if (group === EMPTY) return this.add(words, start, h, slot)
      if (equal(this.words, group * width, words, start, width)) return group
      slot = (slot + 1) & mask
    }
  }

  private add(words: Int32Array, start: number, h: number, slot: number): number {
    const group = this.count++
    for (let i = 0; i < this.width; i++) this.words[group * this.width + i] = words[start + i]!
    this.hashes[group] = h
    this.table[slot] = group
    if (this.count === this.hashes.length) this.grow()
    return group
  }

  private grow(): void {
    this.words = doubled(this.words)
    this.hashes = doubled(this.hashes)
    this.table = new Int32Array(2 * this.hashes.length).fill(EMPTY)
    const mask = this.table.length - 1
    for (let group = 0; group < this.count; group++) {
      let slot = this.hashes[group]! & mask
      while (this.table[slot] !== EMPTY) slot = (slot + 1) & mask
      this.table[slot] = group
    }
  }
}
