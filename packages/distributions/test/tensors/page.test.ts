import { readFileSync } from 'node:fs'
import * as tensors from '@conjugate/distributions/tensors'
import * as linalg from '@conjugate/linalg/tensors'
import { expect, test } from 'vitest'

const page = readFileSync(new URL('../../../../docs/tensors.md', import.meta.url), 'utf8')
const migration = page.slice(page.indexOf('## From TensorFlow Probability'))
/** Names at the beginning of what is in backquotes. */
const namesIn = (text: string): string[] => [...text.matchAll(/`(\w+)/g)].map(([, name]) => name!)

const values = Object.entries(tensors)
const families = values.filter(([, value]) => typeof value === 'object' && value !== null && 'logProb' in value)
const ofNumbers = ['categorical', 'binomial', 'multinomial', 'negativeBinomial', 'betaBinomial', 'dirichletMultinomial']

test('the page has every family, bijection and pair, and where those of TensorFlow Probability went', () => {
  const missing = (text: string, names: ReadonlyArray<string>) => {
    const there = new Set(namesIn(text))
    return names.filter(name => !there.has(name))
  }
  const all = [...families.map(([name]) => name), ...ofNumbers]
  expect(all.length).toBe(26)
  expect(missing(migration, all)).toEqual([])
  const others = values.map(([name]) => name).filter(name => name !== 'TensorMismatch')
  expect(missing(page, others)).toEqual([])
})

test('what the right column of the table calls is there', () => {
  const known = new Set([...Object.keys(tensors), ...Object.keys(linalg), ...Object.keys(tensors.normal)])
  const other = ['d', 'tf', 'the', 'shape', 'logJacobian', 'forward', 'fit', 'update']
  const rows = migration.split('\n').filter(line => line.startsWith('| '))
  expect(rows.length).toBeGreaterThan(25)
  const called = rows.slice(1).flatMap(row => namesIn(row.split(' | ').at(-1)!))
  expect(called.filter(name => !known.has(name) && !other.includes(name))).toEqual([])
})
