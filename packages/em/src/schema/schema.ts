import { describeValue, isWrapped } from '@conjugate/linalg'
import { nearestName } from './nearest-name.js'

/** Where a value is not what it has to be. */
export interface Mismatch {
  /** As a program would write it behind the value: `.restarts[2].right`; empty for the value itself. */
  readonly path: string
  readonly expected: string
  readonly received: string
}

/** What a value has to be: the first place where it is not, or `undefined`. */
export type Schema = (value: unknown) => Mismatch | undefined

const mismatch = (expected: string, value: unknown): Mismatch => ({
  path: '',
  expected,
  received: value === undefined ? 'missing' : describeValue(value),
})

/** One condition, in words and as a test. */
export const is =
  (expected: string, holds: (value: unknown) => boolean): Schema =>
  value =>
    holds(value) ? undefined : mismatch(expected, value)

const written = (step: string | number): string => {
  if (typeof step === 'number') return `[${step}]`
  return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${describeValue(step)}]`
}

/** A mismatch of a part, as one of the whole. */
export const within = (step: string | number, found: Mismatch | undefined): Mismatch | undefined =>
  found && { ...found, path: written(step) + found.path }

/** Anything at all, nothing included. */
export const anything: Schema = () => undefined
/** A number of any kind, NaN and infinities among them. */
export const anyNumber: Schema = is('a number', value => typeof value === 'number')
/** A finite number. */
export const finite: Schema = is('a finite number', Number.isFinite)
/** A string. */
export const text: Schema = is('a text', value => typeof value === 'string')
/** `true` or `false`. */
export const truth: Schema = is('true or false', value => typeof value === 'boolean')
/** A function. */
export const callable: Schema = is('a function', value => typeof value === 'function')
/** `null`, and not `undefined`. */
export const nothing: Schema = is('null', value => value === null)

const isNumber = (value: unknown): value is number => typeof value === 'number'

/** A finite number that is no less than a bound. */
export const atLeast = (minimum: number): Schema =>
  is(`a finite number of at least ${minimum}`, value => Number.isFinite(value) && (value as number) >= minimum)

/** Such as a time, of which there may be no end. */
export const atLeastOrInfinity = (minimum: number): Schema =>
  is(`a number of at least ${minimum}`, value => isNumber(value) && value >= minimum)

/** A finite number above a bound. */
export const above = (bound: number): Schema =>
  is(`a finite number above ${bound}`, value => Number.isFinite(value) && (value as number) > bound)

/** A whole number between two bounds, which may be the bounds themselves. */
export const whole = (minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): Schema =>
  is(
    maximum === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${minimum}`
      : `a whole number from ${minimum} to ${maximum}`,
    value => Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum,
  )

/** One of these values. */
export const oneOf = (...values: ReadonlyArray<string | number>): Schema =>
  is(values.length === 1 ? describeValue(values[0]) : `one of ${values.map(describeValue).join(', ')}`, value =>
    (values as ReadonlyArray<unknown>).includes(value),
  )

/** As the schema says, or `undefined`. */
export const optional =
  (schema: Schema): Schema =>
  value =>
    value === undefined ? undefined : schema(value)

/** As one of the schemas says; where the value is like none of them at all, `expected` says what they have in common. */
export const anyOf =
  (expected: string, ...schemas: ReadonlyArray<Schema>): Schema =>
  value => {
    const found = schemas.map(schema => schema(value))
    if (found.includes(undefined)) return undefined
    // What agrees deepest is what was meant.
    const deepest = found.reduce((a, b) => (b!.path.length > a!.path.length ? b : a))!
    return deepest.path === '' ? { ...deepest, expected } : deepest
  }

/** As all of the schemas say; those that follow may rely on the ones before. */
export const allOf =
  (...schemas: ReadonlyArray<Schema>): Schema =>
  value => {
    for (const schema of schemas) {
      const found = schema(value)
      if (found) return found
    }
    return undefined
  }

const expectation = (what: string, length: number | undefined): string =>
  length === undefined ? what : `${what} of ${length}`

const checkElements = (values: ArrayLike<unknown>, expected: string, schema: Schema, length?: number) => {
  if (length !== undefined && values.length !== length)
    return { path: '', expected, received: `an array of ${values.length}` }
  for (let i = 0; i < values.length; i++) {
    const found = schema(values[i])
    if (found) return within(i, found)
  }
  return undefined
}

/** A JavaScript array. */
export const list = (schema: Schema, length?: number): Schema => {
  const expected = expectation('an array', length)
  return value => (Array.isArray(value) ? checkElements(value, expected, schema, length) : mismatch(expected, value))
}

/** Numbers in a JavaScript or typed array. */
export const numbers = (schema: Schema = finite, length?: number): Schema => {
  const expected = length === undefined ? 'an array of numbers' : `${length} numbers`
  return value =>
    Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)
      ? checkElements(value as ArrayLike<unknown>, expected, schema, length)
      : mismatch(expected, value)
}

/** Numbers in an array of one type. */
export const typedArray = (type: 'Float64Array' | 'Int32Array', schema: Schema = finite, length?: number): Schema => {
  const expected = expectation(`${type === 'Int32Array' ? 'an' : 'a'} ${type}`, length)
  return value =>
    Object.prototype.toString.call(value) === `[object ${type}]`
      ? checkElements(value as ArrayLike<unknown>, expected, schema, length)
      : mismatch(expected, value)
}

/** Schemas of the properties of an object, by name. */
export type Fields = Readonly<Record<string, Schema>>

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)

const isBare = (value: unknown): boolean => isRecord(value) && !isWrapped(value)

/** An object, and neither a Promise nor an Either of one. */
export const unwrapped = (expected: string): Schema => is(expected, isBare)

/** An object with these properties, and perhaps others. */
export const object =
  (fields: Fields, expected = 'an object'): Schema =>
  value => {
    if (!isRecord(value)) return mismatch(expected, value)
    for (const [name, schema] of Object.entries(fields)) {
      const found = schema(value[name])
      // A Promise or an Either has the property inside, where nobody has looked for it yet.
      if (found) return isWrapped(value) && !(name in value) ? mismatch(expected, value) : within(name, found)
    }
    return undefined
  }

/** An object with no other properties than these. The error for a name that is not known has the nearest one that is. */
export const exactly = (fields: Fields, expected = 'an object of options'): Schema => {
  const known = Object.keys(fields)
  return allOf(unwrapped(expected), value => {
    for (const name of Object.keys(value as object))
      if (!Object.hasOwn(fields, name))
        return within(name, {
          path: '',
          expected: nearestName(name, known) ?? `one of ${known.join(', ')}`,
          received: 'an unknown option',
        })
    return object(fields)(value)
  })
}

/** One of several kinds of objects that their `_tag` tells apart. */
export const tagged = (kinds: Readonly<Record<string, Schema>>, expected = 'an object with a _tag'): Schema => {
  const tag = oneOf(...Object.keys(kinds))
  return allOf(object({ _tag: tag }, expected), value => kinds[(value as { readonly _tag: string })._tag]!(value))
}
