import type { Densities, FactorDensities, FactorShape, StatisticsOf } from '@conjugate/executors'
import type { Matrix } from '@conjugate/linalg'

/** Responsibilities, or weights, of row n for component k. */
type Responsibility = (n: number, k: number) => number

/** Columns of rows, which are one factor of densities. */
interface Part extends FactorShape {
  readonly first: number
}

interface Gathered {
  readonly densities: FactorDensities
  readonly sums: StatisticsOf<FactorDensities>
}

/** Weighted means of the cells that are there; zeros where a component has no weight. */
const meansOf = (
  { rows, columns, data }: Matrix,
  { first, columns: width }: Part,
  components: number,
  q: Responsibility,
): Float64Array => {
  const mean = new Float64Array(components * width)
  const weight = new Float64Array(components * width)
  const forEachCell = (visit: (at: number, w: number, x: number) => void): void => {
    for (let n = 0; n < rows; n++)
      for (let k = 0; k < components; k++) {
        const w = q(n, k)
        if (w === 0) continue
        for (let i = 0; i < width; i++) {
          const x = data[n * columns + first + i]!
          if (!Number.isNaN(x)) visit(k * width + i, w, x)
        }
      }
  }
  forEachCell((at, w) => {
    weight[at]! += w
  })
  forEachCell((at, w, x) => {
    mean[at]! += (w / weight[at]!) * x
  })
  return mean
}

/** Copies the lower triangles to the upper ones. */
const mirror = (outer: Float64Array, components: number, columns: number): void => {
  for (let k = 0; k < components; k++)
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < i; j++) outer[(k * columns + j) * columns + i] = outer[(k * columns + i) * columns + j]!
}

const gatherPart = (
  rows: Matrix,
  part: Part,
  components: number,
  q: Responsibility,
  weight: Float64Array,
): Gathered => {
  const { _tag, first, columns: width } = part
  const { columns, data } = rows
  const size = components * width
  const mean = _tag === 'Linear' ? new Float64Array(size) : meansOf(rows, part, components, q)
  const sum = new Float64Array(size)
  const squares = new Float64Array(_tag === 'Diagonal' ? size : 0)
  const outer = new Float64Array(_tag === 'Quadratic' ? size * width : 0)
  const deviation = (n: number, k: number, i: number): number => {
    const found = data[n * columns + first + i]! - mean[k * width + i]!
    return Number.isNaN(found) ? 0 : found
  }
  for (let n = 0; n < rows.rows; n++)
    for (let k = 0; k < components; k++) {
      const w = q(n, k)
      if (w === 0) continue
      for (let i = 0; i < width; i++) {
        const at = k * width + i
        const d = deviation(n, k, i)
        sum[at]! += w * d
        if (_tag === 'Diagonal') squares[at]! += w * d * d
        if (_tag === 'Quadratic') for (let j = 0; j <= i; j++) outer[at * width + j]! += w * d * deviation(n, k, j)
      }
    }
  if (_tag === 'Quadratic') mirror(outer, components, width)
  const densities = { _tag, components, columns: width, mean, logConstant: new Float64Array(components) }
  return {
    densities: densities as unknown as FactorDensities,
    sums: { weight, sum, squares, outer } as unknown as StatisticsOf<FactorDensities>,
  }
}

/**
 * What an executor would sum if the responsibilities were q(n, k), for densities of a kind: about the weighted means, and as
 * they are for linear densities; of products for each factor. It makes an M-step usable after any E-step.
 */
export const gatherSums = <D extends Densities>(
  tag: D['_tag'],
  rows: Matrix,
  components: number,
  q: Responsibility,
  factors: ReadonlyArray<FactorShape> = [],
): { readonly densities: D; readonly sums: StatisticsOf<D> } => {
  const { columns } = rows
  const weight = new Float64Array(components)
  for (let n = 0; n < rows.rows; n++) for (let k = 0; k < components; k++) weight[k]! += q(n, k)
  const gathered = (part: Part): Gathered => gatherPart(rows, part, components, q, weight)
  // The compiler doesn't see that the tag chooses densities and sums.
  if (tag !== 'Product')
    return gathered({ _tag: tag, first: 0, columns }) as unknown as ReturnType<typeof gatherSums<D>>
  let end = 0
  const parts = factors.map(factor => {
    end += factor.columns
    return gathered({ ...factor, first: end - factor.columns })
  })
  const densities = {
    _tag: tag,
    components,
    columns,
    factors: parts.map(part => part.densities),
    logConstant: new Float64Array(components),
  }
  const sums = { weight, factors: parts.map(part => part.sums) }
  return { densities, sums } as unknown as ReturnType<typeof gatherSums<D>>
}
