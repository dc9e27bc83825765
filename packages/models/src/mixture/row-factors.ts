import {
  type Densities,
  type FactorDensities,
  withFactors as joined,
  type LoadOptions,
  withoutFactors as own,
  type StatisticsOf,
} from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import { type DesignMatrix, loadOptionsOf } from './mixture.js'

type Rows = Pick<DesignMatrix<never>, 'rows' | 'densityForm' | 'factors' | 'origin'>
type Product = Extract<Densities, { readonly _tag: 'Product' }>

/** What else a pass over the rows adds to their log densities. */
export interface Beside {
  /** N x K factors of the rows themselves, as logarithms. */
  readonly logFactors?: Float64Array | undefined
  /** The group of each row, from 0 to `count` - 1, by which it has its weights. */
  readonly groups?: { readonly of: Int32Array; readonly count: number } | undefined
}

/** Rows with what lies beside them in columns of their own: those of the factors, then the group. */
export const besideRows = (
  design: Rows,
  { logFactors, groups }: Beside,
  states: number,
): { readonly rows: Matrix; readonly options: LoadOptions } => {
  const { rows: count, columns } = design.rows
  const ofGroup = columns + (logFactors ? states : 0)
  const width = ofGroup + (groups ? 1 : 0)
  if (width === columns) return { rows: design.rows, options: loadOptionsOf(design) }
  const { data } = design.rows
  const all = new Float64Array(count * width)
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < columns; i++) all[n * width + i] = data[n * columns + i]!
    if (logFactors) for (let k = 0; k < states; k++) all[n * width + columns + k] = logFactors[n * states + k]!
    if (groups) all[n * width + ofGroup] = groups.of[n]!
  }
  const { kind, factors, origin } = loadOptionsOf(design)
  const own = factors ?? [{ _tag: kind as Exclude<Densities['_tag'], 'Product'>, columns }]
  return {
    rows: { rows: count, columns: width, data: all },
    options: {
      kind: 'Product',
      factors: [
        ...own,
        ...(logFactors ? [{ _tag: 'Offset', columns: states } as const] : []),
        ...(groups ? [{ _tag: 'Indexed', columns: 1, levels: groups.count } as const] : []),
      ],
      ...(origin && { origin: Float64Array.from({ length: width }, (_, i) => (i < columns ? origin[i]! : 0)) }),
    },
  }
}

/** The densities of such rows, with G x K log weights by groups. */
export const withFactors = (densities: Densities, { logFactors, groups }: Beside, logWeights: Vector): Densities => {
  if (!logFactors && !groups) return densities
  const { components } = densities
  const shared = { components, logConstant: new Float64Array(components) }
  const more: FactorDensities[] = logFactors ? [{ _tag: 'Offset', columns: components, ...shared }] : []
  if (groups) {
    const natural = new Float64Array(components * groups.count)
    for (let i = 0; i < natural.length; i++)
      natural[i] = logWeights[(i % groups.count) * components + Math.floor(i / groups.count)]!
    more.push({ _tag: 'Indexed', columns: 1, levels: groups.count, natural, ...shared })
  }
  return joined(densities, more)
}

/** The sums of the densities themselves, and G x K counts by groups. */
export const withoutFactors = (
  densityForm: Densities['_tag'],
  sums: StatisticsOf<Densities>,
  { logFactors, groups }: Beside,
): { readonly statistics: StatisticsOf<Densities>; readonly counts: Float64Array } => {
  if (!logFactors && !groups) return { statistics: sums, counts: sums.weight }
  const { weight, factors } = sums as StatisticsOf<Product>
  const states = weight.length
  const more = (logFactors ? 1 : 0) + (groups ? 1 : 0)
  const statistics = own(densityForm, { weight, factors }, more)
  const byGroup = groups && (factors.at(-1) as { readonly sum: Float64Array }).sum
  const counts = byGroup
    ? byGroup.map((_, i) => byGroup[(i % states) * groups.count + Math.floor(i / states)]!)
    : weight
  return { statistics, counts }
}
