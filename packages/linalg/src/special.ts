import betaln from '@stdlib/math-base-special-betaln'
import digamma from '@stdlib/math-base-special-digamma'
import gammaln from '@stdlib/math-base-special-gammaln'
import trigamma from '@stdlib/math-base-special-trigamma'

export { digamma, trigamma }

/** log |Gamma(x)|. */
export const logGamma: (x: number) => number = gammaln

/**
 * log B(a) = sum_k log Gamma(a_k) - log Gamma(sum_k a_k), the normaliser of a Dirichlet. By adding one entry at a time,
 * log B(a_1 + ... + a_k, a_k+1), the large log-gammas never stand alone to cancel.
 */
export const logMultivariateBeta = (a: Iterable<number>): number => {
  let total = 0
  let sum = 0
  for (const value of a) {
    if (total > 0) sum += betaln(total, value)
    total += value
  }
  return sum
}

/** log Gamma_D(a) = D(D-1)/4 log pi + sum_{j<D} log Gamma(a - j/2), for a > (D-1)/2. */
export const multivariateLogGamma =
  (dimension: number) =>
  (a: number): number => {
    let sum = (dimension * (dimension - 1) * Math.log(Math.PI)) / 4
    for (let j = 0; j < dimension; j++) sum += gammaln(a - j / 2)
    return sum
  }

/** The derivative of {@link multivariateLogGamma}: sum_{j<D} digamma(a - j/2). */
export const multivariateDigamma =
  (dimension: number) =>
  (a: number): number => {
    let sum = 0
    for (let j = 0; j < dimension; j++) sum += digamma(a - j / 2)
    return sum
  }
