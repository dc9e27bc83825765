/** A check sum of numbers that come in parts. */
export interface GrowingSum {
  readonly add: (data: Float64Array, weights: Float64Array | undefined) => void
  readonly found: () => Uint32Array
}

/**
 * A sum that follows from all bits of numbers in their order, and not from the parts in which they come, in two words.
 * Source: Fowler, Noll and Vo, The FNV non-cryptographic hash algorithm (IETF draft), the 32-bit variant, by words.
 */
export const growingSum = (): GrowingSum => {
  const words = { data: Uint32Array.of(0x811c9dc5, 0x9747b28c), weights: Uint32Array.of(0x811c9dc5, 0x9747b28c) }
  const take = (state: Uint32Array, numbers: Float64Array): void => {
    const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length)
    let [a, b] = [state[0]!, state[1]!]
    for (let i = 0; i < bits.length; i++) {
      a = Math.imul(a ^ bits[i]!, 0x01000193)
      b = Math.imul(((b << 13) | (b >>> 19)) ^ bits[i]!, 0x85ebca6b)
    }
    state[0] = a
    state[1] = b
  }
  return {
    add: (data, weights) => {
      take(words.data, data)
      if (weights) take(words.weights, weights)
    },
    found: () => Uint32Array.of(...words.data, ...words.weights),
  }
}
