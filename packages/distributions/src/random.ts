import gammaFactory from '@stdlib/random-base-gamma'
import ziggurat from '@stdlib/random-base-improved-ziggurat'
import mt19937 from '@stdlib/random-base-mt19937'

/** A seeded stream of random numbers: the same seed gives the same bits on every platform. Drawing advances it. */
export interface Random {
  /** Uniform on [0, 1). */
  readonly uniform: () => number
  /** Standard normal. */
  readonly normal: () => number
  /** Gamma with the given shape (> 0) and rate 1. */
  readonly gamma: (shape: number) => number
  /** Uniform on 0, ..., bound - 1. */
  readonly integer: (bound: number) => number
}

/**
 * A stream from a seed. Streams of one seed with different `stream` numbers are seeded apart, for example one for each
 * restart. Both are taken modulo 2^32. Source: Mersenne Twister (Matsumoto and Nishimura 1998), ziggurat normals
 * (Doornik 2005), gammas by Marsaglia and Tsang (2000), all by stdlib.
 */
export const random = (seed: number, stream = 0): Random => {
  const generator = mt19937.factory({ seed: Uint32Array.of(seed, stream) })
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
