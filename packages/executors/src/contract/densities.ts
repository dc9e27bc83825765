import { reading, readNumbers } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { mismatch } from './errors.js'
import type {
  Densities,
  ExecutorError,
  FactorDensities,
  FactorShape,
  FormDensities,
  ProductDensities,
} from './executor.js'

interface Parameter {
  readonly name: string
  /** K times `size` numbers. */
  readonly values: Float64Array
  readonly size: number
}

/** The parameters that a component has besides its constant. */
export const parametersOf = (densities: FactorDensities): ReadonlyArray<Parameter> => {
  const { columns } = densities
  switch (densities._tag) {
    case 'Quadratic':
      return [
        { name: 'mean', values: densities.mean, size: columns },
        { name: 'whitening', values: densities.whitening, size: columns * columns },
      ]
    case 'Diagonal':
      return [
        { name: 'mean', values: densities.mean, size: columns },
        { name: 'scale', values: densities.scale, size: columns },
      ]
    case 'Linear':
      return [{ name: 'natural', values: densities.natural, size: columns }]
    case 'Offset':
      return []
    case 'Indexed':
      return [{ name: 'natural', values: densities.natural, size: densities.levels }]
  }
}

const isDead = (constant: number): boolean => constant === Number.NEGATIVE_INFINITY

// What is checked in every iteration is written as loops.

const hasDead = (logConstant: Float64Array): boolean => {
  for (let k = 0; k < logConstant.length; k++) if (isDead(logConstant[k]!)) return true
  return false
}

const nonFiniteAt = (values: Float64Array, mayBeZero: boolean): number => {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]) && !(mayBeZero && values[i] === Number.NEGATIVE_INFINITY)) return i
  return -1
}

/** Nothing about a component of weight zero may count: zeros in place of its parameters keep NaN out of the sums. */
const silenceDead = <D extends FactorDensities>(densities: D, logConstant: Float64Array): D => {
  if (!hasDead(logConstant)) return densities
  const silenced = parametersOf(densities).map(({ name, values, size }) => {
    const copy = values.slice()
    logConstant.forEach((constant, k) => {
      if (isDead(constant)) copy.fill(0, k * size, (k + 1) * size)
    })
    return [name, copy] as const
  })
  return { ...densities, ...Object.fromEntries(silenced) }
}

/** Zero times an infinite parameter would be NaN in one row and not in the next. Those of indices are no products. */
const firstNonFinite = (densities: FactorDensities): ExecutorError | undefined => {
  for (const { name, values, size } of parametersOf(densities)) {
    const at = nonFiniteAt(values, densities._tag === 'Indexed')
    if (at >= 0)
      return { _tag: 'NonFiniteParameter', parameter: name, component: Math.floor(at / size), value: values[at]! }
  }
  return undefined
}

/** A constant of -Infinity is a weight of 0; nothing is infinitely probable. */
const wrongConstant = (logConstant: Float64Array): ExecutorError | undefined => {
  for (let k = 0; k < logConstant.length; k++)
    if (!(logConstant[k]! < Number.POSITIVE_INFINITY))
      return { _tag: 'NonFiniteParameter', parameter: 'logConstant', component: k, value: logConstant[k]! }
  return undefined
}

/**
 * The same densities in arrays of float64, whatever lists of numbers they are given in. Errors: what is no number, and the
 * place.
 */
const readFactor = <D extends FactorDensities>(densities: D): E.Either<ExecutorError, D> => {
  const given: ReadonlyArray<readonly [string, unknown]> = [
    ...parametersOf(densities).map(({ name, values }) => [name, values] as const),
    ['logConstant', densities.logConstant],
  ]
  if (given.every(([, values]) => values instanceof Float64Array)) return E.right(densities)
  const read: Record<string, Float64Array> = {}
  for (const [name, values] of given) {
    const numbers = readNumbers(values, name)
    if (E.isLeft(numbers)) return numbers
    read[name] = numbers.right
  }
  return E.right({ ...densities, ...read })
}

/** Checks densities of one form, of which components with a constant of -Infinity in all do not count. */
const checkFactor = <D extends FactorDensities>(
  densities: D,
  logConstant: Float64Array = densities.logConstant,
): E.Either<ExecutorError, D> => {
  const { _tag, components, columns } = densities
  if (_tag === 'Offset' && columns !== components) return E.left(mismatch('columns', components, columns))
  for (const { name, values, size } of parametersOf(densities))
    if (values.length !== components * size) return E.left(mismatch(name, components * size, values.length))
  if (densities.logConstant.length !== components)
    return E.left(mismatch('logConstant', components, densities.logConstant.length))
  const silenced = silenceDead(densities, logConstant)
  const nonFinite = wrongConstant(densities.logConstant) ?? firstNonFinite(silenced)
  return nonFinite ? E.left(nonFinite) : E.right(silenced)
}

/** K: the constants of products, those of their factors among them. */
export const constantsOf = ({ factors, logConstant }: ProductDensities): Float64Array => {
  const total = logConstant.slice()
  for (const factor of factors) for (let k = 0; k < total.length; k++) total[k]! += factor.logConstant[k]!
  return total
}

/** Names the factor that an error is about. */
const ofFactor =
  (number: number) =>
  (error: ExecutorError): ExecutorError => {
    if (error._tag === 'ShapeMismatch') return { ...error, what: `${error.what} of factor ${number}` }
    if (error._tag === 'UnreadableData') return { ...error, what: `${error.what} of factor ${number}` }
    return error._tag === 'NonFiniteParameter'
      ? { ...error, parameter: `${error.parameter} of factor ${number}` }
      : error
  }

/** The same product in arrays of float64. */
const readProduct = (densities: ProductDensities): E.Either<ExecutorError, ProductDensities> => {
  const isRead = densities.logConstant instanceof Float64Array
  const constants = isRead ? E.right(densities.logConstant) : readNumbers(densities.logConstant, 'logConstant')
  if (E.isLeft(constants)) return constants
  const factors: FactorDensities[] = []
  for (const [f, factor] of densities.factors.entries()) {
    const read = readFactor(factor)
    if (E.isLeft(read)) return E.left(ofFactor(f)(read.left))
    factors.push(read.right)
  }
  return E.right({ ...densities, factors, logConstant: constants.right })
}

const checkProduct = (densities: ProductDensities): E.Either<ExecutorError, ProductDensities> => {
  const { components, factors, logConstant } = densities
  if (logConstant.length !== components) return E.left(mismatch('logConstant', components, logConstant.length))
  for (const [f, factor] of factors.entries())
    if (factor.components !== components)
      return E.left(ofFactor(f)(mismatch('components', components, factor.components)))
  const wrong = wrongConstant(logConstant)
  if (wrong) return E.left(wrong)
  const constants = constantsOf(densities)
  const checked: FactorDensities[] = []
  for (const [f, factor] of factors.entries()) {
    const found = checkFactor(factor, constants)
    if (E.isLeft(found)) return E.left(ofFactor(f)(found.left))
    checked.push(found.right)
  }
  return E.right({ ...densities, factors: checked })
}

const nameOfFactor = ({ _tag, columns, levels }: FactorShape): string =>
  `${_tag} (${levels === undefined ? `${columns} columns` : `${levels} levels`})`

/** For a person, such as `a product of Diagonal (2 columns) and Linear (5 columns)`. */
const nameOf = (factors: ReadonlyArray<FactorShape> | undefined): string =>
  factors === undefined ? 'of one form' : `a product of ${factors.map(nameOfFactor).join(' and ')}`

const isSame = (a: ReadonlyArray<FactorShape> | undefined, b: ReadonlyArray<FactorShape> | undefined): boolean => {
  if (a === undefined || b === undefined) return a === b
  if (a.length !== b.length) return false
  for (let f = 0; f < a.length; f++) {
    const [one, other] = [a[f]!, b[f]!]
    if (one._tag !== other._tag || one.columns !== other.columns || one.levels !== other.levels) return false
  }
  return true
}

/** What densities have to be of, to be those of loaded rows. */
export interface LoadedShape {
  readonly columns: number
  readonly factors?: ReadonlyArray<FactorShape> | undefined
}

const check = <D extends Densities>({ columns, factors }: LoadedShape, densities: D): E.Either<ExecutorError, D> => {
  const { components } = densities
  if (!Number.isSafeInteger(components) || components < 1) return E.left(mismatch('components', 1, components))
  if (densities.columns !== columns) return E.left(mismatch('columns of the densities', columns, densities.columns))
  const own = densities._tag === 'Product' ? densities.factors : undefined
  if (!isSame(factors, own)) return E.left({ _tag: 'FactorMismatch', expected: nameOf(factors), received: nameOf(own) })
  if (['Offset', 'Indexed'].includes(densities._tag))
    return E.left({ _tag: 'FactorMismatch', expected: nameOf(factors), received: `${densities._tag} alone` })
  const checked: E.Either<ExecutorError, Densities> =
    densities._tag === 'Product'
      ? pipe(readProduct(densities), E.chain(checkProduct))
      : pipe(
          readFactor(densities as FormDensities),
          E.chain(factor => checkFactor(factor)),
        )
  // The compiler doesn't see that what is checked is of the same kind.
  return checked as E.Either<ExecutorError, D>
}

/**
 * Checks that the densities are of rows of so many columns and these factors, that their arrays are as long as they say, and
 * that all parameters of components of positive weight are finite. In the result those of components of weight zero are zeros.
 */
export const checkDensities = <D extends Densities>(shape: LoadedShape, densities: D): E.Either<ExecutorError, D> =>
  reading<ExecutorError, D>('densities', 'those of an executor', () => check(shape, densities))
