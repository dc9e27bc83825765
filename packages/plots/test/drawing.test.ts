import { describe, expect, test } from 'vitest'
import { axisTicks, DARK, inDigits, palette, themes } from '../dist/internals.js'

type Colour = readonly [red: number, green: number, blue: number]

/** Linear light of a colour of sRGB. */
const light = (hex: string): Colour =>
  [1, 3, 5].map(at => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as unknown as Colour

const luminance = ([r, g, b]: Colour): number => 0.2126 * r + 0.7152 * g + 0.0722 * b
/** As WCAG has it. */
const contrast = (a: string, b: string): number => {
  const [low, high] = [luminance(light(a)), luminance(light(b))].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

/** What is left of colours for whom a kind of cone is missing. Source: Machado, Oliveira and Fernandes (2009), severity 1. */
const sights: Readonly<Record<string, ReadonlyArray<Colour>>> = {
  common: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
}

const times = (rows: ReadonlyArray<Colour>, v: Colour): Colour =>
  rows.map(([a, b, c]) => Math.min(1, Math.max(0, a * v[0] + b * v[1] + c * v[2]))) as unknown as Colour

/** Oklab. Source: Ottosson (2020). */
const perceived = (v: Colour): Colour => {
  const cones: ReadonlyArray<Colour> = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
  ]
  const [l, m, s] = cones.map(([a, b, c]) => Math.cbrt(a * v[0] + b * v[1] + c * v[2])) as [number, number, number]
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

describe('colours', () => {
  test.each(Object.entries(sights))('the first six are apart for %s sight', (_, sight) => {
    const seen = palette.slice(0, 6).map(hex => perceived(times(sight, light(hex))))
    for (const [i, a] of seen.entries())
      for (const b of seen.slice(0, i)) expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(0.08)
  })

  test('all have a contrast of 3 on white and on the dark background', () => {
    for (const hex of palette)
      for (const on of ['#ffffff', DARK]) expect(contrast(hex, on), `${hex} on ${on}`).toBeGreaterThan(3)
    expect(contrast(themes.dark.ink, DARK)).toBeGreaterThan(7)
  })

  test('no two of 256 components have the same', () => {
    const colours = Array.from({ length: 256 }, (_, k) => themes.light.colour(k))
    expect(new Set(colours).size).toBe(256)
    for (const colour of colours) expect(colour).toMatch(/^#[\da-f]{6}$/)
  })
})

describe('ticks', () => {
  test.each([
    [0, 10, 5, ['0', '2', '4', '6', '8', '10']],
    [-0.02, 0.021, 5, ['−0.02', '−0.01', '0.00', '0.01', '0.02']],
    [1.7e6, 1.8e6, 5, ['1.70M', '1.72M', '1.74M', '1.76M', '1.78M', '1.80M']],
    [1871, 1970, 5, ['1880', '1900', '1920', '1940', '1960']],
    [0, 3e-9, 3, ['0', '1e−9', '2e−9', '3e−9']],
    [0, 2e20, 2, ['0', '1e20', '2e20']],
  ])('of %f to %f', (low, high, count, labels) => {
    const { values, label } = axisTicks(low, high, count)
    expect(values.map(label).map(text => text.replace(/\.0+e/, 'e'))).toEqual(labels)
  })

  test('and numbers in words are written as hosts write them', () => {
    for (const size of [1e-5, 0.00123449, 0.5, 1, 9.9996, 1000, 123456, 1807690.2216576564, 987654321.5])
      for (const value of [size, -size]) {
        const decimals = Math.min(8, Math.max(0, 3 - Math.floor(Math.log10(size))))
        expect(inDigits(value)).toBe(
          value.toLocaleString('en', { maximumFractionDigits: decimals }).replace('-', '\u2212'),
        )
      }
    expect([0, -0].map(inDigits)).toEqual(['0', '0'])
    const { label } = axisTicks(-1, 1, 4)
    expect(label(-1e-9)).toBe('0.0')
  })

  test('labels tell neighbours apart, whatever the numbers', () => {
    for (const low of [0, -3, 1, 17, -123456, 98765432.1, 1e12, 1e-3])
      for (const extent of [1e-6, 1e-3, 0.7, 1, 3, 250, 1e4, 3e7, 1e11]) {
        if (extent < 1e-12 * Math.abs(low)) continue
        const { values, label } = axisTicks(low, low + extent, 6)
        const labels = values.map(label)
        expect(new Set(labels).size, labels.join()).toBe(values.length)
      }
  })
})
