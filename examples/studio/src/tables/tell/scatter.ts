import type { Component } from '../fit/component.js'
import type { Choice, Column, Kind } from '../table.js'
import { rangeOf } from './range.js'

/** One axis of the chart of rows. */
export interface Axis {
  readonly name: string
  readonly kind: Kind
  /** Where each row is, NaN where its cell is missing: categories and counts are spread about their places. */
  readonly at: Float64Array
  readonly domain: readonly [low: number, high: number]
  readonly ticks: ReadonlyArray<{ readonly at: number; readonly label: string }>
}

/** How far rows of one category are spread, and of one count where there are few. */
const [SPREAD, MOST_SPREAD_COUNTS] = [0.3, 40]

/** A number from -1 to 1 for each row, the same every time. */
const scattered = (row: number, salt: number): number => {
  let x = Math.imul(row + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d)
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39)
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 31 - 1
}

const spread = (values: Float64Array, by: number, salt: number): Float64Array =>
  values.map((x, n) => x + by * scattered(n, salt))

/** Round values along an axis: steps of 1, 2 or 5 times a power of ten. */
export const roundTicks = (low: number, high: number, most: number, leastStep = 0): ReadonlyArray<number> => {
  const least = Math.max((high - low) / most, leastStep, Number.MIN_VALUE)
  const power = 10 ** Math.floor(Math.log10(least))
  const step = power * ([1, 2, 5, 10].find(factor => factor * power >= least * (1 - 1e-12)) ?? 10)
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.max(0, Math.floor(high / step + 1e-9) - first + 1)
  return Array.from({ length: Math.min(count, 2 * most + 2) }, (_, i) => (first + i) * step)
}

/** Labels of numbers on one axis, with as many decimals as tell them apart. */
export const tickLabels = (values: ReadonlyArray<number>): ReadonlyArray<string> => {
  const size = Math.max(...values.map(Math.abs))
  const step = values.length > 1 ? Math.abs(values[1]! - values[0]!) : size || 1
  if (size >= 1e7 || (size > 0 && size < 1e-4))
    return values.map(x =>
      x === 0
        ? '0'
        : x
            .toPrecision(Math.max(1, Math.ceil(Math.log10(size / step)) + 1))
            .replace('e+', 'e')
            .replace('-', '−'),
    )
  const decimals = Math.min(8, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)))
  return values.map(x =>
    x
      .toLocaleString('en', {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
        signDisplay: 'negative',
      })
      .replace('-', '−'),
  )
}

const numbered = (values: ReadonlyArray<number>): Axis['ticks'] => {
  const labels = tickLabels(values)
  return values.map((at, i) => ({ at, label: labels[i]! }))
}

/** The axis of a column as what it was taken for. `most` ticks fit along it; `salt` tells the two axes apart. */
export const axisOf = (column: Column, { kind }: Choice, most: number, salt: number): Axis => {
  if (kind === 'category' || !column.numbers) {
    const codes = column.codes!
    return {
      name: column.name,
      kind: 'category',
      at: spread(codes, SPREAD, salt),
      domain: [-0.5, column.levels.length - 0.5],
      ticks: column.levels.map((label, at) => ({ at, label })),
    }
  }
  const [low, high] = rangeOf(column.numbers)
  const isSpread = kind === 'count' && high - low <= MOST_SPREAD_COUNTS
  const margin = isSpread ? 0.6 : 0.05 * (high - low) || Math.max(0.5, Math.abs(low) * 1e-3)
  const domain = [low - margin, high + margin] as const
  return {
    name: column.name,
    kind,
    at: isSpread ? spread(column.numbers, SPREAD, salt) : column.numbers,
    domain,
    ticks: numbered(roundTicks(domain[0], domain[1], most, kind === 'count' ? 1 : 0)),
  }
}

/** An ellipse in units of two columns: its centre, and a factor of its covariance (a, 0; b, c). */
export interface Ellipse {
  readonly x: number
  readonly y: number
  readonly a: number
  readonly b: number
  readonly c: number
}

/** The share of a normal's rows that is in an ellipse, and how many deviations that is. */
export const SHARE = 0.9
const RADIUS = Math.sqrt(-2 * Math.log(1 - SHARE))

const momentsOf = ({ traits }: Component, name: string): readonly [mean: number, variance: number] | undefined => {
  const trait = traits.find(t => t.name === name)
  if (trait?.kind === 'number') return [trait.mean, trait.deviation ** 2]
  return trait?.kind === 'count' ? [trait.rate, trait.rate] : undefined
}

/** The ellipse of a component in two columns that have means; `undefined` where one of them has none, or was not learnt from. */
export const ellipseOf = (component: Component, xName: string, yName: string): Ellipse | undefined => {
  const [x, y] = [momentsOf(component, xName), momentsOf(component, yName)]
  if (!x || !y) return undefined
  const numbers = component.traits.filter(({ kind }) => kind === 'number').map(({ name }) => name)
  const [i, j] = [numbers.indexOf(xName), numbers.indexOf(yName)]
  const covariance = xName === yName ? x[1] : i >= 0 && j >= 0 ? component.covariance[i * numbers.length + j]! : 0
  const a = Math.sqrt(x[1])
  const b = a > 0 ? covariance / a : 0
  return { x: x[0], y: y[0], a: RADIUS * a, b: RADIUS * b, c: RADIUS * Math.sqrt(Math.max(0, y[1] - b * b)) }
}

/** Places around an ellipse, x and y in turns. */
export const outlineOf = ({ x, y, a, b, c }: Ellipse, points = 72): ReadonlyArray<readonly [number, number]> =>
  Array.from({ length: points }, (_, i) => {
    const angle = (2 * Math.PI * i) / points
    return [x + a * Math.cos(angle), y + b * Math.cos(angle) + c * Math.sin(angle)] as const
  })

/** Rows that are drawn at the most; of more, every so many-th. */
const MOST_DRAWN = 4000

/** The rows that are drawn of so many. */
export const drawnRows = (rows: number): ReadonlyArray<number> => {
  const drawn = Math.min(rows, MOST_DRAWN)
  return Array.from({ length: drawn }, (_, i) => Math.floor((i * rows) / drawn))
}
