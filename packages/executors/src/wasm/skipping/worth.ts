import type { Densities } from '../../contract/executor.js'
import type { RowsShape } from '../kernel/layout.js'
import { mayLeaveOut } from '../kernel/resident.js'
import type { MetricDensities } from './drift.js'

/** Of fewer numbers times components an E-step takes too little time; of fewer rows there are too few blocks to sort them into. */
const [LEAST_WORK, LEAST_ROWS_OF_COMPONENT] = [1e6, 512]

/** Whether the E-steps of a sequence may leave something out: two components have the fastest E-step as it is. */
export const isWorth = (
  shape: Pick<RowsShape, 'rows' | 'factors'>,
  densities: Densities,
): densities is MetricDensities => {
  const { _tag, components, columns } = densities
  return (
    mayLeaveOut(shape) &&
    (_tag === 'Quadratic' || _tag === 'Diagonal') &&
    components > 2 &&
    shape.rows >= LEAST_ROWS_OF_COMPONENT * components &&
    shape.rows * columns * components >= LEAST_WORK
  )
}
