import {
  dirichlet,
  dirichletPrior,
  gamma,
  gammaPoissonPrior,
  type InvalidParameter,
  normalInverseGamma,
  normalInverseGammaPrior,
  normalInverseWishart,
  normalInverseWishartPriorOf,
  productPrior,
} from '@conjugate/distributions'
import { conjugateMixture, diagonalGaussianMixture, type Fittable, gaussianMixture } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { NumberColumn, Plan } from './plan.js'
import {
  blockName,
  CONCENTRATION,
  concentrationOf,
  halfScaleOf,
  MEAN_PRECISION,
  powerOf,
  rateOf,
  rounded,
  SHAPE,
  SHAPE_OF_RATES,
  scaleOf,
} from './prior.js'

const blockPrior = (numbers: ReadonlyArray<NumberColumn>, volume: number): E.Either<InvalidParameter, unknown> =>
  normalInverseWishart.make({
    mean: numbers.map(({ mean }) => rounded(mean)),
    meanPrecision: MEAN_PRECISION,
    degreesOfFreedom: numbers.length + 2,
    scale: scaleOf(numbers).map(row => row.map(x => x * volume)),
  })

/** A pair and its prior for each column of a product, by name. */
const partsOf = (
  plan: Plan,
  components: number,
): ReadonlyArray<readonly [string, unknown, E.Either<InvalidParameter, unknown>]> => {
  const { numbers, counts, categories, isBlock } = plan
  const volume = components ** powerOf(numbers)
  return [
    ...(isBlock
      ? [[blockName(plan), normalInverseWishartPriorOf(numbers.length), blockPrior(numbers, volume)] as const]
      : numbers.map(column => {
          const prior = normalInverseGamma.make({
            mean: rounded(column.mean),
            meanPrecision: MEAN_PRECISION,
            shape: SHAPE,
            scale: halfScaleOf(column) * volume,
          })
          return [column.name, normalInverseGammaPrior, prior] as const
        })),
    ...counts.map(
      column => [column.name, gammaPoissonPrior, gamma.make({ shape: SHAPE_OF_RATES, rate: rateOf(column) })] as const,
    ),
    ...categories.map(column => {
      const concentration = concentrationOf(column)
      return [column.name, dirichletPrior(concentration.length), dirichlet.make({ concentration })] as const
    }),
  ]
}

/** The mixture of a plan with some number of components. Errors: there is a prior that does not exist, of numbers near overflow. */
export const mixtureOf = (plan: Plan, components: number): E.Either<InvalidParameter, Fittable> => {
  if (plan.form === 'gaussian') return gaussianMixture({ components }) as E.Either<InvalidParameter, Fittable>
  if (plan.form === 'diagonal') return diagonalGaussianMixture({ components }) as E.Either<InvalidParameter, Fittable>
  const parts = partsOf(plan, components)
  return pipe(
    E.sequenceArray(
      parts.map(([name, , prior]) =>
        pipe(
          prior,
          E.map(q => [name, q] as const),
        ),
      ),
    ),
    E.chain(priors => {
      const pair = productPrior(Object.fromEntries(parts.map(([name, of]) => [name, of])) as never)
      const define = conjugateMixture(pair) as (options: object) => E.Either<InvalidParameter, Fittable>
      return define({ components, concentration: CONCENTRATION, prior: Object.fromEntries(priors) })
    }),
  )
}

const matrixOf = (columns: ReadonlyArray<NumberColumn>, rows: number) => {
  const data = new Float64Array(rows * columns.length)
  for (const [i, { values }] of columns.entries())
    for (let n = 0; n < rows; n++) data[n * columns.length + i] = values[n]!
  return { rows, columns: columns.length, data }
}

/** The rows as the mixture of the plan takes them. */
export const dataOf = (plan: Plan): unknown => {
  const { numbers, counts, categories, rows, form, isBlock } = plan
  if (form !== 'product') return matrixOf(numbers, rows)
  return Object.fromEntries([
    ...(isBlock
      ? [[blockName(plan), matrixOf(numbers, rows)] as const]
      : numbers.map(({ name, values }) => [name, values] as const)),
    ...[...counts, ...categories].map(({ name, values }) => [name, values] as const),
  ])
}
