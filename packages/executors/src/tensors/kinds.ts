import type { Densities, DensitiesOf, FactorDensities, FactorTag, ProductDensities } from '../contract/executor.js'
import { diagonal } from './diagonal.js'
import { indexed } from './indexed.js'
import type { FactorKind, Kind, Resident } from './kind.js'
import { linear } from './linear.js'
import { offset } from './offset.js'
import { quadratic } from './quadratic.js'

const kinds: { readonly [T in FactorTag]: FactorKind<DensitiesOf<T>> } = {
  Quadratic: quadratic,
  Diagonal: diagonal,
  Linear: linear,
  Offset: offset,
  Indexed: indexed,
}

// The compiler doesn't see that the tag of a factor chooses its entry.
const factorKindOf = ({ _tag }: FactorDensities): FactorKind<FactorDensities> =>
  kinds[_tag] as unknown as FactorKind<FactorDensities>

const product: Kind<ProductDensities> = (outer, { components, factors, logConstant }) => {
  const residents = factors.map(factor => factorKindOf(factor)(outer, factor))
  const constants = outer.upload(logConstant.slice(), [components, 1, 1])
  return (ops, parts) => {
    const found = residents.map((resident, f) => resident(ops, parts[f]!))
    return {
      logits: found.reduce((sum, { logits }) => ops.binary('AddV2', sum, logits), constants),
      addSums: (responsibilities, statistics) => {
        for (const [f, { addSums }] of found.entries()) addSums(responsibilities, statistics.factors[f]!)
      },
    }
  }
}

/** Uploads densities of any kind. */
export const residentOf = <D extends Densities>(ops: Parameters<Kind<D>>[0], densities: D): Resident<D> => {
  if (densities._tag === 'Product') return product(ops, densities) as unknown as Resident<D>
  const resident = factorKindOf(densities as FactorDensities)(ops, densities as FactorDensities)
  return ((own, [columns]) => resident(own, columns!)) as Resident<Densities> as unknown as Resident<D>
}
