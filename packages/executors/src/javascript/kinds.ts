import type { Densities, DensitiesOf, DensitiesTag } from '../contract/executor.js'
import { diagonal } from './diagonal.js'
import type { Kind } from './kind.js'
import { linear } from './linear.js'
import { product } from './product.js'
import { quadratic } from './quadratic.js'

const kinds: { readonly [T in DensitiesTag]: Kind<DensitiesOf<T>> } = {
  Quadratic: quadratic,
  Diagonal: diagonal,
  Linear: linear,
  Product: product,
}

// The compiler doesn't see that the tag of D chooses the entry of D.
export const kindOf = <D extends Densities>({ _tag }: D): Kind<D> => kinds[_tag] as unknown as Kind<D>
