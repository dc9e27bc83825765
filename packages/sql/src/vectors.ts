/** A column of numbers of a chunk, and which of them are there: a bit for each, in words of 64, or nothing where all are. */
export interface NumberVector {
  readonly items: Float64Array
  readonly validity?: { readonly data?: BigUint64Array | null; readonly itemValid: (row: number) => boolean }
}

/** 32 cells that are all there. */
const ALL = 0xffff_ffff

/** Which cells of a vector are there, 32 of them in a word; `undefined` where all are. */
const wordsIn = ({ validity, items }: NumberVector): Uint32Array | undefined => {
  if (validity === undefined || validity.data === null) return undefined
  if (validity.data) return new Uint32Array(validity.data.buffer, validity.data.byteOffset, 2 * validity.data.length)
  const words = new Uint32Array(Math.ceil(items.length / 32))
  for (let n = 0; n < items.length; n++) if (validity.itemValid(n)) words[n >>> 5]! |= 1 << (n & 31)
  return words
}

/** Where numbers of a column go: the first of them, and how far it is from one to the next. */
interface Target {
  readonly to: Float64Array
  readonly at: number
  readonly step: number
}

/**
 * Puts rows `first` to before `end` of a vector where they belong; NaN where a cell is NULL. The vector stays as it is: it may be the
 * table's.
 */
export const place = (vector: NumberVector, first: number, end: number, { to, at, step }: Target): void => {
  const { items } = vector
  if (step === 1) to.set(items.subarray(first, end), at)
  else for (let n = first, i = at; n < end; n++, i += step) to[i] = items[n]!
  const words = wordsIn(vector)
  if (words === undefined) return
  for (let w = first >>> 5; w << 5 < end; w++) {
    const word = words[w]!
    if (word === ALL) continue
    const stop = Math.min(end, (w + 1) << 5)
    for (let n = Math.max(first, w << 5); n < stop; n++)
      if (((word >>> (n & 31)) & 1) === 0) to[at + (n - first) * step] = Number.NaN
  }
}
