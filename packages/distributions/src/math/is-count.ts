/** Whether a number is a whole one in 0, ..., bound. */
export const isCount = (x: number, bound: number = Number.MAX_VALUE): boolean =>
  Number.isInteger(x) && x >= 0 && x <= bound
