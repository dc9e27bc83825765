/** How the numbers of a file became eight bits a channel. */
export interface Depth {
  /** Bits a channel in the file. */
  readonly bits: 8 | 16
  /** Bits that its colours use. */
  readonly used: number
  /** The number that counts as white. */
  readonly white: number
}

export const EIGHT_BITS: Depth = { bits: 8, used: 8, white: 255 }

/** How many bits cameras and microscopes give. */
const USED = [8, 10, 12, 14, 16] as const

/** The least number of usual bits that holds a value. */
const bitsFor = (value: number): number => USED.find(bits => value < 2 ** bits) ?? 16

/** The brightest of the colours that can be seen, and the most opaque. */
const extremes = (words: Uint16Array, channels: 3 | 4): { readonly brightest: number; readonly mostOpaque: number } => {
  let [brightest, mostOpaque] = [0, 0]
  for (let at = 0; at < words.length; at += channels) {
    const alpha = channels === 4 ? words[at + 3]! : 0
    if (channels === 4 && alpha === 0) continue
    if (alpha > mostOpaque) mostOpaque = alpha
    for (let c = at; c < at + 3; c++) if (words[c]! > brightest) brightest = words[c]!
  }
  return { brightest, mostOpaque }
}

/** How many bits are used, which number is white, and which is opaque. */
const rangeOf = (
  words: Uint16Array,
  channels: 3 | 4,
  given: number | undefined,
): { readonly used: number; readonly white: number; readonly opaque: number } => {
  const { brightest, mostOpaque } = extremes(words, channels)
  const used = bitsFor(given ?? brightest)
  const white = given ?? 2 ** used - 1
  // Who writes colours of few bits may write opacities of as many.
  return { used, white, opaque: mostOpaque <= white ? white : 65535 }
}

/** Spreads numbers of sixteen bits, of which fewer are used, over all of them, in place. */
export const toSixteenBits = (words: Uint16Array, channels: 3 | 4, given?: number): Depth => {
  const { used, white, opaque } = rangeOf(words, channels, given)
  for (let at = 0; at < words.length; at++) {
    const isOpacity = channels === 4 && (at & 3) === 3
    words[at] = Math.min(65535, Math.round((words[at]! * 65535) / (isOpacity ? opaque : white)))
  }
  return { bits: 16, used, white }
}

/**
 * Makes sixteen bits a channel eight, in place. Files of sixteen bits often hold numbers of fewer, and nothing in them says
 * so: the range is the smallest of 8, 10, 12, 14 and 16 bits that holds all colours that can be seen, and its upper eight
 * bits are kept. So a picture that is dark throughout becomes brighter, which the depth tells, unless `given` says what is
 * white; what is brighter than that is white, too.
 */
export const toEightBits = (
  words: Uint16Array,
  channels: 3 | 4,
  given?: number,
): { readonly data: Uint8Array; readonly depth: Depth } => {
  const { used, white, opaque } = rangeOf(words, channels, given)
  const data = new Uint8Array(words.buffer, words.byteOffset, words.length)
  for (let at = 0; at < words.length; at++) {
    const value = words[at]!
    const isOpacity = channels === 4 && (at & 3) === 3
    const eight = Math.min(255, Math.floor((value * 256) / ((isOpacity ? opaque : white) + 1)))
    // A byte is written where a word was read before. What can be seen a little stays so.
    data[at] = isOpacity && value > 0 ? Math.max(1, eight) : eight
  }
  return { data, depth: { bits: 16, used, white } }
}
