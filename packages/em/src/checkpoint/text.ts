import * as E from 'fp-ts/lib/Either.js'

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

/** Keys that begin with it are those of what is spelled out; others that do get one more. */
const MARK = '$'

const isMarked = (key: string): boolean => key.startsWith(MARK)

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** The same properties under other keys, all of its own: `__proto__` is a key like any other. */
const renamed = (value: object, rename: (key: string) => string): object =>
  Object.fromEntries(Object.entries(value).map(([key, part]) => [rename(key), part]))

/** What JSON can hold in place of a value, apart from what is inside. */
const spelled = (value: unknown): unknown => {
  if (typeof value === 'number') return special(value) ? { $number: nameOf(value) } : value
  if (typeof value === 'bigint') return { $bigint: String(value) }
  if (ArrayBuffer.isView(value) && value.constructor.name in arrays) {
    // By its length, which is 0 of an array whose memory has moved away: its iterator would throw.
    const numbers = value as unknown as ArrayLike<number>
    return { [tagOf(value.constructor.name)]: Array.from({ length: numbers.length }, (_, i) => numbers[i]) }
  }
  if (!isPlain(value)) throw new TypeError(`${Object.prototype.toString.call(value)} is no plain data`)
  if (!isObject(value) || Array.isArray(value)) return value
  return Object.keys(value).some(isMarked) ? renamed(value, key => (isMarked(key) ? MARK + key : key)) : value
}

/** A list or an object of which some is written. */
interface Open {
  readonly given: unknown
  readonly parts: ReadonlyArray<readonly [name: string, part: unknown]> | ReadonlyArray<unknown>
  readonly isList: boolean
  next: number
}

/**
 * Plain data (objects, arrays, strings, booleans, null, numbers, BigInts, typed arrays of numbers) as JSON from which every bit
 * comes back, in however many layers it is: JavaScript writes the shortest decimal that reads as the same double, and what
 * JSON lacks is spelled out. Anything else, and data that is inside itself, is a mistake in a program, and throws a TypeError.
 */
export const toText = (value: unknown): string => {
  const written: string[] = []
  const open: Open[] = []
  const inside = new Set<unknown>()
  const write = (given: unknown): void => {
    const plain = spelled(given)
    if (!isObject(plain)) {
      written.push(JSON.stringify(plain) ?? 'null')
      return
    }
    if (inside.has(given)) throw new TypeError('data that is inside itself')
    if (isObject(given)) inside.add(given)
    const isList = Array.isArray(plain)
    const parts = isList ? plain : Object.entries(plain).filter(([, part]) => part !== undefined)
    written.push(isList ? '[' : '{')
    open.push({ given, parts, isList, next: 0 })
  }
  write(value)
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const { parts, isList, next } = top
    if (next === parts.length) {
      written.push(isList ? ']' : '}')
      inside.delete(top.given)
      open.pop()
      continue
    }
    top.next++
    if (next > 0) written.push(',')
    if (isList) write(parts[next])
    else {
      const [name, part] = parts[next] as readonly [string, unknown]
      written.push(JSON.stringify(name), ':')
      write(part)
    }
  }
  return written.join('')
}

/** Of as many numbers as the text spells out, whatever length it says. */
const numbersOf = (value: unknown): ReadonlyArray<number> => {
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

type Fields = Record<string | number, unknown>

/** What was spelled out so, where all that is inside has been read. */
const meant = (value: unknown): unknown => {
  if (!isObject(value) || Array.isArray(value) || !Object.keys(value).some(isMarked)) return value
  const fields = value as Readonly<Fields>
  if ('$number' in fields) return Number(fields['$number'])
  if ('$bigint' in fields) return BigInt(String(fields['$bigint']))
  for (const tag in fields) {
    const type = typed.get(tag)
    if (type !== undefined) return arrayOf(type, numbersOf(fields[tag]))
  }
  return renamed(value, key => (key.startsWith(MARK + MARK) ? key.slice(MARK.length) : key))
}

const revived = (value: unknown): unknown => {
  const whole = { value }
  // From the outside inwards, so that backwards what is inside comes first.
  const places: (readonly [holder: object, key: string | number])[] = [[whole, 'value']]
  for (let i = 0; i < places.length; i++) {
    const [holder, key] = places[i]!
    const part = (holder as Fields)[key]
    if (Array.isArray(part)) {
      for (let j = 0; j < part.length; j++) if (isObject(part[j])) places.push([part, j])
    } else if (isObject(part))
      for (const name of Object.keys(part)) if (isObject((part as Fields)[name])) places.push([part, name])
  }
  for (let i = places.length - 1; i >= 0; i--) {
    const [holder, key] = places[i]!
    const fields = holder as Fields
    fields[key] = meant(fields[key])
  }
  return whole.value
}

/** Reads what {@link toText} wrote. Errors: why the text is none of its texts. */
export const fromText = (text: string): E.Either<string, unknown> =>
  E.tryCatch(
    () => revived(JSON.parse(text) as unknown),
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
