import { criterion, density, objective, type PlotError, responsibilities, scatter } from '@conjugate/plots'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

const rows = Array.from({ length: 60 }, (_, n) => [Math.sin(n) + (n % 2) * 6, Math.cos(7 * n) - (n % 2) * 40])
const assignments = rows.map((_, n) => n % 2)
const shares = rows.map((_, n) => (n % 2 === 0 ? [0.9, 0.1] : [0.2, 0.8]))
const components = [
  { mean: [0, 0], covariance: { rows: 2, columns: 2, data: [0.5, 0.1, 0.5, 0.5].with(2, 0.1) } },
  { mean: [6, -40], variances: [0.5, 0.6] },
]
const bell = (x: number) => Math.exp(-0.5 * x * x)
const criteria = [1, 2, 3].map(k => ({ components: k, criteria: { bic: 100 + (k - 2) ** 2, icl: 120 - k } }))

const descriptionOf = (svg: string): string => /<desc>(.*?)<\/desc>/.exec(svg)![1]!
const titleOf = (svg: string): string => /<title>(.*?)<\/title>/.exec(svg)![1]!

/** All numbers that places in a drawing are made of. */
const numbersIn = (svg: string): ReadonlyArray<number> =>
  [...svg.matchAll(/ (?:d|x|y|cx|cy|r|width|height|transform)="([^"]*)"/g)].flatMap(([, text]) =>
    [...text!.matchAll(/-?\d[\d.e+-]*|NaN|Infinity/g)].map(([number]) => Number(number)),
  )

const drawings: ReadonlyArray<readonly [string, (options: object) => E.Either<PlotError, string>]> = [
  ['scatter', options => scatter(rows, { assignments, components, ...options })],
  ['density', options => density(rows, { column: 0, components: [bell, x => bell(x - 6)], ...options })],
  ['density of counts', options => density([0, 1, 1, 2, 5], { whole: true, ...options })],
  ['objective', options => objective([-900, -40, -30, -29], options)],
  [
    'objective of several',
    options =>
      objective(
        [
          [-9, -8],
          [-9, -7.5, -7],
        ],
        options,
      ),
  ],
  ['criterion', options => criterion(criteria, options)],
  ['responsibilities', options => responsibilities(shares, options)],
]

describe.each(drawings)('%s', (_, draw) => {
  test('is an SVG document with a name and a description, of finite numbers', () => {
    const svg = right(draw({}))
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" [^>]*role="img"[^>]*><title>[^<]+<\/title><desc>[^<]{10,}<\/desc>/,
    )
    expect(svg.endsWith('</svg>')).toBe(true)
    expect(numbersIn(svg).length).toBeGreaterThan(30)
    expect(numbersIn(svg).filter(number => !Number.isFinite(number))).toEqual([])
    expect([...svg.matchAll(/<(\w+)[^>]*[^/]>/g)].length).toBe([...svg.matchAll(/<\/\w+>/g)].length)
  })

  test('stays within its size, whatever that is', () => {
    for (const [width, height] of [
      [640, 420],
      [320, 200],
      [101, 101],
      [2000, 900],
    ] as const) {
      const svg = right(draw({ width, height }))
      expect(svg).toContain(`width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`)
      const places = [...svg.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].filter(([text]) => !/^M-(11|5),|^L-?5,/.test(text))
      expect(places.filter(([, x]) => Number(x) > width).map(([text]) => text)).toEqual([])
      if (height > 150) expect(places.filter(([, , y]) => Number(y) > height).map(([text]) => text)).toEqual([])
    }
  })

  test('shows texts as they are, and nothing else', () => {
    const title = 'a <b> & "c" \u0000 ]]> é'
    const svg = right(draw({ title, description: title, xLabel: '<i>', yLabel: '&' }))
    expect(titleOf(svg)).toBe('a &lt;b&gt; &amp; &quot;c&quot; \ufffd ]]&gt; é')
    expect(descriptionOf(svg)).toBe(titleOf(svg))
    expect(svg).not.toMatch(/<[bi]>|& |&"/)
  })

  test('takes the colours of the page, or has its own', () => {
    const [page, light, dark] = [undefined, 'light', 'dark'].map(theme => right(draw({ ...(theme && { theme }) })))
    expect(page).toContain('fill="currentColor"')
    expect(page).not.toContain('<rect x="0"')
    for (const own of [light, dark]) expect(own).not.toMatch(/currentColor|var\(|<style|style=/)
    expect(light).not.toBe(dark)
  })

  test('is the same text for the same data', () => expect(draw({})).toEqual(draw({})))
})

describe('scatter', () => {
  const byName = { a: rows.map(row => row[0]!), b: Float32Array.from(rows, row => row[1]!) }
  const records = rows.map(([a, b]) => ({ a: a!, b: b! }))
  const matrix = { rows: 60, columns: 2, data: Float64Array.from(rows.flat()) }
  const arrow = { a: { length: 60, get: (n: number) => byName.a[n]! }, b: byName.b }

  test('draws the same of rows, a matrix, objects, and columns of any kind', () => {
    const labelled = { xLabel: 'x', yLabel: 'y', title: 't', assignments }
    const of = (data: never) => right(scatter(data, labelled))
    expect(of(matrix as never)).toBe(of(rows as never))
    for (const data of [byName, arrow])
      expect(of(data as never)).toBe(of(records.map(r => ({ ...r, b: Math.fround(r.b) })) as never))
  })

  test('names columns as they are named', () =>
    expect(descriptionOf(right(scatter(byName)))).toBe('60 points by a and b'))

  test('draws the columns that are chosen, and components in them', () => {
    const wide = rows.map(([x, y]) => [y!, 100, x!])
    const component = {
      mean: [1, 2, 3],
      covariance: [
        [4, 0, 1],
        [0, 9, 0],
        [1, 0, 16],
      ],
    }
    const planar = {
      mean: [3, 1],
      covariance: [
        [16, 1],
        [1, 4],
      ],
    }
    const named = { xLabel: 'x', yLabel: 'y' }
    expect(right(scatter(wide, { columns: [2, 0], components: [component], ...named }))).toBe(
      right(scatter(rows, { components: [planar], ...named })),
    )
  })

  test('says what is missing, and leaves it out', () => {
    const svg = right(
      scatter([
        [1, 2],
        [null, 3],
        [4, 5],
      ]),
    )
    expect(descriptionOf(svg)).toBe('2 points by x₁ and x₂; not drawn: 1 with a missing cell')
    expect(right(scatter({ rows: 3, columns: 2, data: Float64Array.of(1, 2, Number.NaN, 3, 4, 5) }))).toBe(svg)
  })

  test('shows how certain rows are', () => {
    const opacities = (q: number) =>
      [
        ...right(scatter([[1, 2]], { responsibilities: [[q, 1 - q]] })).matchAll(/h0"[^>]*stroke-opacity="([\d.]+)"/g),
      ].map(([, o]) => Number(o))
    expect(opacities(0.99)[0]).toBeGreaterThan(opacities(0.8)[0]!)
    expect(opacities(0.8)[0]).toBeGreaterThan(opacities(0.6)[0]!)
  })

  test('a circle is a circle where scales are the same', () => {
    const svg = right(
      scatter(rows, { components: [{ mean: [3, -20], variance: 4 }], deviations: [2], sameScale: true }),
    )
    const curve = [...svg.matchAll(/ d="(M[^"]*Z)"/g)].map(([, d]) => d!).find(d => d.length > 500)!
    const places = [...curve.matchAll(/[ML]([\d.-]+),([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const)
    const extent = (i: 0 | 1) => Math.max(...places.map(p => p[i])) - Math.min(...places.map(p => p[i]))
    expect(extent(0)).toBeCloseTo(extent(1), 0)
  })

  test('100,000 points are few elements, and no larger than a picture', () => {
    const data = Float64Array.from({ length: 200_000 }, (_, i) => Math.sin(i * i))
    const svg = right(scatter({ rows: 100_000, columns: 2, data }, { assignments: new Int32Array(100_000) }))
    expect(svg.match(/<path/g)!.length).toBeLessThan(10)
    expect(svg.length).toBeLessThan(2e6)
    expect(descriptionOf(svg)).toBe('100000 points by x₁ and x₂; 100000 in component 1')
  })
})

describe('density', () => {
  const heights = (svg: string): number => [...svg.matchAll(/V(\d[\d.]*)H/g)].length

  test('has an area of 1, in bins that hold every number', () => {
    for (const values of [[1], [3, 3, 3], rows.map(r => r[0]!), [0, 1e-9], [-1e12, 5, 1e12], [0.1, 0.2, 1e6]]) {
      const svg = right(density(values, { theme: 'light' }))
      expect(heights(svg), descriptionOf(svg)).toBeGreaterThan(0)
      expect(descriptionOf(svg)).toMatch(new RegExp(`^${values.length} numbers? from`))
    }
  })

  test('asks for densities of counts at whole numbers alone, and of what is not below 0 nowhere else', () => {
    const asked: number[] = []
    const record = (x: number) => asked.push(x) && 0.1
    right(density([0, 3, 4], { whole: true, components: [record] }))
    expect(asked).toEqual([0, 1, 2, 3, 4])
    asked.length = 0
    right(density([0.1, 3, 4], { components: [record] }))
    expect(Math.min(...asked)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...asked)).toBeGreaterThanOrEqual(4)
  })
})

describe('objective', () => {
  test('leaves out the start, if it is not asked for', () => {
    const from = (first: number) => right(objective([first, -40, -30]))
    expect(from(-1e9)).toBe(from(-41))
    expect(descriptionOf(right(objective([-1e9, -40, -30], { from: 0 })))).toMatch(
      /^From −1,000,000,000 at iteration 0/,
    )
  })

  test.each([
    ['one value', [-7]],
    ['a constant', [0, -7, -7, -7]],
    ['a change in the last digits', [0, 1.762601e6, 1.7626010001e6]],
    ['large numbers', [1e290, 2e290, 3e290]],
    ['small numbers', [1e-290, 2e-290, 3e-290]],
  ])('draws %s', (_, values) => expect(numbersIn(right(objective(values))).every(Number.isFinite)).toBe(true))
})

describe('criterion', () => {
  test('says which number of components is best', () => {
    expect(descriptionOf(right(criterion(criteria)))).toBe(
      'BIC is lowest at 2 components (100); ICL is lowest at 3 components (117)',
    )
    expect(descriptionOf(right(criterion(criteria, { best: 'highest', criteria: ['icl'] })))).toBe(
      'ICL is highest at 1 component (119)',
    )
  })

  test('takes candidates in any order, and says of which there is no fit', () => {
    const candidates = [
      { components: 3, result: E.left('no') },
      { components: 2, result: E.right({ criteria: { bic: 5 } }) },
      { components: 1, result: E.right({ criteria: { bic: 7 } }) },
    ]
    expect(descriptionOf(right(criterion(candidates)))).toBe('BIC is lowest at 2 components (5); no fit for K = 3')
  })
})

describe('responsibilities', () => {
  test('are sorted by component and certainty', () => {
    const sorted = responsibilities(
      [
        [0.9, 0.1],
        [0.6, 0.4],
        [0.3, 0.7],
      ],
      { order: 'sorted', xLabel: 'r' },
    )
    expect(
      responsibilities(
        [
          [0.6, 0.4],
          [0.3, 0.7],
          [0.9, 0.1],
        ],
        { order: 'sorted', xLabel: 'r' },
      ),
    ).toEqual(sorted)
  })

  test('many rows are averaged', () => {
    const data = Float64Array.from({ length: 60_000 }, (_, i) => (i % 2 === 0 ? 0.25 : 0.75))
    const svg = right(responsibilities({ rows: 30_000, columns: 2, data }))
    expect(svg.length).toBeLessThan(60_000)
    expect(descriptionOf(svg)).toBe('30000 rows; expected counts 7,500 of component 1, 22,500 of component 2')
  })
})
