/** log(1 + v) - v for |v| <= 1/2, from log(1 + v) = 2 atanh r with r = v / (2 + v): 2 r - v is -v r without rounding. */
const log1pMinus = (v: number): number => {
  const r = v / (2 + v)
  let power = 2 * r * r * r
  let sum = -v * r
  for (let k = 3; sum + power / k !== sum; k += 2) {
    sum += power / k
    power *= r * r
  }
  return sum
}

/** v - log(1 + v) for v > -1: never negative, and with all digits where v is small. */
export const excessOfLog = (v: number): number => (Math.abs(v) <= 0.5 ? -log1pMinus(v) : v - Math.log1p(v))

/**
 * Gives the Itakura-Saito divergence x/y - 1 - log(x/y) of positive numbers. It is never negative, has all digits where x is
 * close to y, and is Infinity where x/y is beyond float64 or x is 0. Most Kullback-Leibler divergences are sums of such terms.
 * Source: Banerjee et al., Clustering with Bregman divergences (2005), table 1.
 */
export const itakuraSaito = (x: number, y: number): number => {
  if (x === y) return 0
  const v = (x - y) / y
  if (Math.abs(v) <= 0.5) return -log1pMinus(v)
  const ratio = x / y
  // Where the quotient is too small for float64, its logarithm is not.
  return ratio > 0 ? (ratio < Number.POSITIVE_INFINITY ? v - Math.log(ratio) : ratio) : v - (Math.log(x) - Math.log(y))
}

/** Products as small as this have lost digits. */
const NORMAL = 2 ** -1000

const isHeld = (x: number): boolean => x > NORMAL && x < Number.POSITIVE_INFINITY

/**
 * Gives y log(y/x) - y + x for positive numbers, in nats: the divergence of a Poisson with the rate y from one with the rate
 * x, which is y times the Itakura-Saito divergence of x from y. It is right also where x/y is beyond float64. The rate x is
 * told as a product a b / d, which need not be a number of float64, for the sake of gammas, whose means are quotients.
 * Source: Banerjee et al., Clustering with Bregman divergences (2005), table 1.
 */
export const poissonDivergence = (y: number, a: number, b = 1, d = 1): number => {
  const [x, scaled] = [a * b, y * d]
  if (y === 0) return (a / d) * b
  if (isHeld(x) && isHeld(scaled)) {
    const divergence = y * itakuraSaito(x, scaled)
    if (divergence < Number.POSITIVE_INFINITY) return divergence
  }
  if (!(a > 0 && b > 0)) return Number.POSITIVE_INFINITY
  const [ofRates, ofUnits] = [a / y, d / b]
  if (isHeld(ofRates) && isHeld(ofUnits)) {
    const divergence = y * itakuraSaito(ofRates, ofUnits)
    if (divergence < Number.POSITIVE_INFINITY) return divergence
  }
  const logRate = Math.log(a) + Math.log(b) - Math.log(d)
  const logRatio = logRate - Math.log(y)
  if (Math.abs(logRatio) <= 0.1) return y * excessOfLog(Math.expm1(logRatio))
  const rate = d === 1 ? x : Math.exp(logRate)
  // Of what is beyond float64 on both sides the rate is the greater.
  return rate === Number.POSITIVE_INFINITY ? rate : rate - y - y * logRatio
}
