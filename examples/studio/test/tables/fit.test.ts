import { readFileSync } from 'node:fs'
import { compareAssignments } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { fitRange, type Outcome } from '../../src/tables/fit/fit.js'
import { planOf } from '../../src/tables/fit/plan.js'
import { choicesWithout, fittedOf, outcomesOf, packaged, RANGE, tableOf } from './support.js'

const iris = tableOf('iris.csv', packaged('iris.csv'))
const penguins = tableOf('penguins.csv', packaged('penguins.csv'))

const bestOf = (candidates: ReturnType<typeof fittedOf>, criterion: 'bic' | 'icl' = 'bic') =>
  candidates.reduce((a, b) => (b.criteria[criterion] < a.criteria[criterion] ? b : a))

const agreement = (assignments: Int32Array, column: number, table = iris): number => {
  const found = compareAssignments(assignments, table.columns[column]!.codes!)
  if (E.isLeft(found)) throw new Error(found.left.expected)
  return found.right.adjustedRandIndex
}

/** The page of the studio has the criteria of 2, 3 and 4 components. */
const expectOnPage = (row: string, fitted: ReturnType<typeof fittedOf>): void => {
  const page = readFileSync(new URL('../../../../docs/studio.md', import.meta.url), 'utf8')
  expect(page).toContain(
    `| ${[row, ...fitted.slice(1, 4).map(({ criteria }) => criteria.bic.toFixed(1))].join(' | ')} |`,
  )
}

describe('the irises', () => {
  test('are three components with the names of their species, and each of them is one', async () => {
    const plan = planOf(iris, choicesWithout(iris, []), 'together')!
    expect([plan.form, plan.isBlock]).toEqual(['product', true])
    const fitted = fittedOf(await outcomesOf(plan))
    const best = bestOf(fitted)
    expect([best.count, best.components.map(c => c.assigned)]).toEqual([3, [50, 50, 50]])
    expect(agreement(best.assignments, 4)).toBe(1)
    expectOnPage('measurements and species', fitted)
  })

  // Two species overlap: what the third costs in parameters is more than it gains. With three of them they are nearly the species.
  test('are two by their measurements alone, of which three find the species', async () => {
    const plan = planOf(iris, choicesWithout(iris, ['species']), 'together')!
    expect(plan.form).toBe('gaussian')
    const fitted = fittedOf(await outcomesOf(plan))
    expect([bestOf(fitted).count, bestOf(fitted, 'icl').count]).toEqual([2, 2])
    expect(agreement(fitted[2]!.assignments, 4)).toBeGreaterThan(0.9)
    expectOnPage('four measurements, together', fitted)
  })
})

describe('the penguins, with cells that are missing', () => {
  test('are three components, which are nearly the species that they were not told', async () => {
    const plan = planOf(penguins, choicesWithout(penguins, ['species', 'sex', 'year']), 'together')!
    expect([plan.form, plan.isBlock, plan.note]).toEqual(['product', true, undefined])
    const best = bestOf(fittedOf(await outcomesOf(plan)))
    expect(best.count).toBe(3)
    expect(agreement(best.assignments, 0, penguins)).toBeGreaterThan(0.95)
    for (const { traits } of best.components)
      for (const trait of traits) {
        if (trait.kind === 'category') expect(trait.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
        if (trait.kind === 'number') expect(trait.deviation).toBeGreaterThan(0)
      }
  })

  test('have numbers that are each on their own where their gaps are not the same', () => {
    const table = tableOf('x.csv', `a,b\n${'1.5,2.5\n3.5,\n4.5,1.5\n2.5,3.5\n'.repeat(3)}`)
    const plan = planOf(table, choicesWithout(table, []), 'together')!
    expect([plan.form, plan.isBlock]).toEqual(['product', false])
    expect(plan.note).toMatch(/cells of b are missing in other rows than those of a/)
  })
})

test('columns of every kind have a model, and nothing in it is NaN', async () => {
  const lines = Array.from({ length: 90 }, (_, n) => {
    const k = n % 3
    return [
      (k * 9 + Math.sin(n * n)).toFixed(2),
      k * 8 + (n % 4),
      ['x', 'y', 'z'][(k + (n % 7 === 0 ? 1 : 0)) % 3],
      7,
    ].join()
  })
  const table = tableOf('x.csv', `size,visits,sort,same\n${lines.join('\n')}\n`)
  // One that is the same in all rows does no harm where somebody takes it in.
  const choices = choicesWithout(table, []).map(choice => ({ ...choice, used: true }))
  for (const shape of ['together', 'apart'] as const)
    for (const { components, logDensities, criteria } of fittedOf(await outcomesOf(planOf(table, choices, shape)!))) {
      expect(
        [...logDensities, criteria.bic, criteria.icl, ...components.flatMap(c => [c.weight, ...c.covariance])].every(
          Number.isFinite,
        ),
      ).toBe(true)
    }
})

test('more components than distinct rows are told, and the others are fitted', async () => {
  const table = tableOf('x.csv', `a,b\n${'1.5,2\n3.5,4\n'.repeat(6)}`)
  const outcomes = await outcomesOf(planOf(table, choicesWithout(table, []), 'together')!)
  expect(outcomes.map(o => o._tag)).toContain('Fitted')
  for (const outcome of outcomes) if (outcome._tag === 'Unfit') expect(outcome.reason).toMatch(/distinct rows/)
})

test('a fit ends when it is cancelled, and what was found stays', async () => {
  const controller = new AbortController()
  const outcomes: Outcome[] = []
  await fitRange(
    planOf(penguins, choicesWithout(penguins, ['species']), 'together')!,
    { ...RANGE, to: 8 },
    {
      onProgress: ({ count }) => count === 3 && controller.abort(),
      onOutcome: outcome => outcomes.push(outcome),
      signal: controller.signal,
    },
  )
  expect(fittedOf(outcomes).map(({ count }) => count)).toEqual([1, 2])
})
