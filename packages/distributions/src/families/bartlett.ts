import { type Matrix, square } from '@conjugate/linalg'
import type { Random } from '../random.js'

/**
 * A lower triangular A (D x D) with A A' ~ W(degreesOfFreedom, I).
 * Source: Bartlett, On the theory of statistical regression (1933).
 */
export const bartlett =
  (dimension: number, degreesOfFreedom: number) =>
  (random: Random): Matrix =>
    square(dimension, (i, j) => {
      if (i === j) return Math.sqrt(2 * random.gamma((degreesOfFreedom - i) / 2))
      return j < i ? random.normal() : 0
    })

/** M M' of a square matrix, symmetric to the bit. */
export const gram = ({ rows: d, data }: Matrix): Matrix =>
  square(d, (i, j) => {
    let sum = 0
    for (let k = 0; k < d; k++) sum += data[i * d + k]! * data[j * d + k]!
    return sum
  })
