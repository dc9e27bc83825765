import { fitFromText, gaussianMixture } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { planOf } from '../../src/tables/fit/plan.js'
import { unusualRows } from '../../src/tables/fit/unusual.js'
import { inWords } from '../../src/tables/tell/component.js'
import { assignmentsFile, fitFile } from '../../src/tables/tell/files.js'
import { inUnitsOf, meanAndDeviation, percent } from '../../src/tables/tell/numbers.js'
import { certaintiesOf, rowsInOrder, unusualAbout } from '../../src/tables/tell/rows.js'
import { axisOf, ellipseOf, outlineOf, roundTicks, tickLabels } from '../../src/tables/tell/scatter.js'
import { choicesWithout, fittedOf, outcomesOf, packaged, RANGE, tableOf } from './support.js'

const penguins = tableOf('penguins.csv', packaged('penguins.csv'))
const choices = choicesWithout(penguins, ['species', 'sex', 'year'])
const plan = planOf(penguins, choices, 'together')!
const outcomes = await outcomesOf(plan, { ...RANGE, from: 3, to: 3 })
const three = fittedOf(outcomes)[0]!

test('components are in the words of the table', () => {
  expect(three.components.map(component => inWords(plan, component))).toEqual([
    'High bill_depth_mm; low bill_length_mm, flipper_length_mm and body_mass_g',
    'High flipper_length_mm and body_mass_g; low bill_depth_mm; island Biscoe',
    'High bill_length_mm and bill_depth_mm; low body_mass_g; island Dream',
  ])
})

test.each([
  [meanAndDeviation(217.187, 6.583), '217.2 ± 6.6'],
  [meanAndDeviation(5076, 501.2), '5,076 ± 501'],
  [meanAndDeviation(-0.00312, 0.0021), '−0.0031 ± 0.0021'],
  [inUnitsOf(3.2e9, 1e8), '3.20e9'],
  [inUnitsOf(5, 0), '5.00'],
  [percent(0.004), '<1\u00a0%'],
  [percent(0.9999), '>99\u00a0%'],
  [percent(0), '0\u00a0%'],
  [percent(1), '100\u00a0%'],
])('%s', (actual, expected) => expect(actual).toBe(expected))

describe('rows', () => {
  const certainties = certaintiesOf(three)
  test('are in the order that is asked for, and equal ones in that of the table', () => {
    const byCertainty = rowsInOrder(three, certainties, 'certainty', false, undefined)
    expect(byCertainty).toHaveLength(344)
    for (let i = 1; i < 344; i++) {
      const [a, b] = [byCertainty[i - 1]!, byCertainty[i]!]
      expect(certainties[a]! < certainties[b]! || (certainties[a] === certainties[b] && a < b)).toBe(true)
    }
    expect([...rowsInOrder(three, certainties, 'row', true, undefined).subarray(0, 2)]).toEqual([343, 342])
    const ofOne = rowsInOrder(three, certainties, 'density', false, 1)
    expect([...ofOne].every(n => three.assignments[n] === 1)).toBe(true)
    expect(ofOne).toHaveLength(three.components[1]!.assigned)
  })

  test('that are unusual are those of low density, with the cell that makes them so', () => {
    const { rows, median, least } = unusualRows(three.logDensities)
    expect(rows[0]).toBe(293)
    expect([least, median]).toEqual([Math.min(...three.logDensities), expect.closeTo(-15.3, 0)])
    expect(unusualAbout(penguins, three.components, 293, three.assignments[293]!)).toMatch(
      /^bill_length_mm 58 is 3\.\d standard deviations above component 3$/,
    )
    expect(unusualRows(Float64Array.of(1, 1, 1, 1)).rows).toEqual([])
  })
})

describe('files', () => {
  test('have the table with what was found beside it', () => {
    const lines = [...assignmentsFile(penguins, three)].join('').trimEnd().split('\n')
    expect(lines).toHaveLength(345)
    expect(lines[0]).toBe(
      'species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year,component,certainty,probability_1,probability_2,probability_3,log_density',
    )
    const again = tableOf('again.csv', `${lines.join('\n')}\n`)
    expect(again.columns.find(c => c.name === 'log_density')!.numbers).toEqual(three.logDensities)
    expect(again.columns.find(c => c.name === 'bill_length_mm')!.numbers).toEqual(penguins.columns[2]!.numbers)
  })

  test('quote cells that need it, and name no column twice', () => {
    const table = tableOf('x.csv', `"a ""b"", c",component\n${'"x, y",1.5\n" z",2.5\nw,4\n'.repeat(4)}`)
    const candidate = {
      ...three,
      count: 1,
      assignments: new Int32Array(12),
      responsibilities: new Float64Array(12).fill(1),
    }
    const text = [...assignmentsFile(table, candidate)].join('')
    expect(text).toMatch(/^"a ""b"", c",component,component_,certainty,/)
    expect(tableOf('y.csv', text).columns[0]!.levels).toEqual(table.columns[0]!.levels)
  })

  test('have the fit with every bit', async () => {
    const iris = tableOf('iris.csv', packaged('iris.csv'))
    const ofIris = choicesWithout(iris, ['species'])
    const found = await outcomesOf(planOf(iris, ofIris, 'together')!, { ...RANGE, from: 2, to: 2 })
    const [two] = fittedOf(found)
    const file = JSON.parse(fitFile(iris, ofIris, found, two!))
    expect(file).toMatchObject({ file: 'iris.csv', rows: 150, criteria: [{ components: 2, bic: two!.criteria.bic }] })
    const read = fitFromText(gaussianMixture({ components: 2 }), JSON.stringify(file.fit))
    expect(E.isRight(read) && read.right.logLikelihood).toBe(two!.logLikelihood)
  })
})

describe('the chart', () => {
  test('has an ellipse that holds its share of a normal', () => {
    const ellipse = ellipseOf(three.components[1]!, 'bill_length_mm', 'body_mass_g')!
    const { covariance, traits } = three.components[1]!
    const [a, b, d] = [covariance[0]!, covariance[3]!, covariance[15]!]
    expect([traits[0]!.name, traits[3]!.name]).toEqual(['bill_length_mm', 'body_mass_g'])
    for (const [x, y] of outlineOf(ellipse, 12)) {
      const [u, v] = [x - ellipse.x, y - ellipse.y]
      // A tenth of a normal in two dimensions is further away than this.
      expect((d * u * u - 2 * b * u * v + a * v * v) / (a * d - b * b)).toBeCloseTo(-2 * Math.log(0.1), 8)
    }
    expect(ellipseOf(three.components[1]!, 'bill_length_mm', 'island')).toBeUndefined()
  })

  test('spreads categories about their places, and leaves gaps where they are', () => {
    const axis = axisOf(penguins.columns[6]!, { kind: 'category', used: false }, 8, 1)
    expect(axis.ticks.map(({ label }) => label)).toEqual(['female', 'male'])
    for (const [n, code] of penguins.columns[6]!.codes!.entries()) {
      if (Number.isNaN(code)) expect(axis.at[n]).toBeNaN()
      else expect(Math.abs(axis.at[n]! - code)).toBeLessThanOrEqual(0.3)
    }
  })

  test.each([
    [0, 10, 5, ['0', '2', '4', '6', '8', '10']],
    [-0.05, 0.31, 4, ['0.0', '0.1', '0.2', '0.3']],
    [171, 232, 6, ['180', '200', '220']],
    [1e9, 3e9, 4, ['1e9', '1.5e9', '2e9', '2.5e9', '3e9']],
  ] as const)('has round ticks from %d to %d', (low, high, most, labels) => {
    const ticks = roundTicks(low, high, most)
    expect(ticks.every(t => Number.isFinite(t))).toBe(true)
    expect(tickLabels(ticks).map(l => l.replace(/\.0+e/, 'e'))).toEqual(labels)
  })
})
