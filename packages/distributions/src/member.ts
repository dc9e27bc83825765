import { describeValue, type Matrix, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { type InvalidParameter, inColumn, type Validated } from './validation.js'

/** What a parameter is not, or `undefined`: where in it, what was expected there and what was found. */
type Part = (value: unknown) => Pick<InvalidParameter, 'parameter' | 'expected' | 'received'> | undefined

const found = (value: unknown): string => (value === undefined ? 'missing' : describeValue(value))

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)

const fail = (expected: string, value: unknown, parameter = '') => ({ parameter, expected, received: found(value) })

/** A number, which `make` looks at closer. */
export const aNumber: Part = value => (typeof value === 'number' ? undefined : fail('a number', value))

/** Numbers in an array of any type. */
export const aVector: Part = value => {
  if (!(Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)))
    return fail('an array of numbers', value)
  const values = value as ArrayLike<unknown>
  for (let i = 0; i < values.length; i++)
    if (typeof values[i] !== 'number') return fail('a number', values[i], `[${i}]`)
  return undefined
}

/** A matrix of the library, not one of nested arrays. */
export const aMatrix: Part = value => {
  const expected = 'a matrix { rows, columns, data }'
  if (!isRecord(value)) return fail(expected, value)
  const { rows, columns, data } = value
  const wrong = aVector(data)
  if (wrong) return { ...wrong, parameter: `.data${wrong.parameter}` }
  const { length } = data as Vector
  return Number.isSafeInteger(rows) && Number.isSafeInteger(columns) && length === Number(rows) * Number(columns)
    ? undefined
    : { parameter: '', expected, received: `${found(rows)} x ${found(columns)} of ${length} numbers` }
}

/** A parameter that is itself a member. */
export const aMember =
  <P>(family: { readonly member?: ((value: unknown) => Validated<P>) | undefined }): Part =>
  value => {
    const checked = family.member!(value)
    if (E.isRight(checked)) return undefined
    const { parameter, expected, received } = checked.left
    return { parameter: parameter === '' ? '' : `.${parameter}`, expected, received }
  }

/**
 * Checks whether a value is a member of a family: it has all parts, and what they say together is what `make` accepts. It
 * comes back as it is, with every bit.
 */
export const members =
  <P>(
    distribution: string,
    parts: { readonly [K in Extract<keyof NoInfer<P>, string>]: Part },
    make: (p: NoInfer<P>) => Validated<unknown>,
  ): ((value: unknown) => Validated<P>) =>
  value => {
    const wrong = (parameter: string, expected: string, received: string): Validated<never> =>
      E.left({ _tag: 'InvalidParameter', distribution, parameter, expected, received })
    if (!isRecord(value)) return wrong('parameters', `an object of ${Object.keys(parts).join(', ')}`, found(value))
    for (const [name, part] of Object.entries<Part>(parts)) {
      const mismatch = part(value[name])
      if (mismatch) return wrong(name + mismatch.parameter, mismatch.expected, mismatch.received)
    }
    const made = make(value as P)
    return E.isLeft(made) ? made : E.right(value as P)
  }

/** Apart from each other by more than rounding makes factors of matrices. */
const FACTOR_TOLERANCE = 1e-8

/** Whether L is a lower triangle with a positive diagonal, and L L' the matrix up to rounding. */
export const isFactorOf = ({ rows, columns, data }: Matrix, factor: Matrix): boolean => {
  if (rows !== columns || factor.rows !== rows || factor.columns !== rows) return false
  const l = factor.data
  for (let i = 0; i < rows; i++) {
    if (!(l[i * rows + i]! > 0 && Number.isFinite(data[i * rows + i]))) return false
    for (let j = 0; j < rows; j++) {
      if (j > i && l[i * rows + j] !== 0) return false
      let sum = 0
      for (let k = 0; k <= Math.min(i, j); k++) sum += l[i * rows + k]! * l[j * rows + k]!
      const size = Math.sqrt(data[i * rows + i]!) * Math.sqrt(data[j * rows + j]!)
      if (!(Math.abs(sum - data[i * rows + j]!) <= FACTOR_TOLERANCE * size)) return false
    }
  }
  return rows > 0
}

/** The same for a list of members, one for each column. */
export const membersOfColumns = <P>(
  name: string,
  member: (value: unknown) => Validated<P>,
  value: unknown,
): Validated<ReadonlyArray<P>> => {
  const distribution = `Independent(${name})`
  const wrong = (parameter: string, expected: string, received: string): Validated<never> =>
    E.left({ _tag: 'InvalidParameter', distribution, parameter, expected, received })
  if (!Array.isArray(value)) return wrong('columns', 'a list with one for each column', found(value))
  for (const [i, column] of value.entries()) {
    const checked = member(column)
    if (E.isLeft(checked)) return inColumn(i)(checked)
  }
  return value.length > 0 ? E.right(value) : wrong('columns', 'at least one', 'none')
}

/** The same for members of which one parameter is known. */
export const withKnown =
  <P>(
    { name, member }: { readonly name: string; readonly member?: ((value: unknown) => Validated<P>) | undefined },
    parameter: Extract<keyof P, string>,
    known: number | Vector,
  ): ((value: unknown) => Validated<P>) =>
  value => {
    const checked = member!(value)
    if (E.isLeft(checked)) return checked
    const [wanted, given] = [known, checked.right[parameter]].map(v =>
      Array.from(typeof v === 'number' ? [v] : (v as Vector)),
    )
    return wanted!.length === given!.length && wanted!.every((v, i) => v === given![i])
      ? checked
      : E.left({
          _tag: 'InvalidParameter',
          distribution: name,
          parameter,
          expected: 'what is known of all members',
          received: typeof known === 'number' ? String(given![0]) : 'another',
        })
  }
