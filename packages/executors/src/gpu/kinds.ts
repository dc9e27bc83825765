import type { Densities, DensitiesOf, FactorDensities, FactorTag } from '../contract/executor.js'
import { diagonal } from './diagonal.js'
import { indexed } from './indexed.js'
import type { FactorKind, Kind } from './kind.js'
import { linear } from './linear.js'
import { offset } from './offset.js'
import { product } from './product.js'
import { quadratic } from './quadratic.js'

export const kinds: { readonly [T in FactorTag]: FactorKind<DensitiesOf<T>> } = {
  Quadratic: quadratic,
  Diagonal: diagonal,
  Linear: linear,
  Offset: offset,
  Indexed: indexed,
}

// The compiler doesn't see that the tag of a factor chooses its entry.
const factorKindOf = ({ _tag }: FactorDensities): Kind<FactorDensities> =>
  kinds[_tag] as unknown as Kind<FactorDensities>

const ofProducts = product((upload, data, densities) => factorKindOf(densities).resident(upload, data, densities))

// Nor that of other densities.
export const kindOf = <D extends Densities>(densities: D): Kind<D> =>
  (densities._tag === 'Product' ? ofProducts : factorKindOf(densities as FactorDensities)) as unknown as Kind<D>
