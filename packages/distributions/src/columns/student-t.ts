import { scale as scaled } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type MultivariateStudentT, multivariateStudentT } from '../families/multivariate-student-t.js'
import { validator } from '../validation.js'
import { type Columns, columnsOf } from './columns.js'
import { conditioned, ofColumns } from './elliptical.js'

// No part of the family is taken here: a bundler would keep all of it for whoever imports any distribution.
const name = 'MultivariateStudentT'
const make: typeof multivariateStudentT.make = parameters => multivariateStudentT.make(parameters)
const check = validator(name)

/**
 * Marginals and conditionals of the multivariate t: given b values at a squared distance d, it has nu + b degrees of freedom and
 * its scale is (nu + d)/(nu + b) times that of a normal. Source: Ding, The American Statistician 70 (2016), section 3.
 */
export const multivariateStudentTColumns: Columns<MultivariateStudentT> = columnsOf({
  name,
  make,
  dimension: p => p.location.length,
  marginal: (p, columns) => make({ degreesOfFreedom: p.degreesOfFreedom, ...ofColumns(p, columns) }),
  conditional: (p, given) =>
    pipe(
      conditioned(check)(p, given),
      E.chain(({ location, scale, distance }) => {
        const degreesOfFreedom = p.degreesOfFreedom + given.columns.length
        return make({
          degreesOfFreedom,
          location,
          scale: scaled((p.degreesOfFreedom + distance) / degreesOfFreedom)(scale),
        })
      }),
    ),
})
