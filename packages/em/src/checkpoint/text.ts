import * as E from 'fp-ts/lib/Either.js'

type Json = string | number | boolean | null | { readonly [key: string]: Json } | ReadonlyArray<Json>

/** Numbers that JSON does not have. */
const special = (v: number): boolean => !Number.isFinite(v) || Object.is(v, -0)

const nameOf = (v: number): string => (Object.is(v, -0) ? '-0' : String(v))

/** What JSON would drop or empty without a word: functions, maps, objects of classes, arrays of other types. */
const isPlain = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function' && typeof value !== 'symbol'
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null
}

const arrays = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
} as const

/** The tag of an array type: `$float64` for a Float64Array. */
const tagOf = (name: string): string => `$${name.replace('Array', '').toLowerCase()}`

const typed = new Map(Object.entries(arrays).map(([name, type]) => [tagOf(name), type]))

const replace = (_key: string, value: unknown): unknown => {
  if (typeof value === 'number') return special(value) ? { $number: nameOf(value) } : value
  if (typeof value === 'bigint') return { $bigint: String(value) }
  if (ArrayBuffer.isView(value) && value.constructor.name in arrays)
    return { [tagOf(value.constructor.name)]: Array.from(value as unknown as ArrayLike<number>) }
  if (!isPlain(value)) throw new TypeError(`${Object.prototype.toString.call(value)} is no plain data`)
  return value
}

/** Of as many numbers as the text spells out, whatever length it says. */
const numbersOf = (value: Json): ReadonlyArray<number> => {
  if (!Array.isArray(value) || !value.every(v => typeof v === 'number'))
    throw new TypeError('an array that is no list of numbers')
  return value as ReadonlyArray<number>
}

/** Numbers in an array that can hold each of them: a NaN would become 0 among whole numbers. */
const arrayOf = (type: (typeof arrays)[keyof typeof arrays], numbers: ReadonlyArray<number>): ArrayLike<number> => {
  const array = type.from(numbers)
  for (let i = 0; i < array.length; i++)
    if (!Object.is(array[i], numbers[i])) throw new TypeError(`an array of other numbers than ${type.name} holds`)
  return array
}

const revive = (_key: string, value: Json): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if ('$number' in value) return Number(value['$number'])
  if ('$bigint' in value) return BigInt(String(value['$bigint']))
  for (const tag in value) {
    const type = typed.get(tag)
    if (type !== undefined) return arrayOf(type, numbersOf((value as Readonly<Record<string, Json>>)[tag]!))
  }
  return value
}

/**
 * Plain data (objects, arrays, strings, booleans, null, numbers, BigInts, typed arrays of numbers) as JSON from which every bit comes
 * back: JavaScript writes the shortest decimal that reads as the same double, and what JSON lacks is spelled out. Anything
 * else is a mistake in a program, and throws a TypeError.
 */
export const toText = (value: unknown): string => JSON.stringify(value, replace)

/** Reads what {@link toText} wrote. Errors: why the text is none of its texts. */
export const fromText = (text: string): E.Either<string, unknown> =>
  E.tryCatch(
    () => JSON.parse(text, revive) as unknown,
    reason => (reason instanceof Error ? reason.message : String(reason)),
  )

/** SHA-256 in hexadecimal digits, of texts and of the bytes of arrays. Where a page is not secure, it has none: an error. */
export const sha256 = async (parts: ReadonlyArray<string | ArrayBufferView>): Promise<string> => {
  const encoder = new TextEncoder()
  const hex = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => {
    const digest = await crypto.subtle.digest('SHA-256', bytes)
    return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('')
  }
  const digests: string[] = []
  for (const part of parts)
    digests.push(
      await hex(
        typeof part === 'string'
          ? encoder.encode(part)
          : new Uint8Array(part.buffer as ArrayBuffer, part.byteOffset, part.byteLength),
      ),
    )
  // The digests of the parts are digested, so that it counts where one part ends and the next begins.
  return hex(encoder.encode(digests.join()))
}
