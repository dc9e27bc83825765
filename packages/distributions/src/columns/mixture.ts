import { add, addOuter, LOG_2PI, type Matrix, scale, subtract, tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { categorical } from '../families/categorical.js'
import { type MultivariateNormal, multivariateNormal } from '../families/multivariate-normal.js'
import { total } from '../guarded.js'
import { logarithms } from '../math/logarithms.js'
import { logSumExp, softmax } from '../math/probabilities.js'
import type { Random } from '../random.js'
import { type Validated, validator } from '../validation.js'
import { type Columns, columnsOf, type Given } from './columns.js'
import { conditioned, ofColumns } from './elliptical.js'
import { normalOf, partsOf } from './normal.js'

/** A mixture of K multivariate normals on D columns, such as the fit of one. Made by `multivariateNormalMixture.make`. */
export interface MultivariateNormalMixture {
  /** K probabilities, which sum to 1. */
  readonly weights: Vector
  /** K normals on D columns. */
  readonly components: ReadonlyArray<MultivariateNormal>
  /** The names of the D columns, where they have names. */
  readonly columns?: ReadonlyArray<string> | undefined
}

/** A mixture as a distribution of its own: its density, moments and draws, and what its columns say of each other. */
export interface MultivariateNormalMixtures extends Columns<MultivariateNormalMixture> {
  readonly name: string
  /**
   * Validates and copies the parameters. Errors: weights that are not K probabilities, such as those of a mixture with noise, whose density
   * has no marginals; a component that does not exist or has another number of columns; names of another number of columns.
   */
  readonly make: (parameters: MultivariateNormalMixture) => Validated<MultivariateNormalMixture>
  /** The log density in nats, of any distance from all components. */
  readonly logProb: (p: MultivariateNormalMixture) => (x: Vector) => number
  /** The D means. */
  readonly mean: (p: MultivariateNormalMixture) => Vector
  /** The D x D covariance matrix. */
  readonly covariance: (p: MultivariateNormalMixture) => Matrix
  /** Draws D numbers. */
  readonly sample: (p: MultivariateNormalMixture) => (random: Random) => Vector
}

const name = 'MultivariateNormalMixture'
const check = validator(name)

const dimensionOf = ({ components }: MultivariateNormalMixture): number => components[0]!.mean.length

const make = total(
  name,
  'parameters',
  'an object of weights and components',
  ({ weights, components, columns }: MultivariateNormalMixture): Validated<MultivariateNormalMixture> =>
    pipe(
      E.Do,
      E.bind('weights', () => check.simplex('weights', weights)),
      E.bind('components', ({ weights: { length } }) =>
        components.length === length
          ? pipe(
              components,
              E.traverseArrayWithIndex((k, component) =>
                pipe(
                  multivariateNormal.make(component),
                  E.mapLeft(e => ({ ...e, distribution: name, parameter: `components[${k}].${e.parameter}` })),
                ),
              ),
            )
          : check.fail('weights', `${components.length} numbers, one for each component`, `${length} numbers`),
      ),
      E.chain(made => {
        const dimension = dimensionOf(made)
        const other = made.components.findIndex(({ mean }) => mean.length !== dimension)
        if (other >= 0)
          return check.fail(
            `components[${other}].mean`,
            `${dimension} numbers, as of the first component`,
            `${made.components[other]!.mean.length} numbers`,
          )
        if (columns === undefined) return E.right(made)
        return columns.length === dimension
          ? E.right({ ...made, columns })
          : check.fail('columns', `${dimension} names`, `${columns.length} names`)
      }),
    ),
)

const mean = ({ weights, components }: MultivariateNormalMixture): Float64Array =>
  tabulate(components[0]!.mean.length, i => {
    let sum = 0
    for (let k = 0; k < components.length; k++) sum += weights[k]! * components[k]!.mean[i]!
    return sum
  })

/** Of the components, and of their means. */
const covariance = (p: MultivariateNormalMixture): Matrix => {
  const centre = mean(p)
  const ofComponent = (k: number): Matrix => {
    const { mean, covariance } = p.components[k]!
    return scale(p.weights[k]!)(addOuter(1, subtract(centre)(mean))(covariance))
  }
  return p.components.map((_, k) => ofComponent(k)).reduce((a, b) => add(b)(a))
}

const logProb = ({ weights, components }: MultivariateNormalMixture): ((x: Vector) => number) => {
  const logWeights = logarithms(weights)
  const densities = components.map(multivariateNormal.logProb)
  return x => logSumExp(logWeights.map((log, k) => (log === Number.NEGATIVE_INFINITY ? log : log + densities[k]!(x))))
}

const sample = ({ weights, components }: MultivariateNormalMixture): ((random: Random) => Vector) => {
  const drawn = categorical(weights.length).sample({ probabilities: weights })
  const draws = components.map(multivariateNormal.sample)
  return random => draws[drawn(random)]!(random)
}

const namesAt = (
  columns: ReadonlyArray<string> | undefined,
  at: ReadonlyArray<number>,
): Pick<MultivariateNormalMixture, 'columns'> => (columns ? { columns: at.map(column => columns[column]!) } : {})

/** Components given values, whose weights are in proportion to the densities of the values, of which all may be 0 in float64. */
const conditional = (p: MultivariateNormalMixture, given: Given): Validated<MultivariateNormalMixture> =>
  pipe(
    p.components,
    E.traverseArray(component => conditioned(check)(partsOf(component), given)),
    E.bindTo('parts'),
    E.bind('components', ({ parts }) => E.traverseArray(normalOf)(parts)),
    E.chain(({ parts, components }) => {
      const logs = logarithms(p.weights).map(
        (log, k) => log - 0.5 * (given.columns.length * LOG_2PI + parts[k]!.logDeterminant + parts[k]!.distance),
      )
      const weights = softmax(logs)
      return Number.isNaN(weights[0])
        ? check.fail(
            'given',
            'values with a density in float64',
            'values beyond 1e154 standard deviations of all components',
          )
        : E.right({ weights, components, ...namesAt(p.columns, given.others) })
    }),
  )

/**
 * Mixtures of multivariate normals with given parameters, of which a fit is one. Marginals and conditionals are mixtures. The mean of a
 * conditional is a regression by a mixture. Source: Ghahramani and Jordan, Supervised learning from incomplete data via an EM approach (1994).
 *
 * @support D numbers
 * @prior none: the fit of a Gaussian mixture is one
 * @example
 * import { multivariateNormalMixture } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { pipe } from 'fp-ts/lib/function.js'
 *
 * const component = (m: number) => ({ mean: [m, m], covariance: [[2, 1], [1, 3]] })
 * const given = pipe(
 *   multivariateNormalMixture.make({ weights: [0.5, 0.5], components: [component(0), component(9)] }),
 *   E.chain(p => multivariateNormalMixture.conditional(p)({ 1: 1.5 })),
 * )
 * if (E.isRight(given)) console.log(multivariateNormalMixture.mean(given.right)[0]!.toFixed(4)) // prints 0.5007
 */
export const multivariateNormalMixture: MultivariateNormalMixtures = {
  name,
  make,
  logProb,
  mean,
  covariance,
  sample,
  ...columnsOf<MultivariateNormalMixture>({
    name,
    make,
    dimension: dimensionOf,
    names: p => p.columns,
    marginal: (p, columns) =>
      pipe(
        p.components,
        E.traverseArray(component => normalOf(ofColumns(partsOf(component), columns))),
        E.map(components => ({ weights: p.weights, components, ...namesAt(p.columns, columns) })),
      ),
    conditional,
  }),
}
