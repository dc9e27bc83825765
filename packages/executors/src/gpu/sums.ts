import type { Densities, MixtureExpectation } from '../contract/executor.js'
import { logRows } from './graphs.js'
import type { Resident } from './kind.js'
import type { ResidentRows } from './rows.js'

/** Float64 sums of what the groups of rows gave in float32: those of the densities, log-likelihoods, the impossible. */
export type Sums = ReadonlyArray<Float64Array>

export const emptySums = ({ group }: ResidentRows, { sizes }: Pick<Resident<Densities>, 'sizes'>): Sums =>
  [...sizes, group / logRows, 1].map(size => new Float64Array(size))

const total = (values: Float64Array): number => values.reduce((sum, v) => sum + v, 0)

/** Adds the sums of the groups of a block, in the order of `blockSums`. */
export const addBlock = (sums: Sums, block: ArrayLike<number>): void => {
  const groups = block.length / sums.reduce((length, sum) => length + sum.length, 0)
  let at = 0
  for (const sum of sums)
    for (let group = 0; group < groups; group++) for (let i = 0; i < sum.length; i++) sum[i]! += block[at++]!
}

/** Every row belongs to the components by a total of its weight; a GPU that lost its memory or met NaN shows here. */
const assertComplete = (sums: Sums, impossible: number, weight: Float64Array, data: ResidentRows) => {
  const found = total(weight) / data.weightScale + impossible
  const complete = Math.abs(found - data.totalWeight) <= 1e-3 * data.totalWeight
  if (!complete || !sums.every(sum => sum.every(Number.isFinite)))
    throw new Error('the numbers leave the range of float32, or the GPU has lost them')
}

export const expectationOf = <D extends Densities>(
  data: ResidentRows,
  densities: Resident<D>,
  sums: Sums,
): MixtureExpectation<D> => {
  const [logs, impossible] = [total(sums.at(-2)!), total(sums.at(-1)!)]
  const statistics = densities.statistics(sums)
  assertComplete(sums, impossible, statistics.weight, data)
  const rounding = densities.rounding?.(sums)
  const logLikelihood = data.weightScale * (logs + densities.totalBase + (rounding?.lost ?? 0))
  return {
    statistics,
    logLikelihood: impossible > 0 ? Number.NEGATIVE_INFINITY : logLikelihood,
    ...(rounding && { rounding: data.weightScale * rounding.most }),
  }
}
