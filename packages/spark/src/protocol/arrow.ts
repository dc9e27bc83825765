// Record batches of Arrow as Spark Connect sends them: a stream of a schema and of batches, each column a flat one of numbers, truth
// values, texts or bytes. Source: the columnar format and Message.fbs of Apache Arrow; the internals page of FlatBuffers.

const CONTINUED = 0xffffffff

/** What a message is of, by its number. */
const [SCHEMA, RECORDS] = [1, 3]

/** A type of columns, by its number. */
const [NULL, WHOLE, REAL, BINARY, UTF8, BOOL] = [1, 2, 3, 4, 5, 6]

/** Precisions of real numbers. */
const [SINGLE, DOUBLE] = [1, 2]

/** A column: numbers, of which NaN is one that is missing; or texts, or bytes, of which `null` is. */
export type Column = Float64Array | ReadonlyArray<string | null> | ReadonlyArray<Uint8Array | null>

const decoder = new TextDecoder()

/** A table of a flat buffer: where its fields are. */
interface FlatTable {
  /** Where a field is; 0 where it has its default. */
  readonly field: (number: number) => number
}

const wholeAt = (view: DataView, at: number): number => Number(view.getBigInt64(at, true))

const tableAt = (view: DataView, at: number): FlatTable => {
  const fields = at - view.getInt32(at, true)
  const size = view.getUint16(fields, true)
  return {
    field: number => {
      const entry = 4 + 2 * number
      const offset = entry < size ? view.getUint16(fields + entry, true) : 0
      return offset === 0 ? 0 : at + offset
    },
  }
}

/** Where what a field refers to begins. */
const referred = (view: DataView, at: number): number => at + view.getUint32(at, true)

interface Kind {
  readonly type: number
  /** Of whole numbers their bits, of real ones their precision. */
  readonly size: number
  readonly isSigned: boolean
}

const kindsIn = (view: DataView, schema: FlatTable): ReadonlyArray<Kind> => {
  const at = schema.field(1)
  if (at === 0) return []
  const fields = referred(view, at)
  return Array.from({ length: view.getUint32(fields, true) }, (_, i) => {
    const field = tableAt(view, referred(view, fields + 4 + 4 * i))
    const typed = field.field(2)
    const type = typed === 0 ? 0 : view.getUint8(typed)
    const details = tableAt(view, referred(view, field.field(3)))
    const first = details.field(0)
    const second = details.field(1)
    return {
      type,
      size:
        first === 0 ? 0 : type === WHOLE ? view.getInt32(first, true) : type === REAL ? view.getInt16(first, true) : 0,
      isSigned: second !== 0 && view.getUint8(second) !== 0,
    }
  })
}

/** Reads a number of a column by its row. */
const readerOf = ({ type, size, isSigned }: Kind, view: DataView, at: number): ((row: number) => number) => {
  if (type === BOOL) return row => (view.getUint8(at + (row >> 3)) >> (row & 7)) & 1
  if (type === REAL && size === DOUBLE) return row => view.getFloat64(at + 8 * row, true)
  if (type === REAL && size === SINGLE) return row => view.getFloat32(at + 4 * row, true)
  if (type === WHOLE && size === 64)
    return row => Number(isSigned ? view.getBigInt64(at + 8 * row, true) : view.getBigUint64(at + 8 * row, true))
  if (type === WHOLE && size === 32)
    return row => (isSigned ? view.getInt32(at + 4 * row, true) : view.getUint32(at + 4 * row, true))
  if (type === WHOLE && size === 16)
    return row => (isSigned ? view.getInt16(at + 2 * row, true) : view.getUint16(at + 2 * row, true))
  if (type === WHOLE && size === 8) return row => (isSigned ? view.getInt8(at + row) : view.getUint8(at + row))
  throw new Error(`a column of Arrow's type ${type}, which is not read`)
}

const columnsIn = (
  source: Uint8Array,
  kinds: ReadonlyArray<Kind>,
  { view, header, body }: { readonly view: DataView; readonly header: FlatTable; readonly body: number },
): ReadonlyArray<Column> => {
  if (header.field(3) !== 0) throw new Error('a compressed batch of Arrow, which is not read')
  const lengthAt = header.field(0)
  const rows = lengthAt === 0 ? 0 : wholeAt(view, lengthAt)
  const nodes = referred(view, header.field(1)) + 4
  const buffers = referred(view, header.field(2)) + 4
  let buffer = 0
  const next = (): number => body + wholeAt(view, buffers + 16 * buffer++)
  return kinds.map((kind, column) => {
    const missing = wholeAt(view, nodes + 16 * column + 8)
    if (kind.type === NULL) return new Float64Array(rows).fill(Number.NaN)
    const validity = next()
    const isThere = (row: number): boolean => missing === 0 || ((source[validity + (row >> 3)]! >> (row & 7)) & 1) === 1
    if (kind.type !== BINARY && kind.type !== UTF8) {
      const read = readerOf(kind, view, next())
      return Float64Array.from({ length: rows }, (_, row) => (isThere(row) ? read(row) : Number.NaN))
    }
    const offsets = next()
    const data = next()
    const cell = (row: number): Uint8Array =>
      source.subarray(data + view.getInt32(offsets + 4 * row, true), data + view.getInt32(offsets + 4 * row + 4, true))
    return kind.type === BINARY
      ? Array.from({ length: rows }, (_, row) => (isThere(row) ? cell(row) : null))
      : Array.from({ length: rows }, (_, row) => (isThere(row) ? decoder.decode(cell(row)) : null))
  })
}

/** The batches of a stream, each its columns. Throws where there are columns that are not read here. */
export const batchesOf = (source: Uint8Array): ReadonlyArray<ReadonlyArray<Column>> => {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength)
  const batches: ReadonlyArray<Column>[] = []
  let kinds: ReadonlyArray<Kind> = []
  for (let at = 0; at + 8 <= source.length; ) {
    const isContinued = view.getUint32(at, true) === CONTINUED
    const length = view.getUint32(at + (isContinued ? 4 : 0), true)
    const first = at + (isContinued ? 8 : 4)
    if (length === 0) break
    const message = tableAt(view, referred(view, first))
    const body = first + length
    const bodyLength = message.field(3)
    const type = view.getUint8(message.field(1))
    const header = tableAt(view, referred(view, message.field(2)))
    if (type === SCHEMA) kinds = kindsIn(view, header)
    else if (type === RECORDS) batches.push(columnsIn(source, kinds, { view, header, body }))
    at = body + (bodyLength === 0 ? 0 : wholeAt(view, bodyLength))
  }
  return batches
}

/** The columns of some batches, each as one. */
export const stackedColumns = (batches: ReadonlyArray<ReadonlyArray<Column>>): ReadonlyArray<Column> => {
  const [first, ...others] = batches
  if (first === undefined || others.length === 0) return first ?? []
  return first.map((column, i) => {
    const parts = batches.map(batch => batch[i]!)
    if (!(column instanceof Float64Array)) return parts.flatMap(part => [...part]) as Column
    const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts as ReadonlyArray<Float64Array>) {
      all.set(part, at)
      at += part.length
    }
    return all
  })
}
