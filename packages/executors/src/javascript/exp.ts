const steps = 64

/** 2^(j / 64) for the fraction and 2^-j for the whole part of the exponent. */
const fractions = Float64Array.from({ length: steps }, (_, j) => 2 ** (j / steps))
const powers = Float64Array.from({ length: 1025 }, (_, j) => 2 ** -j)

/** ln(2) / 64 in two parts: the first has 24 bits, so that its product with a whole number up to 2^16 is exact. */
const high = Math.fround(Math.LN2 / steps)
const low = Math.LN2 / steps - high + 2.3190468138462996e-17 / steps

/** Adding and subtracting it rounds to an integer, while |x| < 2^51. */
const rounder = 6755399441055744

/** Below it powers of e are taken as an exact 0, as 2^-959.5 and less are by the WebAssembly kernel. */
const LEAST = -959.5 * Math.LN2

/**
 * e^x for x <= 0, to 4e-16 relative; exactly 0 below -665, where products of it would be denormal, which is slow.
 * Three times as fast as `Math.exp`, and the same bits on every engine.
 */
export const expNonPositive = (x: number): number => {
  if (x < LEAST) return 0
  // x = n ln(2) / 64 + r with |r| < 0.0055, where six terms of the series are enough.
  const n = x * (steps / Math.LN2) + rounder - rounder
  const r = x - n * high - n * low
  const series = r + r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120))))
  const whole = n | 0
  const fraction = fractions[whole & (steps - 1)]!
  return (fraction + fraction * series) * powers[-(whole >> 6)]!
}
