import type { StatisticExpression } from '@conjugate/distributions'
import { type Densities, type LoadedRows, selectExecutor } from '@conjugate/executors'
import type { Place, PlaceSample, RowPlan, Survey } from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as TE from 'fp-ts/lib/TaskEither.js'

/** A place that is nobody's: numbers by the names of their columns, of which rows are made by the plan alone. */
export type Stored = Readonly<Record<string, ReadonlyArray<number | null | ReadonlyArray<number>>>>

const cellsOf = ({ cells }: RowPlan, stored: Stored): ReadonlyArray<Float64Array> =>
  cells.map(({ column, part }) =>
    Float64Array.from(stored[column]!, cell => {
      if (cell === null) return Number.NaN
      return typeof cell === 'number' ? cell : cell[part!]!
    }),
  )

const entry = (of: StatisticExpression, x: (cell: number) => number): number => {
  switch (of._tag) {
    case 'Column':
      return x(of.column)
    case 'Product':
      return x(of.columns[0]) * x(of.columns[1])
    case 'TimesLog':
      return x(of.columns[0]) * Math.log(x(of.columns[1]))
    case 'Log':
      return Math.log(x(of.column))
    case 'LogComplement':
      return Math.log1p(-x(of.column))
    case 'Reciprocal':
      return 1 / x(of.column)
    case 'Indicator':
      return x(of.column) === of.value ? 1 : 0
    case 'Sum':
      return of.parts.reduce((sum, part) => sum + entry(part, x), 0)
    case 'Concat':
      throw new Error('a list is no entry')
  }
}

const orZero = (v: number): number => (Number.isNaN(v) ? 0 : v)

/** N x F numbers, as the plan says. */
const rowsOf = (plan: RowPlan, cells: ReadonlyArray<Float64Array>, rows: number): Float64Array => {
  const width = plan.columns.length
  const data = new Float64Array(rows * width)
  for (let n = 0; n < rows; n++) {
    const given = (cell: number): number => cells[cell]![n]!
    const x = (cell: number): number => given(cell) - plan.cells[cell]!.centre
    for (const [f, column] of plan.columns.entries()) {
      let value = 0
      switch (column._tag) {
        case 'Cell':
          value = x(column.cell)
          break
        case 'Statistic':
          value = orZero(entry(column.of, x))
          break
        case 'Presence':
          value = Number.isNaN(given(column.cell)) ? 0 : 1
          break
        case 'Index':
          for (const { cell, levels, radix } of column.digits)
            value = value * radix + (Number.isNaN(given(cell)) ? levels : given(cell))
          break
        case 'LogBase':
          for (const { cell, constant, terms = [], ofNumbers = [] } of column.parts) {
            if (Number.isNaN(given(cell))) continue
            value += constant
            for (const { factor, of } of terms) value += factor * entry(of, given)
            for (const { of, log } of ofNumbers) value += log(entry(of, given))
          }
      }
      data[n * width + f] = value
    }
  }
  return data
}

export const inMemoryPlace = (stored: Stored, columns: ReadonlyArray<string> = Object.keys(stored)): Place => {
  const rows = Object.values(stored)[0]!.length
  return {
    backend: 'own',
    columns,
    identity: 'own',
    survey: (plan, { spread }) => {
      const cells = cellsOf(plan, stored)
      const there = cells.map(values => values.filter(v => !Number.isNaN(v)))
      const mean = there.map(values => values.reduce((a, b) => a + b, 0) / values.length)
      const products = cells.flatMap((a, i) =>
        cells.map((b, j) => a.reduce((sum, x, n) => sum + (x - mean[i]!) * (b[n]! - mean[j]!), 0) / rows),
      )
      const found: Survey = {
        rows,
        weight: rows,
        least: Float64Array.from(there, values => Math.min(...values)),
        greatest: Float64Array.from(there, values => Math.max(...values)),
        ...(spread && { spread: { mean: Float64Array.from(mean), products: Float64Array.from(products) } }),
      }
      return TE.right(found)
    },
    sample: plan => TE.right<never, PlaceSample>({ rows, cells: cellsOf(plan, stored) }),
    open: plan => {
      const data = rowsOf(plan, cellsOf(plan, stored), rows)
      let loaded: LoadedRows | undefined
      const rowsFor = async (densities: Densities): Promise<LoadedRows> => {
        const executor = right(await selectExecutor('wasm', 1)())
        const matrix = { rows, columns: plan.columns.length, data }
        loaded ??= right(
          await executor.load(matrix, {
            kind: densities._tag,
            ...(densities._tag === 'Product' && {
              factors: densities.factors.map(factor => ({
                _tag: factor._tag,
                columns: factor.columns,
                ...(factor._tag === 'Indexed' && { levels: factor.levels }),
              })),
            }),
          })(),
        )
        return loaded
      }
      return TE.right({
        description: 'a place of nobody',
        reproducible: true,
        expectation: densities => async () => (await rowsFor(densities)).expectation(densities)(),
        write: (_said, densities, target) => async () => {
          const said = await (await rowsFor(densities)).prediction(densities)()
          Object.assign(target as object, right(said))
          return { _tag: 'Right', right: rows }
        },
        dispose: () => loaded?.dispose(),
      })
    },
  }
}
