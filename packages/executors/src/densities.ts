import * as E from 'fp-ts/lib/Either.js'
import { mismatch } from './errors.js'
import type { Densities, ExecutorError } from './executor.js'

interface Parameter {
  readonly name: string
  /** K times `size` numbers. */
  readonly values: Float64Array
  readonly size: number
}

/** The parameters that a component has besides its constant. */
export const parametersOf = (densities: Densities): ReadonlyArray<Parameter> => {
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
  }
}

const isDead = (constant: number): boolean => constant === Number.NEGATIVE_INFINITY

// What is checked in every iteration is written as loops.

const hasDead = (logConstant: Float64Array): boolean => {
  for (let k = 0; k < logConstant.length; k++) if (isDead(logConstant[k]!)) return true
  return false
}

const nonFiniteAt = (values: Float64Array): number => {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i
  return -1
}

/** Nothing about a component of weight zero may count: zeros in place of its parameters keep NaN out of the sums. */
const silenceDead = <D extends Densities>(densities: D): D => {
  const { logConstant } = densities
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

/** Zero times an infinite parameter would be NaN in one row and not in the next. */
const firstNonFinite = (densities: Densities): ExecutorError | undefined => {
  for (const { name, values, size } of parametersOf(densities)) {
    const at = nonFiniteAt(values)
    if (at >= 0)
      return { _tag: 'NonFiniteParameter', parameter: name, component: Math.floor(at / size), value: values[at]! }
  }
  return undefined
}

/**
 * Checks that the densities are of rows of `columns` columns, that their arrays are as long as they say, and that all
 * parameters of components of positive weight are finite. In the result those of components of weight zero are zeros.
 */
export const checkDensities = <D extends Densities>(columns: number, densities: D): E.Either<ExecutorError, D> => {
  const { components, logConstant } = densities
  if (!Number.isSafeInteger(components) || components < 1) return E.left(mismatch('components', 1, components))
  if (densities.columns !== columns) return E.left(mismatch('columns of the densities', columns, densities.columns))
  for (const { name, values, size } of parametersOf(densities))
    if (values.length !== components * size) return E.left(mismatch(name, components * size, values.length))
  if (logConstant.length !== components) return E.left(mismatch('logConstant', components, logConstant.length))
  const silenced = silenceDead(densities)
  const nonFinite = firstNonFinite(silenced)
  return nonFinite ? E.left(nonFinite) : E.right(silenced)
}
