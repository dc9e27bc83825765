import { figure, table } from './markdown.js'

/** @param {ReadonlyArray<import('../types.js').TableTimes>} all */
export const tablesTable = all =>
  table([
    ['data', 'by', 'read', 'E-step', 'read, in E-steps', 'fit of 10'],
    ...all.map(({ name, contestant, load, step, fit, error }) =>
      error === undefined
        ? [name, contestant, figure(load), figure(step), figure(load / step), figure(fit)]
        : [name, contestant, `not measured: ${error}`, '', '', ''],
    ),
  ])
