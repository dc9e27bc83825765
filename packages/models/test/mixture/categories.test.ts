import { categorical, dirichletPrior, normalMeanPrior, productPrior, random } from '@conjugate/distributions'
import { type Executor, javascript, selectExecutor } from '@conjugate/executors'
import { conjugateMixture, fit, onRows } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'

type Cell = number | null
type Row = Readonly<Record<string, Cell>>

/** Categories of each column: few, which are told together, and many. */
const SIZES: ReadonlyArray<readonly [string, ReadonlyArray<number>]> = [
  ['one column', [3]],
  ['columns of two', [2, 2, 2, 2, 2, 2, 2, 2]],
  ['as many as are told together, and one more', [4, 4, 4, 4]],
  ['few and many', [2, 3, 70, 5, 2, 1, 9]],
]

const K = 3

const nameOf = (column: number): string => `c${column}`

/** A table of categories of groups that prefer some, and what a mixture of it is. */
const tableOf = (sizes: ReadonlyArray<number>, missing: number, height: boolean) => {
  const stream = random(5, sizes.length)
  const columns = Object.fromEntries(sizes.map((size, c) => [nameOf(c), dirichletPrior(size)]))
  const normal = { prior: normalMeanPrior(1), concentration: { mean: 0, variance: 100 } }
  const pair = productPrior({ ...columns, ...(height && { height: normal.prior }) } as never)
  const prior = {
    ...Object.fromEntries(sizes.map((size, c) => [nameOf(c), { concentration: new Array<number>(size).fill(1.5) }])),
    ...(height && { height: normal.concentration }),
  }
  const rows = Array.from({ length: 400 }, (_, n): Row => {
    const cell = (value: number): Cell => (stream.uniform() < missing ? null : value)
    const cells = sizes.map((size, c) => [
      nameOf(c),
      cell(stream.uniform() < 0.6 ? (n + c) % Math.min(K, size) : stream.integer(size)),
    ])
    return { ...Object.fromEntries(cells), ...(height && { height: cell(stream.normal()) }) }
  })
  const mixture = right(conjugateMixture(pair as never)({ components: K, concentration: 2, prior: prior as never }))
  return { mixture, rows, sizes, missing }
}

const membersOf = (sizes: ReadonlyArray<number>, height: boolean): ReadonlyArray<Readonly<Record<string, unknown>>> => {
  const stream = random(9)
  return Array.from({ length: K }, (_, k) => ({
    ...Object.fromEntries(
      sizes.map((size, c) => {
        const shares = Array.from({ length: size }, () => 0.1 + stream.uniform())
        const sum = shares.reduce((a, b) => a + b, 0)
        return [nameOf(c), right(categorical(size).make({ probabilities: shares.map(v => v / sum) }))]
      }),
    ),
    ...(height && { height: { mean: k, variance: 1 } }),
  }))
}

const executors: ReadonlyArray<readonly [string, Executor]> = [
  ['JavaScript', javascript],
  ['WebAssembly', await rightOf(selectExecutor('wasm', 1))],
]

const tables = executors.flatMap(([backend, executor]) =>
  SIZES.flatMap(([kind, sizes]) =>
    [0, 0.3].flatMap(missing =>
      [false, true].map(height => [backend, kind, missing, height, executor, sizes] as const),
    ),
  ),
)

describe.each(tables)(
  '%s: %s, %d of the cells missing, normals among them: %s',
  (_b, _k, missing, height, executor, sizes) => {
    const { mixture, rows } = tableOf(sizes, missing, height)
    const components = membersOf(sizes, height)
    const weights = Float64Array.of(0.2, 0.5, 0.3)

    /** log p of the cells that are there. */
    const logDensity = (row: Row, k: number): number => {
      let sum = Math.log(weights[k]!)
      for (const [c, size] of sizes.entries()) {
        const cell = row[nameOf(c)]
        if (cell != null) sum += categorical(size).logProb(components[k]![nameOf(c)] as never)(cell)
      }
      const cell = row['height']
      return cell == null ? sum : sum - 0.5 * ((cell - k) ** 2 + Math.log(2 * Math.PI))
    }
    const logs = rows.map(row => Array.from(weights, (_, k) => logDensity(row, k)))
    const logProbs = logs.map(
      of => Math.max(...of) + Math.log(of.reduce((s, l) => s + Math.exp(l - Math.max(...of)), 0)),
    )

    test('densities and the next parameters are those of the definition', async () => {
      const start = { weights, components } as never
      const bound = await rightOf(onRows(mixture, rows as never, executor))
      const found = await rightOf(bound.logProb(start))
      for (const [n, expected] of logProbs.entries()) expect(found[n]).toBeCloseTo(expected, 10)
      bound.dispose()
      const next = await rightOf(
        fit(mixture, rows as never, { start, iterations: 1, backend: executor === javascript ? 'javascript' : 'wasm' }),
      )
      for (let k = 0; k < K; k++)
        for (const [c, size] of sizes.entries()) {
          const counts = new Float64Array(size)
          for (const [n, row] of rows.entries()) {
            const cell = row[nameOf(c)]
            if (cell != null) counts[cell]! += Math.exp(logs[n]![k]! - logProbs[n]!)
          }
          const total = counts.reduce((a, b) => a + b, 0) + 0.5 * size
          const { probabilities } = (next.components[k] as Record<string, { probabilities: ArrayLike<number> }>)[
            nameOf(c)
          ]!
          for (let l = 0; l < size; l++) expect(probabilities[l]).toBeCloseTo((counts[l]! + 0.5) / total, 12)
        }
    })

    test('rows and columns give the same bits, and clusters begin where categories differ', async () => {
      const cells = (name: string) => Float64Array.from(rows, row => row[name] ?? Number.NaN)
      const inColumns = Object.fromEntries(Object.keys(rows[0]!).map(name => [name, cells(name)]))
      const options = { iterations: 3, backend: executor === javascript ? 'javascript' : 'wasm' } as const
      const [ofRows, ofColumns] = [
        await rightOf(fit(mixture, rows as never, options)),
        await rightOf(fit(mixture, inColumns as never, options)),
      ]
      expect(ofColumns.objectives).toEqual(ofRows.objectives)
      if (sizes.length !== 4 || missing > 0) return
      const groups = Array.from({ length: K }, () => new Array<number>(K).fill(0))
      for (const [n, label] of Array.from(ofRows.assignments).entries()) groups[n % K]![label]!++
      for (const of of groups) expect(Math.max(...of) / of.reduce((a, b) => a + b, 0)).toBeGreaterThan(0.5)
    })
  },
)

test.each([
  ['a category too many', 4],
  ['one below 0', -1],
  ['a half', 1.5],
])('%s in a column that is told with others is refused, with its place', async (_what, value) => {
  const { mixture, rows } = tableOf([4, 4, 4, 2], 0, false)
  const wrong = rows.map((row, n) => (n === 37 ? { ...row, c2: value } : row))
  const found = await fit(mixture, wrong as never, { iterations: 1 })()
  expect(found).toMatchObject({ left: { _tag: 'ImpossibleObservation', row: 37, column: 'c2' } })
})
