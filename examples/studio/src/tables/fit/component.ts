import type { Plan } from './plan.js'

/** What a component is in one column. */
export type Trait =
  | { readonly kind: 'number'; readonly name: string; readonly mean: number; readonly deviation: number }
  | { readonly kind: 'count'; readonly name: string; readonly rate: number }
  | {
      readonly kind: 'category'
      readonly name: string
      readonly levels: ReadonlyArray<string>
      readonly probabilities: ReadonlyArray<number>
    }

/** A component in the words of the table. */
export interface Component {
  readonly weight: number
  /** How many rows it is expected to have, and of how many it is the most probable one. */
  readonly expectedCount: number
  readonly assigned: number
  /** Of every column that is learnt from: numbers, counts, categories. */
  readonly traits: ReadonlyArray<Trait>
  /** The covariance of the numbers, row by row: D x D for D of them, in their order. */
  readonly covariance: ReadonlyArray<number>
}

interface Gaussian {
  readonly mean: ArrayLike<number>
  readonly covariance: { readonly data: ArrayLike<number> }
}

interface Numbers {
  readonly mean: ArrayLike<number>
  readonly covariance: ReadonlyArray<number>
}

const diagonal = (variances: ReadonlyArray<number>): ReadonlyArray<number> =>
  variances.flatMap((variance, i) => variances.map((_, j) => (i === j ? variance : 0)))

/** The normals of the numbers, however the model holds them. */
const numbersOf = ({ form, isBlock, numbers }: Plan, block: string, component: unknown): Numbers => {
  const ofBlock = ({ mean, covariance }: Gaussian): Numbers => ({ mean, covariance: Array.from(covariance.data) })
  if (form === 'gaussian') return ofBlock(component as Gaussian)
  if (form === 'diagonal') {
    const { mean, variances } = component as { readonly mean: ArrayLike<number>; readonly variances: ArrayLike<number> }
    return { mean, covariance: diagonal(Array.from(variances)) }
  }
  const cells = component as Readonly<Record<string, unknown>>
  if (isBlock) return ofBlock(cells[block] as Gaussian)
  const normals = numbers.map(({ name }) => cells[name] as { readonly mean: number; readonly variance: number })
  return { mean: normals.map(({ mean }) => mean), covariance: diagonal(normals.map(({ variance }) => variance)) }
}

interface Fitted {
  readonly weights: ArrayLike<number>
  readonly components: ReadonlyArray<unknown>
  readonly expectedCounts: ArrayLike<number>
}

/** The components of a fit, column by column. `block` is the name of the block of numbers. */
export const componentsOf = (
  plan: Plan,
  block: string,
  { weights, components, expectedCounts }: Fitted,
  assignments: Int32Array,
): ReadonlyArray<Component> => {
  const assigned = new Array<number>(components.length).fill(0)
  for (const k of assignments) if (k >= 0) assigned[k]!++
  return components.map((component, k) => {
    const { mean, covariance } = numbersOf(plan, block, component)
    const d = plan.numbers.length
    const cells = component as Readonly<
      Record<string, { readonly rate: number; readonly probabilities: ArrayLike<number> }>
    >
    return {
      weight: weights[k]!,
      expectedCount: expectedCounts[k]!,
      assigned: assigned[k]!,
      covariance,
      traits: [
        ...plan.numbers.map(({ name }, i) => ({
          kind: 'number' as const,
          name,
          mean: mean[i]!,
          deviation: Math.sqrt(covariance[i * d + i]!),
        })),
        ...plan.counts.map(({ name }) => ({ kind: 'count' as const, name, rate: cells[name]!.rate })),
        ...plan.categories.map(({ name, levels }) => ({
          kind: 'category' as const,
          name,
          levels,
          probabilities: Array.from(cells[name]!.probabilities),
        })),
      ],
    }
  })
}
