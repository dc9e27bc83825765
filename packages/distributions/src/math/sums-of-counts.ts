import { integrateUnit } from './gauss.js'

/** The sum of p(x) f(x) over x = start, start + step, ... while it changes the sum. */
const sumTail = (
  logMass: (x: number) => number,
  f: (x: number) => number,
  start: number,
  step: number,
  bound: number,
): number => {
  let sum = 0
  let last = 0
  for (let x = start; x >= 0 && x <= bound; x += step) {
    const mass = Math.exp(logMass(x))
    // 0 log 0 = 0, here and beyond.
    if (mass === 0) return sum
    const term = mass * f(x)
    sum += term
    const ratio = Math.abs(term / last)
    // What is left is below that of a geometric series.
    if (ratio < 1 && Math.abs(term) / (1 - ratio) <= 1e-17 * Math.abs(sum)) return sum
    last = term
  }
  return sum
}

/** Up to this standard deviation every count is summed. */
const WIDE = 1e3

/**
 * E f(X) of a count X in 0, ..., bound with falling masses on both sides of its mode, to a relative 1e-11: summed outwards
 * from the mode, over all counts or, where the standard deviation is large, in steps of a third of it. Sums of a
 * bell-shaped function in such steps and in steps of 1 both equal its integral, but for exp(-2 pi^2 9), as long as its ends
 * at 0 and at the bound have no mass to speak of: then `deviation` is given, and the functions have to take any number.
 * Source: Trefethen and Weideman, The exponentially convergent trapezoidal rule (2014).
 */
export const expectationOfCount = (
  logMass: (x: number) => number,
  f: (x: number) => number,
  mode: number,
  { bound = Number.POSITIVE_INFINITY, deviation = 0 }: { readonly bound?: number; readonly deviation?: number } = {},
): number => {
  const step = deviation > WIDE ? deviation / 3 : 1
  return step * (sumTail(logMass, f, mode, step, bound) + sumTail(logMass, f, mode - step, -step, bound))
}

/** Gregory's coefficients, of the differences of a function at the end of a range. */
const GREGORY = [1 / 2, -1 / 12, 1 / 24, -19 / 720, 3 / 160, -863 / 60480, 275 / 24192]

/** Counts below are summed; from there on a sum is an integral. */
const START = 4096

const PANEL = 0.25

const LOG_OF_GREATEST = Math.log(Number.MAX_VALUE)

/** What Gregory's formula adds to the integral of g from the start on for the sum over start, start + 1, ... */
const gregory = (g: (x: number) => number, start: number): number => {
  let differences = Array.from(GREGORY, (_, i) => g(start + i))
  let sum = 0
  for (const c of GREGORY) {
    sum += c * differences[0]!
    differences = differences.slice(1).map((v, i) => v - differences[i]!)
  }
  return sum
}

/**
 * E f(X) of a count X whose mass is a power of x times e^(-rate x), up to smaller terms, with a tail of many thousands: the
 * integral of the tail is taken over log x, by panels, until it has fallen off beyond `most`, where it is greatest.
 * Source: Gregory's formula as in Hildebrand, Introduction to Numerical Analysis (1974), section 5.9.
 */
export const expectationOfLongTail = (
  logMass: (x: number) => number,
  f: (x: number) => number,
  most: number,
): number => {
  const g = (x: number) => {
    const mass = Math.exp(logMass(x))
    return mass === 0 ? 0 : mass * f(x)
  }
  let sum = gregory(g, START)
  for (let x = START - 1; x >= 0; x--) sum += g(x)
  const origin = Math.log(START)
  // Beyond float64 there are no counts.
  for (let i = 0; origin + PANEL * (i + 1) < LOG_OF_GREATEST; i++) {
    const panel = integrateUnit(u => {
      const x = Math.exp(origin + PANEL * (i + u))
      return g(x) * x
    })
    sum += PANEL * panel
    if (origin + PANEL * i > Math.log(most) && panel <= 1e-18 * sum) return sum
  }
  return sum
}
