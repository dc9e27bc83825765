import { describeValue, isList, unreadable } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'

/** What is asked of a tensor, as TensorFlow.js has them: its sizes, and its numbers once they are there. */
export interface TensorLike {
  readonly shape: ReadonlyArray<number>
  readonly data: () => Promise<ArrayLike<unknown>>
}

const isTensor = (value: unknown): value is TensorLike =>
  typeof value === 'object' &&
  value !== null &&
  'shape' in value &&
  Array.isArray(value.shape) &&
  'data' in value &&
  typeof value.data === 'function'

const isColumns = (data: unknown): data is Readonly<Record<string, unknown>> =>
  typeof data === 'object' && data !== null && !isList(data) && !(Symbol.iterator in data)

const areInColumns = (data: unknown): boolean => isColumns(data) && Object.values(data).some(isTensor)

/**
 * Whether data is a tensor, or holds some: as columns, or as sequences, which are in columns where the first one is. Rows are not looked
 * into. What cannot be looked at is told by who reads it.
 */
export const hasTensors = (data: unknown): boolean => {
  try {
    return Array.isArray(data)
      ? data.some(isTensor) || data.slice(0, 1).some(areInColumns)
      : isTensor(data) || areInColumns(data)
  } catch {
    return false
  }
}

const read = async (tensor: TensorLike, what: string | undefined): Promise<E.Either<FitError, unknown>> => {
  const place = what === undefined ? {} : { what }
  try {
    const data = await tensor.data()
    const { shape } = tensor
    if (shape.length === 1) return E.right(data)
    if (shape.length === 2) return E.right({ rows: shape[0], columns: shape[1], data })
    return unreadable({
      ...place,
      expected: 'a tensor of rows, or of one column',
      received: `one of ${shape.length} axes`,
    })
  } catch (error) {
    const why = error instanceof Error ? describeValue(error.message) : describeValue(error)
    return unreadable({ ...place, expected: 'a tensor that can be read', received: `one that cannot: ${why}` })
  }
}

/**
 * Data with the numbers of its tensors in their place, each of which is read once, by its `data()`. Errors: one that has been
 * disposed of, or has other than one or two axes.
 */
export const withoutTensors = async (data: unknown, what?: string): Promise<E.Either<FitError, unknown>> => {
  if (isTensor(data)) return read(data, what)
  if (!(hasTensors(data) || areInColumns(data))) return E.right(data)
  const found: Array<readonly [string, unknown]> = []
  for (const [name, part] of Object.entries(data as object)) {
    const own = await withoutTensors(part, Array.isArray(data) ? `sequence ${name}` : `column ${name}`)
    if (E.isLeft(own)) return own
    found.push([name, own.right])
  }
  return E.right(Array.isArray(data) ? found.map(([, part]) => part) : Object.fromEntries(found))
}

/** Does something with data whose tensors, if it has some, have been read. */
export const withValues = <A>(
  data: unknown,
  ask: (data: never) => TE.TaskEither<FitError, A>,
): TE.TaskEither<FitError, A> =>
  hasTensors(data)
    ? pipe(
        () => withoutTensors(data),
        TE.chain(read => ask(read as never)),
      )
    : ask(data as never)
