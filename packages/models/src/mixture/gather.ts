import type { Densities, DensitiesTag, StatisticsOf } from '@conjugate/executors'
import type { Matrix } from '@conjugate/linalg'

/** Weighted means of the rows; zeros where a component has no weight. */
const meansOf = ({ rows, columns, data }: Matrix, weight: Float64Array, q: (n: number, k: number) => number) => {
  const mean = new Float64Array(weight.length * columns)
  for (let n = 0; n < rows; n++)
    for (const [k, w] of weight.entries()) {
      const share = w > 0 ? q(n, k) / w : 0
      if (share !== 0) for (let i = 0; i < columns; i++) mean[k * columns + i]! += share * data[n * columns + i]!
    }
  return mean
}

/** Copies the lower triangles to the upper ones. */
const mirror = (outer: Float64Array, components: number, columns: number): void => {
  for (let k = 0; k < components; k++)
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < i; j++) outer[(k * columns + j) * columns + i] = outer[(k * columns + i) * columns + j]!
}

/**
 * What an executor would sum if the responsibilities were q(n, k), for densities of a kind: about the weighted means, and as
 * they are for linear densities. It makes an M-step usable after any E-step.
 */
export const gatherSums = <D extends Densities>(
  tag: DensitiesTag,
  rows: Matrix,
  components: number,
  q: (n: number, k: number) => number,
): { readonly densities: D; readonly sums: StatisticsOf<D> } => {
  const { columns, data } = rows
  const weight = new Float64Array(components)
  for (let n = 0; n < rows.rows; n++) for (let k = 0; k < components; k++) weight[k]! += q(n, k)
  const mean = tag === 'Linear' ? new Float64Array(components * columns) : meansOf(rows, weight, q)
  const sum = new Float64Array(components * columns)
  const squares = new Float64Array(tag === 'Diagonal' ? components * columns : 0)
  const outer = new Float64Array(tag === 'Quadratic' ? components * columns * columns : 0)
  for (let n = 0; n < rows.rows; n++)
    for (let k = 0; k < components; k++) {
      const w = q(n, k)
      if (w === 0) continue
      for (let i = 0; i < columns; i++) {
        const at = k * columns + i
        const deviation = data[n * columns + i]! - mean[at]!
        sum[at]! += w * deviation
        if (tag === 'Diagonal') squares[at]! += w * deviation * deviation
        if (tag === 'Quadratic')
          for (let j = 0; j <= i; j++)
            outer[at * columns + j]! += w * deviation * (data[n * columns + j]! - mean[k * columns + j]!)
      }
    }
  if (tag === 'Quadratic') mirror(outer, components, columns)
  const densities = { _tag: tag, components, columns, mean, logConstant: new Float64Array(components) }
  return {
    densities: densities as unknown as D,
    sums: { weight, sum, squares, outer } as unknown as StatisticsOf<D>,
  }
}
