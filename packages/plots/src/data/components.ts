import { invalidOption } from '@conjugate/em'
import { describeValue, isList, type Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import type { PlotError } from '../errors.js'
import { LARGEST } from './table.js'

/**
 * A component with a mean and a spread in all columns of the data, as the Gaussian mixtures of `@conjugate/models` give them: a covariance,
 * variances, or one variance.
 */
export interface PlotComponent {
  readonly mean: ArrayLike<number>
  readonly covariance?: Matrix | ReadonlyArray<ArrayLike<number>>
  readonly variances?: ArrayLike<number>
  readonly variance?: number
}

/** A Gaussian in the plane of two columns. */
export interface PlanarGaussian {
  readonly mean: readonly [x: number, y: number]
  readonly covariance: readonly [xx: number, xy: number, yy: number]
}

const numberAt = (list: unknown, i: number): unknown => (isList(list) ? list[i] : undefined)

const covarianceAt = (covariance: unknown, i: number, j: number): unknown => {
  if (isList(covariance)) return numberAt(covariance[i], j)
  const { data, columns } = covariance as { readonly data?: unknown; readonly columns?: unknown }
  return numberAt(data, i * Number(columns) + j)
}

const spreadAt = (component: PlotComponent, i: number, j: number): unknown => {
  if (component.covariance !== undefined && component.covariance !== null)
    return covarianceAt(component.covariance, i, j)
  if (i !== j) return 0
  return component.variances === undefined ? component.variance : numberAt(component.variances, i)
}

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= LARGEST

const planar = (option: string, component: unknown, i: number, j: number): E.Either<PlotError, PlanarGaussian> => {
  if (typeof component !== 'object' || component === null)
    return invalidOption(option, 'a component with a mean and a covariance', describeValue(component))
  const of = component as PlotComponent
  const mean = [numberAt(of.mean, i), numberAt(of.mean, j)]
  if (!mean.every(isNumber))
    return invalidOption(
      `${option}.mean`,
      `numbers at ${i} and ${j}, the columns that are drawn`,
      describeValue(of.mean),
    )
  const [xx, xy, yy] = [spreadAt(of, i, i), spreadAt(of, i, j), spreadAt(of, j, j)]
  if (
    !isNumber(xx) ||
    !isNumber(xy) ||
    !isNumber(yy) ||
    !(xx > 0 && yy > 0 && xy / Math.sqrt(xx) / Math.sqrt(yy) < 1) ||
    xy / Math.sqrt(xx) / Math.sqrt(yy) <= -1
  )
    return invalidOption(
      option,
      `a covariance, variances or a variance that is positive definite in the columns ${i} and ${j}`,
      describeValue(of.covariance ?? of.variances ?? of.variance),
    )
  return E.right({ mean: mean as [number, number], covariance: [xx, xy, yy] })
}

/** Components in the plane of columns i and j. Errors: one without a mean or a positive definite covariance there. */
export const readComponents = (
  option: string,
  components: ReadonlyArray<unknown>,
  [i, j]: readonly [number, number],
): E.Either<PlotError, ReadonlyArray<PlanarGaussian>> =>
  pipe(
    components,
    RA.traverseWithIndex(E.Applicative)((k, component) => planar(`${option}[${k}]`, component, i, j)),
  )

const STEPS = 96

/**
 * The closed curve some standard deviations from the mean, as x and y in turns: the image of a circle under the Cholesky factor
 * of the covariance.
 */
export const ellipse = ({ mean, covariance: [xx, xy, yy] }: PlanarGaussian, deviations: number): Float64Array => {
  const a = Math.sqrt(xx)
  const b = xy / a
  const c = Math.sqrt(Math.max(0, yy - b * b))
  const places = new Float64Array(2 * STEPS)
  for (let step = 0; step < STEPS; step++) {
    const angle = (2 * Math.PI * step) / STEPS
    const [u, v] = [deviations * Math.cos(angle), deviations * Math.sin(angle)]
    places[2 * step] = mean[0] + a * u
    places[2 * step + 1] = mean[1] + b * u + c * v
  }
  return places
}
