import type { ConjugatePrior } from '@conjugate/distributions'
import { normalForm } from './diagonal.js'
import type { Form, PairTypes } from './form.js'
import { linearForm } from './linear.js'
import { productForm } from './product.js'

/** The form that keeps the digits of a pair: deviations from the mean where there are normals, and else statistics t(x). */
export const formOf = <Q, P, X, S>(pair: ConjugatePrior<Q, P, X, S>): Form<PairTypes<Q, P, X, S>> => {
  const { columns, asNormal } = pair
  const ofColumns = (): unknown => columns && productForm(pair as never, columns)
  // A pair that is of normals is one of numbers, and one with columns is one of tables.
  return (asNormal ? normalForm(pair as never, asNormal as never) : ofColumns() || linearForm(pair)) as Form<
    PairTypes<Q, P, X, S>
  >
}
