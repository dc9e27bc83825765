import { type Schema, whole } from '@conjugate/em/schema'

/** The most components, states or columns that a model may have. */
export const MOST_COMPONENTS: number = 2 ** 16

/** Numbers that the parameters of a model may take: half a gigabyte. */
const MOST_NUMBERS = 2 ** 26

/** A whole number of things, each of so many numbers, as many as there is memory for. */
export const howMany = (numbersOfEach = 1): Schema =>
  whole(1, Math.max(1, Math.min(MOST_COMPONENTS, Math.floor(MOST_NUMBERS / Math.max(1, numbersOfEach)))))

/** The same where n of them take n x n numbers. */
export const howManySquared: Schema = whole(1, Math.floor(Math.sqrt(MOST_NUMBERS)))
