import { type Executor, grouped, javascript, tensorflow, wasm, wasmThreads } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

/** Every executor: a new one is a new row. An optional one may be missing, unless its variable says otherwise. */
const table = [
  { name: 'javascript', make: TE.right(javascript), requiredBy: undefined },
  { name: 'wasm', make: wasm, requiredBy: undefined },
  { name: 'wasm on grouped rows', make: TE.map(grouped)(wasm), requiredBy: undefined },
  { name: 'wasm on 3 threads', make: wasmThreads(3), requiredBy: undefined },
  { name: 'tensorflow', make: tensorflow, requiredBy: 'CONJUGATE_REQUIRE_TENSORFLOW' },
] as const

const made = await Promise.all(
  table.map(async ({ name, make, requiredBy }) => ({
    name,
    optional: requiredBy !== undefined && process.env[requiredBy] !== '1',
    result: await make(),
  })),
)

export const available: ReadonlyArray<readonly [name: string, executor: Executor]> = made.flatMap(({ name, result }) =>
  E.isRight(result) ? [[name, result.right] as const] : [],
)

/** What could not be made, with the reason. */
export const missing = made.flatMap(({ name, optional, result }) =>
  E.isLeft(result) ? [{ name, optional, reason: JSON.stringify(result.left) }] : [],
)
