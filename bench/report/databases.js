import { figure, table } from './markdown.js'

/** @param {ReadonlyArray<import('../types.js').DatabaseTimes>} all */
export const databasesTable = all => {
  const least = Math.min(...all.map(({ step }) => step))
  return table([
    ['data', 'by', 'E-step', 'times', 'objective'],
    ...all.map(({ name, contestant, step, objective, error }) =>
      error === undefined
        ? [name, contestant, figure(step), figure(step / least), String(objective)]
        : [name, contestant, `not measured: ${error}`, '', ''],
    ),
  ])
}
