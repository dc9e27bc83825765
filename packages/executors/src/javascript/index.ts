import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Executor } from '../contract/executor.js'
import { failureOf, residentRows } from '../contract/resident-rows.js'
import { prepareRows } from '../contract/rows.js'
import { packRows } from './blocks.js'
import * as passes from './passes.js'

const failed = failureOf('javascript')

/** Float64 in plain JavaScript, in the calling thread: runs everywhere and is the reference for the others. */
export const javascript: Executor = {
  backend: 'javascript',
  description: 'plain JavaScript (float64)',
  load: (rows, options) => async () =>
    pipe(
      prepareRows(rows, options),
      E.map(prepared => residentRows({ ...prepared, data: packRows(prepared), passes, failed })),
    ),
}
