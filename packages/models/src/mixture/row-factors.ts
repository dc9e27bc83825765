import type { Densities, LoadOptions, StatisticsOf } from '@conjugate/executors'
import type { Matrix } from '@conjugate/linalg'
import { type DesignMatrix, loadOptionsOf } from './mixture.js'

type Rows = Pick<DesignMatrix<never>, 'rows' | 'densityForm' | 'factors' | 'origin'>

/** Rows with N x K log factors beside them, which a pass over the rows adds to their log densities. */
export const besideFactors = (
  encoded: Rows,
  logFactors: Float64Array,
  states: number,
): { readonly rows: Matrix; readonly options: LoadOptions } => {
  const { rows: count, columns, data } = encoded.rows
  const width = columns + states
  const all = new Float64Array(count * width)
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < columns; i++) all[n * width + i] = data[n * columns + i]!
    for (let k = 0; k < states; k++) all[n * width + columns + k] = logFactors[n * states + k]!
  }
  const { kind, factors, origin } = loadOptionsOf(encoded)
  const own = factors ?? [{ _tag: kind as Exclude<Densities['_tag'], 'Product'>, columns }]
  return {
    rows: { rows: count, columns: width, data: all },
    options: {
      kind: 'Product',
      factors: [...own, { _tag: 'Offset', columns: states }],
      ...(origin && { origin: Float64Array.from({ length: width }, (_, i) => (i < columns ? origin[i]! : 0)) }),
    },
  }
}

/** The densities of such rows. */
export const withFactors = (densities: Densities): Densities => {
  const { components, columns, logConstant } = densities
  const none = new Float64Array(components)
  const offset = { _tag: 'Offset', components, columns: components, logConstant: none } as const
  return {
    _tag: 'Product',
    components,
    columns: columns + components,
    factors: [...(densities._tag === 'Product' ? densities.factors : [{ ...densities, logConstant: none }]), offset],
    logConstant,
  }
}

/** The sums of the densities themselves. */
export const withoutFactors = (
  densityForm: Densities['_tag'],
  sums: StatisticsOf<Densities>,
): StatisticsOf<Densities> => {
  const { weight, factors } = sums as StatisticsOf<Extract<Densities, { readonly _tag: 'Product' }>>
  return densityForm === 'Product'
    ? { weight, factors: factors.slice(0, -1) }
    : (factors[0]! as StatisticsOf<Exclude<Densities, { readonly _tag: 'Product' }>>)
}
