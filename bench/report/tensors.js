import { figure, table } from './markdown.js'

/** @param {ReadonlyArray<import('../types.js').TensorTimes>} all */
export const tensorsTable = all =>
  table([
    ['backend', 'what', 'kernel', 'by the calling thread', 'times'],
    ...all.map(({ backend, what, kernel, host, error }) =>
      error === undefined && kernel !== undefined && host !== undefined
        ? [backend, what, figure(kernel), figure(host), figure(host / kernel)]
        : [backend, `not measured: ${error}`, '', '', ''],
    ),
  ])
