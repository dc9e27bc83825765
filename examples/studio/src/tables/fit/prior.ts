// The numbers of which priors are made: in the units of the table, and short, since they are written out in code as well.
import type { CategoryColumn, CountColumn, NumberColumn, Plan } from './plan.js'

/** The weight of prior means, in rows, and the shape of variances: those of the priors that Gaussian mixtures take from data. */
export const [MEAN_PRECISION, SHAPE] = [0.01, 1.5] as const
/** alpha of the weights. */
export const CONCENTRATION = 2
/** The shape of rates: with a rate of one over the mean of the column their prior has its mode there. */
export const SHAPE_OF_RATES = 2
/** What is added to the variances of a block, so that collinear columns have a prior. */
const RIDGE = 1e-4

/** Six digits are more than a prior has to have, and can be read where they are written out. */
export const rounded = (x: number): number => Number(x.toPrecision(6))

/** The name of the block of numbers among the columns of a product. */
export const blockName = ({ counts, categories }: Plan): string => {
  const taken = new Set([...counts, ...categories].map(({ name }) => name))
  let name = 'numbers'
  while (taken.has(name)) name = `all ${name}`
  return name
}

/** The power of K that shares the volume of D numbers out among components. */
export const powerOf = (numbers: ReadonlyArray<unknown>): number => -2 / numbers.length

/** Half the scale of the variance of a column, as that of one component. */
export const halfScaleOf = ({ variance }: NumberColumn): number => rounded(variance / 2)

export const rateOf = ({ mean }: CountColumn): number => (mean > 0 ? rounded(1 / mean) : 1)

/** One row more, shared out among the categories, beside the flat prior: no probability is 0. */
export const concentrationOf = ({ levels }: CategoryColumn): number[] =>
  new Array<number>(levels.length).fill(rounded(1 + 1 / levels.length))

/** The covariance of the rows that have numbers, for a block. */
export const scaleOf = (numbers: ReadonlyArray<NumberColumn>): number[][] => {
  const there = Array.from(numbers[0]!.values.keys()).filter(n => !Number.isNaN(numbers[0]!.values[n]!))
  return numbers.map((a, i) =>
    numbers.map((b, j) => {
      if (i === j) return rounded((1 + RIDGE) * a.variance)
      let sum = 0
      for (const n of there) sum += (a.values[n]! - a.mean) * (b.values[n]! - b.mean)
      return rounded(sum / there.length)
    }),
  )
}
