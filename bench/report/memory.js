import { figure, table } from './markdown.js'

/** @param {ReadonlyArray<import('../types.js').MemoryUse>} all */
export const memoryTable = all =>
  table([
    ['', 'MB', 'bytes a pixel beyond decoding'],
    ...all.map(({ what, megabytes, bytesPerPixel, error }) => [
      what,
      error === undefined ? figure(megabytes) : `not measured: ${error}`,
      bytesPerPixel === undefined ? '-' : figure(bytesPerPixel),
    ]),
  ])
