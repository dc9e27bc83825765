/** What a number has to be, in words and as a test; it has to be finite besides. */
export interface Requirement {
  readonly expected: string
  readonly holds: (value: number) => boolean
}

/** Requires any finite number. */
export const finite: Requirement = { expected: 'a finite number', holds: () => true }
/** Requires any finite number above 0. */
export const positive: Requirement = { expected: 'a positive finite number', holds: v => v > 0 }
export const greaterThan = (bound: number): Requirement => ({
  expected: `a finite number greater than ${bound}`,
  holds: v => v > bound,
})
/** Of the mean of squares: it is above the square of the mean, unless all is one value. */
export const meanSquareAbove = (squareOfMean: number): Requirement => ({
  expected: `a finite number greater than ${squareOfMean}, or else the variance is 0`,
  holds: v => v > squareOfMean,
})

export const nonNegative: Requirement = { expected: 'a finite number of at least 0', holds: v => v >= 0 }
export const lessThan = (bound: number): Requirement => ({
  expected: `a finite number less than ${bound}`,
  holds: v => v < bound,
})

export const between = (low: number, high: number): Requirement => ({
  expected: `a number from ${low} to ${high}`,
  holds: v => v >= low && v <= high,
})

/** A probability, the certain ones included. */
export const fraction: Requirement = between(0, 1)
export const positiveFraction: Requirement = {
  expected: 'a positive number up to 1',
  holds: v => v > 0 && v <= 1,
}
export const wholePositive: Requirement = {
  expected: 'a whole positive number',
  holds: v => Number.isSafeInteger(v) && v > 0,
}
