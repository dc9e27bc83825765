/** How the numbers of a file became eight bits a channel. */
export interface Depth {
  /** Bits a channel in the file. */
  readonly bits: 8 | 16
  /** Bits that its colours use. */
  readonly used: number
  /** The number that counts as white: all of these bits. */
  readonly white: number
}

export const EIGHT_BITS: Depth = { bits: 8, used: 8, white: 255 }

/** How many bits cameras and microscopes give. */
const USED = [8, 10, 12, 14, 16] as const

/** The least number of usual bits that holds a value. */
const bitsFor = (value: number): number => USED.find(bits => value < 2 ** bits) ?? 16

/**
 * Makes sixteen bits a channel eight, in place. Files of sixteen bits often hold numbers of fewer, and nothing in them says
 * so: the range is the smallest of 8, 10, 12, 14 and 16 bits that holds all colours that can be seen, and its upper eight
 * bits are kept. So a picture that is dark throughout becomes brighter, which the depth tells.
 */
export const toEightBits = (
  words: Uint16Array,
  channels: 3 | 4,
): { readonly data: Uint8Array; readonly depth: Depth } => {
  let [brightest, mostOpaque] = [0, 0]
  for (let at = 0; at < words.length; at += channels) {
    const alpha = channels === 4 ? words[at + 3]! : 0
    if (channels === 4 && alpha === 0) continue
    if (alpha > mostOpaque) mostOpaque = alpha
    for (let c = at; c < at + 3; c++) if (words[c]! > brightest) brightest = words[c]!
  }
  const used = bitsFor(brightest)
  const shift = used - 8
  // Who writes colours of few bits may write opacities of as many.
  const alphaShift = mostOpaque < 2 ** used ? shift : 8
  const data = new Uint8Array(words.buffer, words.byteOffset, words.length)
  for (let at = 0; at < words.length; at++) {
    const value = words[at]!
    // What can be seen a little stays so. A byte is written behind the word that is read, never before it.
    data[at] = channels === 4 && (at & 3) === 3 ? Math.max(value === 0 ? 0 : 1, value >> alphaShift) : value >> shift
  }
  return { data, depth: { bits: 16, used, white: 2 ** used - 1 } }
}
