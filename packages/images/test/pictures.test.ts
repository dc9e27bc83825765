import {
  connectedRegions,
  contrastField,
  distinctColours,
  fieldEnergy,
  labOf,
  uniformField,
  withoutSmallParts,
} from '@conjugate/images'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { pairsOf } from './support/fields.js'
import { wholeNumbers } from './support/random.js'

const noise = (width: number, height: number, values: number, seed: number) => {
  const next = wholeNumbers(seed)
  return { width, height, data: Uint8Array.from({ length: 3 * width * height }, () => next(values)) }
}

describe('the field of a picture', () => {
  test.each([
    [7, 5, 256],
    [1, 9, 256],
    [6, 1, 40],
    [1, 1, 256],
    [8, 8, 3],
  ])('has the weights of its definition (%i x %i)', (width, height, values) => {
    const image = noise(width, height, values, width)
    const { data } = image
    const field = right(contrastField(image, { smoothness: 0.5 }))
    const squared = (m: number, n: number): number =>
      [0, 1, 2].reduce((s, c) => s + (data[3 * m + c]! - data[3 * n + c]!) ** 2, 0)
    const pairs = pairsOf(field)
    const mean = pairs.reduce((s, [m, n]) => s + squared(m, n), 0) / pairs.length
    for (const [m, n, units] of pairs) {
      const [dx, dy] = [(m % width) - (n % width), Math.floor(m / width) - Math.floor(n / width)]
      const weight = (0.5 * Math.sqrt(width * height) * Math.exp(-squared(m, n) / (2 * mean))) / Math.hypot(dx, dy)
      expect(Math.abs(units / 1024 - weight)).toBeLessThanOrEqual(0.5 / 1024 + 1e-12)
    }
  })

  test('is uniform where all colours are the same', () => {
    const image = { width: 4, height: 3, data: new Uint8Array(36).fill(7) }
    const weight = 0.05 * Math.sqrt(12)
    expect(right(contrastField(image))).toEqual(right(uniformField({ width: 4, height: 3, weight })))
  })

  test('16 bits of the same colours give the same field, whatever the unit', () => {
    const image = noise(9, 7, 256, 3)
    const deep = { ...image, data: Uint16Array.from(image.data, v => v * 257) }
    expect(right(contrastField(deep))).toEqual(right(contrastField(image)))
    const [a, b] = [labOf(deep), labOf(image)]
    expect(Math.max(...a.map((v, i) => Math.abs(v - b[i]!)))).toBeLessThan(1e-15)
  })

  test.each<[string, object, object, unknown]>([
    ['no side', { width: 0, height: 1, data: new Uint8Array(0) }, {}, { option: 'image.width' }],
    ['too few channels', { width: 2, height: 1, data: new Uint8Array(8) }, {}, { option: 'image.data', received: '8' }],
    ['a list', { width: 1, height: 1, data: [1, 2, 3] }, {}, { option: 'image.data' }],
    ['Infinity', noise(2, 2, 9, 1), { smoothness: Number.POSITIVE_INFINITY }, { option: 'smoothness' }],
    ['1e9', noise(2, 2, 9, 1), { smoothness: 1e9 }, { option: 'smoothness times sqrt(N)' }],
  ])('%s is an error', (_, image, options, error) => {
    expect(contrastField(image as never, options)).toMatchObject(E.left(error))
  })
})

test('the energy of labels is the sum over neighbours that differ', () => {
  const field = right(uniformField({ width: 2, height: 2, weight: 1 }))
  const diagonal = 724 / 1024
  expect(right(fieldEnergy(field, [0, 0, 0, 1]))).toBe(2 + diagonal)
  expect(right(fieldEnergy([0, 1, 1, 0])(field))).toBe(4)
  expect(fieldEnergy(field, [0])).toMatchObject(E.left({ option: 'labels' }))
})

describe('colours', () => {
  // L, a and b of CIE 15 for D65, to the digits that tables print.
  test.each([
    ['black', [0, 0, 0], [0, 0, 0]],
    ['white', [255, 255, 255], [100, 0, 0]],
    ['red', [255, 0, 0], [53.24, 80.09, 67.2]],
    ['green', [0, 255, 0], [87.73, -86.18, 83.18]],
    ['blue', [0, 0, 255], [32.3, 79.19, -107.86]],
    ['dark grey', [5, 5, 5], [1.37, 0, 0]],
  ])('%s in Lab', (_, rgb, [l, a, b]) => {
    const lab = labOf({ width: 1, height: 1, data: Uint8Array.from(rgb) })
    expect(lab[0]! * 100).toBeCloseTo(l!, 1)
    expect(Math.abs(lab[1]! * 255 - 128 - a!)).toBeLessThan(0.06)
    expect(Math.abs(lab[2]! * 255 - 128 - b!)).toBeLessThan(0.06)
  })

  test.each([2, 5, 256])('are gathered with all of their pixels (%i values)', values => {
    const image = noise(97, 83, values, values)
    const { lab, index, counts } = distinctColours(image)
    const all = labOf(image)
    expect(counts.reduce((a, b) => a + b, 0)).toBe(97 * 83)
    const texts = new Set<string>()
    for (let n = 0; n < index.length; n++) {
      for (let c = 0; c < 3; c++) expect(lab[3 * index[n]! + c]).toBe(all[3 * n + c])
      texts.add(String(image.data.subarray(3 * n, 3 * n + 3)))
    }
    expect(counts.length).toBe(texts.size)
  })
})

describe('regions', () => {
  test('hang together, diagonally too', () => {
    const { regions, labels, sizes } = right(
      connectedRegions([1, 0, 0, 0, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 2], { width: 5, height: 3 }),
    )
    expect(Array.from(regions)).toEqual([0, 1, 1, 1, 2, 1, 0, 1, 2, 2, 0, 1, 1, 1, 3])
    expect(Array.from(labels)).toEqual([1, 0, 1, 2])
    expect(Array.from(sizes)).toEqual([3, 8, 3, 1])
  })

  test('are those that a walk finds', () => {
    const next = wholeNumbers(3)
    for (let seed = 0; seed < 50; seed++) {
      const [width, height] = [1 + next(12), 1 + next(12)]
      const given = Array.from({ length: width * height }, () => next(2))
      const { regions } = right(connectedRegions({ width, height })(given))
      const seen = new Int32Array(given.length).fill(-1)
      let count = 0
      for (let from = 0; from < given.length; from++) {
        if (seen[from] !== -1) continue
        const stack = [from]
        seen[from] = count
        while (stack.length > 0) {
          const n = stack.pop()!
          for (const [dx, dy] of [-1, 0, 1].flatMap(x => [-1, 0, 1].map(y => [x, y] as const))) {
            const [x, y] = [(n % width) + dx, Math.floor(n / width) + dy]
            const m = y * width + x
            if (x < 0 || y < 0 || x >= width || y >= height || seen[m] !== -1 || given[m] !== given[n]) continue
            seen[m] = count
            stack.push(m)
          }
        }
        count++
      }
      expect(regions).toEqual(seen)
    }
  })

  test('of other than N labels are an error', () => {
    expect(connectedRegions([1], { width: 2, height: 2 })).toMatchObject(E.left({ option: 'labels' }))
  })
})

describe('small parts', () => {
  // A block of 6 x 6 with a hole, a speck beside it, and a part of a third of its size.
  const rows = [
    '................',
    '.111111.....111.',
    '.111111.1...111.',
    '.110111.....111.',
    '.111111.....111.',
    '.111111.........',
    '.111111.........',
    '................',
  ]
  const labels = Array.from(rows.join(''), c => (c === '1' ? 1 : 0))
  const grid = { width: 16, height: 8 }
  const [speck, hole] = [2 * 16 + 8, 3 * 16 + 3]
  const changed = (options: object): number[] => {
    const next = right(withoutSmallParts(labels, grid, options))
    return labels.flatMap((label, n) => (label === next[n] ? [] : [n]))
  }

  test.each<[string, object, number[]]>([
    ['shares by default', {}, [speck]],
    ['larger holes', { holes: 0.05 }, [speck, hole]],
    ['no parts', { parts: 0, holes: 0.05 }, [hole]],
    ['neither', { parts: 0, holes: 0 }, []],
    ['what is kept', { holes: 0.05, kept: labels.map((_, n) => n === speck) }, [hole]],
  ])('take the other label: %s', (_, options, expected) => expect(changed(options)).toEqual(expected))

  test('below half of the largest are more', () => expect(changed({ parts: 0.5 })).toHaveLength(13))

  test('are errors where there is no label for each place', () => {
    expect(withoutSmallParts([1], grid)).toMatchObject(E.left({ option: 'labels' }))
    expect(withoutSmallParts(labels, grid, { parts: -1 })).toMatchObject(E.left({ option: 'parts' }))
    expect(withoutSmallParts(labels, grid, { kept: [1] })).toMatchObject(E.left({ option: 'kept' }))
  })
})
