/** A law of a distribution or a pair: `check` throws an error that says what does not hold. */
export interface Law {
  /** For example "member 0: samples have the expected statistic". */
  readonly name: string
  readonly check: () => void
}

export const holds = (condition: boolean, message: string): void => {
  if (!condition) throw new Error(message)
}

/** Within a share of the expected number's size, or of 1 if that is more. */
export const near = (actual: number, expected: number, tolerance: number, what: string): void =>
  holds(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)) || actual === expected,
    `${what} is ${actual}, expected ${expected} to ${tolerance}`,
  )

/** Entry by entry. */
export const nearAll = (
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void => {
  holds(actual.length === expected.length, `${what} has ${actual.length} numbers, expected ${expected.length}`)
  for (let i = 0; i < expected.length; i++) near(actual[i]!, expected[i]!, tolerance, `${what}[${i}]`)
}

/** The mean of values within five standard errors: false alarms are once in a million, and seeds are fixed besides. */
export const estimate = (values: ReadonlyArray<number>, exact: number, what: string): void => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1)
  const error = Math.sqrt(variance / values.length)
  holds(
    Math.abs(mean - exact) <= 5 * error + 1e-12 * Math.abs(exact),
    `${what} is ${exact}, but ${values.length} samples say ${mean} with a standard error of ${error}`,
  )
}

/** The value of a Right, or an error that shows the Left. */
export const valid = <A>(
  either: { readonly _tag: 'Left'; readonly left: unknown } | { readonly _tag: 'Right'; readonly right: A },
  what: string,
): A => {
  if (either._tag === 'Left') throw new Error(`${what} is no member: ${JSON.stringify(either.left)}`)
  return either.right
}

/** Points of the midpoint rule with `n` cells a side in the unit cube. */
export const cube = (dimension: number, n: number): number[][] =>
  Array.from({ length: n ** dimension }, (_, i) =>
    Array.from({ length: dimension }, (_d, d) => ((Math.floor(i / n ** d) % n) + 0.5) / n),
  )
