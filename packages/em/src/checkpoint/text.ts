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

const replace = (_key: string, value: unknown): unknown => {
  if (typeof value === 'number') return special(value) ? { $number: nameOf(value) } : value
  if (value instanceof Float64Array) return { $float64: Array.from(value) }
  if (value instanceof Int32Array) return { $int32: Array.from(value) }
  if (!isPlain(value)) throw new TypeError(`${Object.prototype.toString.call(value)} is no plain data`)
  return value
}

const revive = (_key: string, value: Json): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if ('$number' in value) return Number(value['$number'])
  if ('$float64' in value) return Float64Array.from(value['$float64'] as ReadonlyArray<number>)
  if ('$int32' in value) return Int32Array.from(value['$int32'] as ReadonlyArray<number>)
  return value
}

/**
 * Plain data (objects, arrays, strings, booleans, null, numbers, Float64Array, Int32Array) as JSON from which every bit comes
 * back: JavaScript writes the shortest decimal that reads as the same double, and what JSON lacks is spelled out. Anything
 * else is a mistake in a program, and throws a TypeError.
 */
export const toText = (value: unknown): string => JSON.stringify(value, replace)

/** What {@link toText} wrote. Errors: a text that is no JSON, as a reason. */
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
  // Of the digests, so that the places where parts end count.
  return hex(encoder.encode(digests.join()))
}
