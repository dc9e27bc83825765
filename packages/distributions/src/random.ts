import { describeValue } from '@conjugate/linalg'
import gammaFactory from '@stdlib/random-base-gamma'
import ziggurat from '@stdlib/random-base-improved-ziggurat'
import mt19937 from '@stdlib/random-base-mt19937'

/** A seeded stream of random numbers: the same seed gives the same bits on every platform. Drawing advances it. */
export interface Random {
  /** Draws from the uniform distribution on [0, 1). */
  readonly uniform: () => number
  /** Draws from the standard normal. */
  readonly normal: () => number
  /** Draws from the gamma with the given shape (> 0) and rate 1. */
  readonly gamma: (shape: number) => number
  /** Draws one of 0, ..., bound - 1, all alike. */
  readonly integer: (bound: number) => number
}

/** Words of 32 bits that no other value has. Whole numbers are two, low bits first; anything else is spelt out. */
const wordsOf = (value: unknown): ReadonlyArray<number> => {
  if (Number.isSafeInteger(value)) return [value as number, Math.floor((value as number) / 2 ** 32)]
  const text = describeValue(value)
  return [text.length, ...Array.from(text, character => character.codePointAt(0)!), 0]
}

const isWord = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 32

/** No word of a whole number, so that the generator, which goes round its key and adds places, tells longer keys from short ones. */
const LONG = 2 ** 31

/** The words of a seed and a stream: one each where both have one. */
const keyOf = (seed: number, stream: number): Uint32Array =>
  Uint32Array.from(isWord(seed) && isWord(stream) ? [seed, stream] : [...wordsOf(seed), ...wordsOf(stream), LONG])

/**
 * Makes a stream of random numbers from a seed. Streams of one seed with different `stream` numbers are seeded apart, for
 * example one for each restart. Both are whole numbers from -(2^53 - 1) to 2^53 - 1, of which no two give the same stream;
 * options that are seeds are checked to be such, and here anything else has a stream of its own, too.
 * Source: Mersenne Twister (Matsumoto and Nishimura 1998), ziggurat normals (Doornik 2005), gammas by Marsaglia and Tsang
 * (2000), all by stdlib.
 */
export const random = (seed: number, stream = 0): Random => {
  const generator = mt19937.factory({ seed: keyOf(seed, stream) })
  // The types of stdlib leave out what its generators carry.
  const { normalized: uniform } = generator as typeof generator & { readonly normalized: () => number }
  const gamma = gammaFactory.factory({ prng: uniform })
  return {
    uniform: () => uniform(),
    normal: ziggurat.factory({ prng: uniform }),
    gamma: shape => gamma(shape, 1),
    integer: bound => Math.floor(uniform() * bound),
  }
}
