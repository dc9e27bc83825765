// Gamma functions of x > 0 in float64, compiled twice: by TypeScript, and by AssemblyScript, in which `number` is float64. They are
// without tables, for which a module over the memory of another has no room.

/** Polynomials on 1 <= x <= 2 in t = x - 3/2 through Chebyshev nodes, computed in 60 digits: 4e-16 and 6e-16 of their size. */
function logGammaNearOne(t: number): number {
  // log Gamma(x) / (x - 1) / (x - 2)
  // biome-ignore format: one polynomial
  return 0.4831289505409809 + t * (-0.14595989591431094 + t * (0.06291140107456804 + t * (-0.03130848749984706 + t *
    (0.0167970986304444 + t * (-0.0094256225300762 + t * (0.0054464578966048 + t * (-0.0032120714838725 + t *
    (0.00192291448613 + t * (-0.001164458944524 + t * (0.000711550622688 + t * (-0.000437549693985 + t *
    (0.00027099300922 + t * (-0.00017156542448 + t * (0.0001073270909 + t * (-5.69694762e-5 + t *
    (3.58188803e-5 + t * (-4.34583335e-5 + t * 2.7601737e-5)))))))))))))))))
}

function digammaNearRoot(t: number): number {
  // digamma(x) / (x - root)
  // biome-ignore format: one polynomial
  return 0.9510558760318324 + t * (-0.4236274212814602 + t * (0.2405424842411433 + t * (-0.1484049230541549 + t *
    (0.0949887244060034 + t * (-0.0619221332404394 + t * (0.0407608363274467 + t * (-0.026975798432816 + t *
    (0.017907186840203 + t * (-0.011908174268888 + t * (0.007927926948526 + t * (-0.00528061973907 + t *
    (0.0035100551006 + t * (-0.00233930011925 + t * (0.001607100366 + t * (-0.0010712830393 + t *
    (0.0005514162917 + t * (-0.000367592558 + t * (0.00055136142 - t * 0.000367570626))))))))))))))))))
}

/** log Gamma(x). Source: NIST DLMF, 5.5.1 and 5.11.1. */
export function logGammaOf(x: number): number {
  if (x >= 8) {
    const r = 1 / x
    const q = r * r
    // biome-ignore format: one series
    const error = r * (1 / 12.0 - q * (1 / 360.0 - q * (1 / 1260.0 - q * (1 / 1680.0 - q * (1 / 1188.0 - q *
      (691 / 360360.0 - q * (1 / 156.0)))))))
    return (x - 0.5) * (Math.log(x) - 1) + (0.4189385332046727 + error)
  }
  if (x < 1) return x * (x - 1) * logGammaNearOne(x - 0.5) - Math.log(x)
  let y = x
  let product: number = 1
  while (y > 2) {
    y -= 1
    product *= y
  }
  return (y - 1) * (y - 2) * logGammaNearOne(y - 1.5) + (product > 1 ? Math.log(product) : 0)
}

/** digamma(x). Source: NIST DLMF, 5.5.2 and 5.11.2. */
export function digammaOf(x: number): number {
  if (x >= 10) {
    const r = 1 / x
    const q = r * r
    // biome-ignore format: one series
    return Math.log(x) - 0.5 * r - q * (1 / 12.0 - q * (1 / 120.0 - q * (1 / 252.0 - q * (1 / 240.0 - q *
      (1 / 132.0 - q * (691 / 32760.0 - q * (1 / 12.0)))))))
  }
  if (x < 1) return (x - 0.46163214496836225 - 9.549995429965697e-17) * digammaNearRoot(x - 0.5) - 1 / x
  let y = x
  let sum: number = 0
  while (y > 2) {
    y -= 1
    sum += 1 / y
  }
  return (y - 1.4616321449683622 - 9.549995429965697e-17) * digammaNearRoot(y - 1.5) + sum
}

/**
 * The derivative of digamma of an order n >= 1. All terms have one sign.
 * Source: NIST DLMF, 5.15.5 and 5.15.8, differentiated.
 */
export function polygammaOf(n: number, x: number): number {
  let y = x
  let sum: number = 0
  // n! / y^(n + 1) for y = x, x + 1, ...
  while (y < n + 13) {
    const r = 1 / y
    let term = r
    for (let j: number = 1; j <= n; j++) term *= j * r
    sum += term
    y += 1
  }
  const r = 1 / y
  const q = r * r
  // (n - 1)! / y^n
  let first = r
  let sign: number = 1
  for (let j: number = 1; j < n; j++) {
    first *= j * r
    sign = -sign
  }
  // biome-ignore format: one series
  const series = 1 / 6.0 + step(n, 2) * q * (-1 / 30.0 + step(n, 4) * q * (1 / 42.0 + step(n, 6) * q * (-1 / 30.0 + step(n, 8) * q *
    (5 / 66.0 + step(n, 10) * q * (step(n, 12) * q * (7 / 6.0) - 691 / 2730.0)))))
  return sign * (sum + first * (1 + 0.5 * n * r + 0.5 * n * (n + 1) * q * series))
}

/** By what the factor (n + k - 1)! / k! of a Bernoulli number of order k grows to that of order k + 2. */
function step(n: number, k: number): number {
  return ((n + k) * (n + k + 1)) / ((k + 1) * (k + 2))
}

/**
 * The multivariate log Gamma_D(x) for an order of -1, and its derivatives from the order 0 on, the first of which is the
 * multivariate digamma; not a number unless x > (D - 1)/2.
 * Source: Muirhead, Aspects of Multivariate Statistical Theory (1982), theorem 2.1.12.
 */
export function gammaFunctionOf(order: number, dimension: number, x: number): number {
  if (!(x > 0.5 * (dimension - 1))) return NaN
  // log(pi) / 4
  let sum: number = order < 0 ? 0.2861824714623501 * dimension * (dimension - 1) : 0
  for (let j: number = 0; j < dimension; j++) {
    const y = x - 0.5 * j
    sum += order < 0 ? logGammaOf(y) : order < 1 ? digammaOf(y) : polygammaOf(order, y)
  }
  return sum
}
