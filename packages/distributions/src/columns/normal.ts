import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type MultivariateNormal, multivariateNormal } from '../families/multivariate-normal.js'
import { type Validated, validator } from '../validation.js'
import { type Columns, columnsOf } from './columns.js'
import { conditioned, type Elliptical, ofColumns } from './elliptical.js'

// No part of the family is taken here: a bundler would keep all of it for whoever imports any distribution.
const name = 'MultivariateNormal'
const make: typeof multivariateNormal.make = parameters => multivariateNormal.make(parameters)
const check = validator(name)

export const partsOf = ({ mean, covariance }: MultivariateNormal): Elliptical => ({ location: mean, scale: covariance })

export const normalOf = ({ location, scale }: Elliptical): Validated<MultivariateNormal> =>
  make({ mean: location, covariance: scale })

/**
 * Marginals and conditionals of the multivariate normal, which are normals.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.3.
 */
export const multivariateNormalColumns: Columns<MultivariateNormal> = columnsOf({
  name,
  make,
  dimension: p => p.mean.length,
  marginal: (p, columns) => normalOf(ofColumns(partsOf(p), columns)),
  conditional: (p, given) => pipe(conditioned(check)(partsOf(p), given), E.chain(normalOf)),
})
