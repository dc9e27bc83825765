import { figure, table } from './markdown.js'

/** @param {ReadonlyArray<import('../types.js').MemoryUse>} all */
export const memoryTable = all =>
  table([
    ['', 'MB'],
    ...all.map(({ what, megabytes, error }) => [
      what,
      error === undefined ? figure(megabytes) : `not measured: ${error}`,
    ]),
  ])
