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

/**
 * The Itakura-Saito divergence x/y - 1 - log(x/y) of positive numbers: never negative, and with all digits where x is
 * close to y. Most Kullback-Leibler divergences are sums of such terms.
 */
export const itakuraSaito = (x: number, y: number): number => {
  const v = (x - y) / y
  return Math.abs(v) <= 0.5 ? -log1pMinus(v) : v - Math.log(x / y)
}
