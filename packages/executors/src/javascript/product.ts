import type { DensitiesOf, FactorDensities, FactorTag, ProductDensities, StatisticsOf } from '../contract/executor.js'
import { diagonal } from './diagonal.js'
import { indexed } from './indexed.js'
import type { Kind, PackedBlock, PackedFactor } from './kind.js'
import { blockRows, lanes } from './layout.js'
import { linear } from './linear.js'
import { offset } from './offset.js'
import { quadratic } from './quadratic.js'

const kinds: { readonly [T in FactorTag]: Kind<DensitiesOf<T>> } = {
  Quadratic: quadratic,
  Diagonal: diagonal,
  Linear: linear,
  Offset: offset,
  Indexed: indexed,
}

// The compiler doesn't see that the tag of a factor chooses its entry.
const kindOf = ({ _tag }: FactorDensities): Kind<FactorDensities> => kinds[_tag] as Kind<FactorDensities>

/** Deviations from the mean of a component, 0 where a cell is missing. */
const deviations = (
  { start, count }: PackedBlock,
  { packed, columns }: PackedFactor,
  mean: Float64Array,
  component: number,
): Float64Array => {
  const found = new Float64Array(count * columns)
  const meanAt = component * columns
  for (let i = 0, from = start * columns; i < found.length; from += lanes)
    for (let lane = 0; lane < lanes; lane++, i++) {
      const deviation = packed[from + lane]! - mean[meanAt + (Math.floor(i / lanes) % columns)]!
      found[i] = Number.isNaN(deviation) ? 0 : deviation
    }
  return found
}

/** A block and a factor's densities as its own kind takes them: where cells are missing, deviations about a mean of 0. */
const alone = (
  block: PackedBlock,
  number: number,
  densities: FactorDensities,
  component: number,
): readonly [block: PackedBlock, densities: FactorDensities] => {
  const factor = block.factors[number]!
  if (!factor.hasGaps || !('mean' in densities)) return [{ ...block, packed: factor.packed }, densities]
  const packed = deviations(block, factor, densities.mean, component)
  return [
    { ...block, packed, start: 0 },
    { ...densities, mean: new Float64Array(densities.mean.length) },
  ]
}

const logits: Kind<ProductDensities>['logits'] = (block, { factors, logConstant }, component, target) => {
  const total = target
    .subarray(component * blockRows, component * blockRows + block.count)
    .fill(logConstant[component]!)
  for (const [number, factor] of factors.entries()) {
    const [own, densities] = alone(block, number, factor, component)
    kindOf(factor).logits(own, densities, component, block.spare)
    for (let row = 0, at = component * blockRows; row < total.length; row++, at++) total[row]! += block.spare[at]!
  }
}

const accumulate: Kind<ProductDensities>['accumulate'] = (block, { factors }, component, weights, statistics) => {
  for (const [number, factor] of factors.entries()) {
    const [own, densities] = alone(block, number, factor, component)
    kindOf(factor).accumulate(own, densities, component, weights, statistics.factors[number]!)
  }
}

const finish: Kind<ProductDensities>['finish'] = (statistics, { factors }) => {
  for (const [number, factor] of factors.entries())
    kindOf(factor).finish(statistics.factors[number] as StatisticsOf<FactorDensities>, factor)
}

export const product: Kind<ProductDensities> = { logits, accumulate, finish }
