// The wire format of protocol buffers, as far as Spark Connect's messages need it: whole numbers, texts, bytes, messages in messages.
// Source: the encoding page of the Protocol Buffers documentation.

const [VARINT, EIGHT_BYTES, LENGTH, FOUR_BYTES] = [0, 1, 2, 5]

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Seven bits a byte, from the lowest on. */
const varint = (value: number): number[] => {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  bytes.push(rest)
  return bytes
}

/** Parts one behind the other. */
export const joined = (parts: ReadonlyArray<Uint8Array>): Uint8Array<ArrayBuffer> => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** A field that is a nonnegative whole number, or a truth value. */
export const whole = (field: number, value: number): Uint8Array =>
  Uint8Array.from([...varint(field * 8 + VARINT), ...varint(value)])

export const bytes = (field: number, value: Uint8Array): Uint8Array =>
  joined([Uint8Array.from([...varint(field * 8 + LENGTH), ...varint(value.length)]), value])

export const text = (field: number, value: string): Uint8Array => bytes(field, encoder.encode(value))

export const message = (field: number, ...parts: ReadonlyArray<Uint8Array>): Uint8Array => bytes(field, joined(parts))

/** What a field of a message holds: whole numbers as they are, all else as bytes. */
export type Value = number | Uint8Array

/** The fields of a message by their numbers, each with all its values. Throws where it is none. */
export const fieldsOf = (source: Uint8Array): ReadonlyMap<number, ReadonlyArray<Value>> => {
  const fields = new Map<number, Value[]>()
  let at = 0
  const number = (): number => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = source[at++]
      if (byte === undefined) throw new Error('a message that ends too early')
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  const some = (length: number): Uint8Array => {
    if (at + length > source.length) throw new Error('a message that ends too early')
    at += length
    return source.subarray(at - length, at)
  }
  while (at < source.length) {
    const tag = number()
    const kind = tag % 8
    const value =
      kind === VARINT
        ? number()
        : kind === LENGTH
          ? some(number())
          : kind === EIGHT_BYTES
            ? some(8)
            : kind === FOUR_BYTES
              ? some(4)
              : undefined
    if (value === undefined) throw new Error(`a field of kind ${kind}, which messages have none of`)
    const field = Math.floor(tag / 8)
    const values = fields.get(field)
    if (values) values.push(value)
    else fields.set(field, [value])
  }
  return fields
}

/** The last value of a field, as bytes. */
export const bytesIn = (fields: ReturnType<typeof fieldsOf>, field: number): Uint8Array | undefined => {
  const value = fields.get(field)?.at(-1)
  return value instanceof Uint8Array ? value : undefined
}

/** The last value of a field, as a text. */
export const textIn = (fields: ReturnType<typeof fieldsOf>, field: number): string | undefined => {
  const value = bytesIn(fields, field)
  return value && decoder.decode(value)
}
