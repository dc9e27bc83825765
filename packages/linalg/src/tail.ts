/** Which side of a point a probability is of: `lower` is all that is below it, and `upper` all that is above. */
export type Tail = 'lower' | 'upper'

/**
 * The integral of f over t > 0 for an f that is smooth and falls like e^-t or faster, by the double-exponential rule.
 * Source: Takahasi and Mori, Double exponential formulas for numerical integration (1974).
 */
export const integrateTail = (f: (t: number) => number): number => {
  const step = 1 / 16
  let sum = 0
  for (let i = -64; i <= 80; i++) {
    const t = Math.exp(i * step - Math.exp(-i * step))
    sum += f(t) * t * (1 + Math.exp(-i * step))
  }
  return sum * step
}

/** How far a tail goes: by the slope of the log density where it starts, and the standard deviation about the mode. */
export const reach = (slope: number, deviation: number): number => 1 / (Math.abs(slope) + 1 / deviation)

/** The mass of the `wanted` tail from that of one of the two. */
export const ofTail = (tail: Tail, mass: number, wanted: Tail): number => (tail === wanted ? mass : 1 - mass)
