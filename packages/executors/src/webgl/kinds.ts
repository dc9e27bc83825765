import type { Densities, DensitiesOf, FactorDensities } from '../executor.js'
import { diagonal } from './diagonal.js'
import type { Kind } from './kind.js'
import { linear } from './linear.js'
import { quadratic } from './quadratic.js'

export const kinds: { readonly [T in FactorDensities['_tag']]: Kind<DensitiesOf<T>> } = {
  Quadratic: quadratic,
  Diagonal: diagonal,
  Linear: linear,
}

// The compiler doesn't see that the tag of D chooses the entry of D.
export const kindOf = <D extends Densities>({ _tag }: D): Kind<D> =>
  kinds[_tag as FactorDensities['_tag']] as unknown as Kind<D>
