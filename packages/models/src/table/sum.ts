/** A check sum of numbers that come in parts. */
export interface GrowingSum {
  readonly add: (data: Float64Array, weights: Float64Array | undefined) => void
  readonly found: () => Uint32Array
}

/**
 * A sum that follows from all bits of numbers in their order, and not from the parts in which they come, in two words: of each number
 * both halves go into either at once, since every round over a table pays for it.
 * Source: Fowler, Noll and Vo, The FNV non-cryptographic hash algorithm (IETF draft), the 32-bit variant, for words that are mixed.
 */
export const growingSum = (): GrowingSum => {
  const words = { data: Int32Array.of(0x811c9dc5, 0x9747b28c), weights: Int32Array.of(0x811c9dc5, 0x9747b28c) }
  const take = (state: Int32Array, numbers: Float64Array): void => {
    const bits = new Int32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length)
    let [a, b] = [state[0]!, state[1]!]
    for (let i = 0; i < bits.length; i += 2) {
      const [low, high] = [bits[i]!, bits[i + 1]!]
      a = Math.imul(a ^ low ^ ((high << 15) | (high >>> 17)), 0x01000193)
      b = Math.imul(((b << 13) | (b >>> 19)) ^ (high + ((low << 8) | (low >>> 24))), 0x85ebca6b)
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
