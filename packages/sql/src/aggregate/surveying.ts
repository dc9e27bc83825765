import type { FitError, RowPlan, Survey } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import type { Stored } from './columns.js'
import type { Engine } from './engine.js'
import { checksOf, spreadSql, surveySql, weightsSql, wrongSql } from './survey.js'

const numbers = (row: ReadonlyArray<unknown>, first: number, count: number, step = 1): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => {
    const value = row[first + i * step]
    return value === null || value === undefined ? Number.NaN : Number(value)
  })

/** Counts and checks the observations, where they are: see `Place`. */
export const surveyed = async (
  engine: Engine,
  stored: Stored,
  plan: RowPlan,
  spread: boolean,
  signal: AbortSignal,
): Promise<E.Either<FitError, Survey>> => {
  const { dialect: d } = engine
  const one = async (sql: string) => (await engine.query(sql, signal))[0]!
  const checks = checksOf(d, stored, plan)
  const refused = async (check: (typeof checks)[number], rows: number): Promise<E.Either<FitError, never>> => {
    const [first] = await engine.query(wrongSql(d, stored, plan, check), signal)
    const texts = (first ?? []).map(v => (v === null ? 'NULL' : String(v)))
    const key = texts.slice(0, -1).join(', ')
    return E.left({
      _tag: 'RefusedCell',
      ...(stored.key.length > 0 && { key: key.slice(0, 60) }),
      column: check.column,
      value: (texts.at(-1) ?? 'another one').slice(0, 60),
      expected: check.expected,
      rows,
    })
  }
  const ofWeights = weightsSql(d, stored)
  const badWeights = ofWeights === undefined ? 0 : Number((await one(ofWeights))[0] ?? 0)
  if (badWeights > 0) return refused(checks.at(-1)!, badWeights)
  const row = await one(surveySql(d, stored, plan))
  const count = checks.length - (stored.weight === undefined ? 0 : 1)
  const [rows, weight] = [Number(row[0]), Number(row[1] ?? 0)]
  for (const [i, check] of checks.slice(0, count).entries()) {
    const bad = Number(row[2 + i] ?? 0)
    if (bad > 0) return refused(check, bad)
  }
  if (!(weight <= 1e250))
    return E.left({
      _tag: 'UnreadableData',
      what: 'rowWeights',
      expected: 'weights whose sum is at most 1e250',
      received: `a sum of ${weight}`,
    })
  const cells = plan.cells.length
  const [least, greatest] = [numbers(row, 2 + count, cells, 3), numbers(row, 3 + count, cells, 3)]
  const found = { rows, weight, least, greatest }
  if (!spread || rows === 0) return E.right(found)
  // About numbers near the means, so that nothing cancels.
  const near = numbers(row, 4 + count, cells, 3).map(v => 1024 * v)
  const sums = numbers(await one(spreadSql(d, stored, plan, { near, weight })), 0, cells + (cells * (cells + 1)) / 2)
  const products = new Float64Array(cells * cells)
  for (let i = 0, at = cells; i < cells; i++)
    for (let j = 0; j <= i; j++, at++) {
      products[i * cells + j] = sums[at]! - sums[i]! * sums[j]!
      products[j * cells + i] = products[i * cells + j]!
    }
  return E.right({ ...found, spread: { mean: near.map((v, i) => v + sums[i]!), products } })
}
