// A pickle of Python of a call by name, so that no code of Python is sent but a file that the session has.
// Source: the module pickletools of Python, protocol 3.

import { joined } from './protocol/wire.js'

const encoder = new TextEncoder()

const op = (code: string): Uint8Array => encoder.encode(code)

const counted = (code: string, data: Uint8Array): Uint8Array => {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, data.length, true)
  return joined([op(code), length, data])
}

/** A text: BINUNICODE. */
const text = (value: string): Uint8Array => counted('X', encoder.encode(value))

/** Bytes: BINBYTES. */
const bytes = (value: Uint8Array): Uint8Array => counted('B', value)

/** What a module calls by a name: GLOBAL. */
const named = (module: string, name: string): Uint8Array => op(`c${module}\n${name}\n`)

/** A tuple of all since the mark before the first. */
const tuple = (...parts: ReadonlyArray<Uint8Array>): Uint8Array => joined([op('('), ...parts, op('t')])

/** The call of a function: REDUCE. */
const called = (called: Uint8Array, ...arguments_: ReadonlyArray<Uint8Array>): Uint8Array =>
  joined([called, tuple(...arguments_), op('R')])

/**
 * What Spark takes for a function over the batches of a partition: `module.name` with its first arguments given, and the type of what
 * it gives, columns of bytes.
 */
export const pickledFunction = (
  module: string,
  name: string,
  given: ReadonlyArray<string | Uint8Array>,
  columns: ReadonlyArray<string>,
): Uint8Array => {
  const type = JSON.stringify({
    type: 'struct',
    fields: columns.map(column => ({ name: column, type: 'binary', nullable: true, metadata: {} })),
  })
  return joined([
    Uint8Array.of(0x80, 3),
    tuple(
      called(
        named('functools', 'partial'),
        named(module, name),
        ...given.map(value => (typeof value === 'string' ? text(value) : bytes(value))),
      ),
      called(named('pyspark.sql.types', '_parse_datatype_json_string'), text(type)),
    ),
    op('.'),
  ])
}
