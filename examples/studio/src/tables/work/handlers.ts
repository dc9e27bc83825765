import * as E from 'fp-ts/lib/Either.js'
import type { Answer, Handlers } from '../../work/handlers.js'
import { type Failure, failed } from '../../work/messages.js'
import { fitRange, type Outcome } from '../fit/fit.js'
import { describeNoTable } from '../read/error.js'
import { readTable } from '../read/read.js'
import type { Table } from '../table.js'
import type { TableTasks } from './tasks.js'

/** The memory of arrays, once each. */
const buffersOf = (arrays: ReadonlyArray<Float64Array | Int32Array | undefined>): ReadonlyArray<ArrayBuffer> => [
  ...new Set(arrays.flatMap(array => (array ? [array.buffer as ArrayBuffer] : []))),
]

const handedOver = (table: Table): Answer<Table> => ({
  output: table,
  transfer: buffersOf(table.columns.flatMap(({ numbers, codes }) => [numbers, codes])),
})

const memoryOf = (outcome: Outcome): ReadonlyArray<ArrayBuffer> => {
  if (outcome._tag === 'Unfit') return []
  const { assignments, responsibilities, logDensities } = outcome.candidate
  return buffersOf([assignments, responsibilities, logDensities])
}

/** Milliseconds between two reports of how far a fit is. */
const BETWEEN = 50

export const handlers: Handlers<TableTasks> = {
  read: async ({ name, bytes, header }) => {
    const table = readTable(name, new Uint8Array(bytes), header)
    return E.isLeft(table)
      ? E.left<Failure, never>(failed(describeNoTable(table.left)))
      : E.right(handedOver(table.right))
  },
  fit: async ({ plan, range }, { report, signal }) => {
    let last = 0
    await fitRange(plan, range, {
      signal,
      onOutcome: outcome => report({ _tag: 'Outcome', outcome }, memoryOf(outcome)),
      onProgress: progress => {
        const now = Date.now()
        if (now - last < BETWEEN) return
        last = now
        report({ _tag: 'Iteration', progress })
      },
    })
    return E.right({ output: undefined })
  },
}
