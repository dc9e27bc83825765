import { readdir, readFile, writeFile } from 'node:fs/promises'
import { decode } from 'fast-png'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { linesOf, outsideOf } from '../src/regions/lines.js'
import { logoPng, png } from './png.js'
import { runProgram, squarePng, useFolder } from './support.js'

const folder = useFolder()

const run = (...words: readonly string[]) => runProgram([...words, '--out', 'results'], { cwd: folder.path() })

const summaryOf = async (name: string) => JSON.parse(await readFile(folder.path(`results/${name}.json`), 'utf8'))

const picture = async (name: string) => decode(await readFile(folder.path(`results/${name}.png`)))

/** Whether a pixel of the picture of 40 x 30 is of the square. */
const isSquare = (n: number): boolean => Math.abs(Math.floor(n / 40) - 15) < 7.5 && Math.abs((n % 40) - 20) < 10

const square = Array.from({ length: 1200 }, (_, n) => isSquare(n))

const endings = ['.json', '_cutout.png', '_labels.png', '_log_probability.png', '_mask.png', '_seg.png']
const filesOf = (name: string) => endings.map(ending => name + ending)

describe('a photo', () => {
  it('becomes a cut-out, its mask, panels, a label map, a plot and a summary, which say that it was guessed', async () => {
    await writeFile(folder.path('square.png'), await squarePng())
    const { code, stdout, stderr } = await run('square.png')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect((await readdir(folder.path('results'))).sort()).toEqual(filesOf('square'))
    const mask = await picture('square_mask')
    expect(mask).toMatchObject({ width: 40, height: 30, channels: 1 })
    expect(Array.from(mask.data)).toEqual(square.map(is => (is ? 255 : 0)))
    expect(Array.from((await picture('square_labels')).data)).toEqual(square.map(Number))
    const cutout = await picture('square_cutout')
    expect(Array.from({ length: 1200 }, (_, n) => cutout.data[4 * n + 3]! > 127)).toEqual(square)

    const summary = await summaryOf('square')
    expect(summary).toMatchObject({ model: 'regions', width: 40, height: 30, foregroundPixels: 285, hints: {} })
    expect(summary.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(summary.certainty).toBeGreaterThan(0)
    expect(summary.foreground.components).toHaveLength(5)
    expect([summary.background.pixels, summary.foreground.pixels]).toEqual([915, 285])
    const { likelihood, field, leaning, logPrior } = summary.parts
    expect(likelihood + field + leaning + logPrior).toBeCloseTo(summary.objective, 6)
    expect(summary.fitted.objectives.at(-1)).toBe(summary.objective)
    expect(stdout).toMatch(/this is a guess, [\d.]+ % sure/)
    for (const name of filesOf('square')) expect(stdout).toContain(name)
  })

  it('that came with the installation becomes foreground and background, too', async () => {
    const { code } = await runProgram([], { cwd: folder.path() })
    expect(code).toBe(0)
    expect((await readdir(folder.path('segmentation-output'))).sort()).toEqual(filesOf('allium-oreophilum'))
    const summary = JSON.parse(await readFile(folder.path('segmentation-output/allium-oreophilum.json'), 'utf8'))
    // The plant takes three tenths of it.
    expect(summary.foregroundPixels / (summary.width * summary.height)).toBeCloseTo(0.31, 1)
  })

  it('without smoothness is labelled by its colours alone', async () => {
    await writeFile(folder.path('square.png'), await squarePng())
    await run('square.png', '--smoothness', '0')
    expect(await summaryOf('square')).toMatchObject({ model: 'regions', smoothness: 0, parts: { field: 0 } })
  })

  it('loses specks, unless a stroke is in them or there is no smoothness', async () => {
    const speck = await sharp({ create: { width: 3, height: 3, channels: 3, background: '#302040' } })
      .png()
      .toBuffer()
    const speckled = sharp(await squarePng()).composite([{ input: speck, left: 4, top: 4 }])
    await writeFile(folder.path('speckled.png'), await speckled.png().toBuffer())
    for (const [words, pixels, inSmallParts] of [
      [['--box', '2,2,36,26'], 285, 9],
      [['--box', '2,2,36,26', '--smoothness', '0'], 294, 0],
      [['--foreground', '20,15;5,5', '--background', '1,1,1,28'], 294, 0],
      // Parts without a stroke are none of the foreground, whatever the path that led there.
      [['--foreground', '20,15', '--background', '1,1,1,28'], 285, 0],
      [['--foreground', '5,5', '--background', '1,1,1,28'], 9, 0],
    ] as const) {
      const { code, stderr } = await run('speckled.png', ...words)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const { coarse } = await summaryOf('speckled')
      expect(coarse.objectives.length).toBeGreaterThan(1)
      for (const [i, after] of coarse.objectives.slice(1).entries())
        expect(after).toBeGreaterThanOrEqual(coarse.objectives[i])
      expect(await summaryOf('speckled')).toMatchObject({ foregroundPixels: pixels, pixelsInSmallParts: inSmallParts })
    }
  })

  it('becomes more components, whose neighbours are the same', async () => {
    let state = 1
    const noise = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 25 - 64
    }
    const partOf = (n: number): number => Math.min(2, Math.floor((n % 60) / 20))
    const colours = [
      [170, 80, 80],
      [80, 170, 80],
      [80, 90, 170],
    ]
    const rgb = Uint8Array.from(
      { length: 60 * 40 * 3 },
      (_, i) => colours[partOf(Math.floor(i / 3))]![i % 3]! + noise(),
    )
    await sharp(rgb, { raw: { width: 60, height: 40, channels: 3 } })
      .png()
      .toFile(folder.path('flag.png'))
    /** How often labels change along rows: twice in each of 40, if they are right. */
    const changes = async (): Promise<number> => {
      const { data } = await picture('flag_labels')
      return Array.from(data).filter((label, n) => n % 60 > 0 && label !== data[n - 1]).length
    }
    await run('flag.png', '--components', '3', '--smoothness', '0')
    const alone = await changes()
    const { code, stdout } = await run('flag.png', '--components', '3')
    expect(code).toBe(0)
    expect((await readdir(folder.path('results'))).sort()).toEqual(
      filesOf('flag').filter(name => !/cutout|mask/.test(name)),
    )
    expect(alone).toBeGreaterThan(160)
    expect(await changes()).toBeGreaterThanOrEqual(80)
    expect(await changes()).toBeLessThan(100)
    const { components } = await summaryOf('flag')
    expect(components.reduce((sum: number, c: { pixels: number }) => sum + c.pixels, 0)).toBe(2400)
    expect(stdout).toMatch(/component 3: \d+ pixels, 3\d\.\d %/)
    expect(stdout).not.toContain('guess')
  })
})

describe('hints', () => {
  const strokePng = async (row: number): Promise<string> => {
    const marks = Uint8Array.from(square, (is, n) => (Math.floor(n / 40) === row && is === (row === 15) ? 255 : 0))
    await sharp(marks, { raw: { width: 40, height: 30, channels: 1 } })
      .png()
      .toFile(folder.path(`${row}.png`))
    return `${row}.png`
  }

  it('are a box, pictures of strokes and points, of which nothing is said as a guess', async () => {
    await writeFile(folder.path('square.png'), await squarePng())
    const [front, back] = [await strokePng(15), await strokePng(2)]
    for (const hints of [
      ['--box', '8,5,24,20'],
      ['--foreground', front, '--background', back],
      ['--box', '8,5,24,20', '--foreground', front],
      ['--foreground', '12,15,28,15', '--background', '2,2,38,2;2,27,38,27'],
      ['--foreground', '20,15'],
      ['--lasso', '20,0,39,15,20,29,1,15'],
      ['--lasso', '6,4,34,4,34,26,6,26', '--background', '7,5,33,5'],
    ]) {
      const { code, stdout, stderr } = await run('square.png', ...hints)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).not.toContain('guess')
      const summary = await summaryOf('square')
      expect(summary).toMatchObject({ foregroundPixels: 285 })
      expect(summary).not.toHaveProperty('certainty')
      expect(Object.values(summary.hints)).toHaveLength(hints.length / 2)
    }
  })

  it.each<[readonly string[], string]>([
    [
      ['square.png', '--box', '40,0,5,5'],
      'box is 5 x 5 at 40, 0, expected one that overlaps the picture of 40 x 30 pixels',
    ],
    [['square.png', '--box', '0,0,40,30'], 'box is 40 x 30 at 0, 0, expected one with something outside of it'],
    [['square.png', '--foreground', 'small.png'], '--foreground: the picture has 20 x 15 pixels, expected 40 x 30'],
    [['square.png', '--foreground', 'black.png'], 'foreground is none, expected a stroke of at least one pixel'],
    [['square.png', '--background', 'no.png'], '--background: the picture cannot be read'],
    [['square.png', '--foreground', '1,2,3'], '--foreground: the picture cannot be read'],
    [
      ['square.png', '--foreground', '1,2;40,3'],
      '--foreground: the point 40,3 is outside of the photo, which has 40 x 30',
    ],
    [
      ['square.png', '--lasso', '1,2,39,3,40,29'],
      '--lasso: the point 40,29 is outside of the photo, which has 40 x 30',
    ],
    [['square.png', '--foreground', '5,5', '--background', '5,5'], 'foreground is one at column 5, row 5, expected'],
    [['flat.png'], '--components 2 is more than the image has colours: it has 1 colour'],
    [['square.png', '--components', '200'], '--components 200 is more than the image has colours: it has 46'],
  ])('%j are wrong in one line', async (words, message) => {
    await writeFile(folder.path('square.png'), await squarePng())
    await writeFile(folder.path('small.png'), await squarePng(20, 15))
    const flat = (width: number, height: number, background: string) =>
      sharp({ create: { width, height, channels: 3, background } })
        .png()
        .toBuffer()
    await writeFile(folder.path('flat.png'), await flat(9, 9, 'teal'))
    await writeFile(folder.path('black.png'), await flat(40, 30, 'black'))
    const { code, stdout, stderr } = await run(...words)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(await readdir(folder.path('results')).catch(() => [])).toEqual([])
  })
})

describe('a lasso', () => {
  const shown = (corners: string): string => {
    const outside = outsideOf(linesOf(corners)![0]!, { width: 7, height: 5 })
    return [0, 7, 14, 21, 28]
      .map(at => Array.from(outside.subarray(at, at + 7), v => (v ? '.' : 'o')).join(''))
      .join(' ')
  }

  it.each<[string, string, string]>([
    ['a rectangle has its own sides', '1,1,5,1,5,3,1,3', '....... .ooooo. .ooooo. .ooooo. .......'],
    ['a triangle has what is between its sides', '3,0,6,3,0,3', '...o... ..ooo.. .ooooo. ooooooo .......'],
    ['a line is what it goes through', '0,2,6,2,3,2', '....... ....... ooooooo ....... .......'],
    [
      'what it goes around twice is outside',
      '0,0,6,0,6,4,0,4,0,0,2,0,2,4,0,4',
      'ooooooo o.ooooo o.ooooo o.ooooo ooooooo',
    ],
  ])('%s', (_, corners, expected) => expect(shown(corners)).toBe(expected))
})

describe('what a file holds', () => {
  it('transparent pixels are left out, and transparent in the results', async () => {
    const { bytes, opaque, red } = logoPng()
    await writeFile(folder.path('logo.png'), bytes)
    const { code, stdout } = await run('logo.png', '--box', '45,25,30,30')
    expect(code).toBe(0)
    const hidden = 120 * 80 - opaque
    expect(stdout).toContain(`left out: ${hidden} transparent pixels\n`)
    expect(await summaryOf('logo')).toMatchObject({ transparentPixels: hidden, foregroundPixels: red })
    const [labels, mask, cutout] = [
      await picture('logo_labels'),
      await picture('logo_mask'),
      await picture('logo_cutout'),
    ]
    expect(labels.data.filter(label => label === 2)).toHaveLength(hidden)
    expect(mask.data.filter(v => v === 255)).toHaveLength(red)
    for (let n = 0; n < 9600; n++) if (labels.data[n] === 2) expect(cutout.data[4 * n + 3]).toBe(0)
  })

  it('all of sixteen bits count', async () => {
    const value = (n: number): number => (isSquare(n) ? 900 : 200) + ((n * 7919) % 41)
    const values = Array.from({ length: 1200 }, (_, n) => value(n))
    const rows = Array.from({ length: 30 }, (_, y) =>
      values.slice(40 * y, 40 * (y + 1)).flatMap(v => [v >> 8, v & 255]),
    )
    await writeFile(folder.path('deep.png'), png({ width: 40, height: 30, colour: 'grey', bits: 16, rows }))
    const { code, stdout } = await run('deep.png')
    expect(code).toBe(0)
    expect(stdout).toContain('16 bits a channel, of which the colours use 10: 1023 is white\n')
    expect(await summaryOf('deep')).toMatchObject({ bitsPerChannel: 16, white: 1023, foregroundPixels: 285 })
    const cutout = await picture('deep_cutout')
    expect(cutout.depth).toBe(16)
    const middle = 15 * 40 + 20
    expect(Array.from(cutout.data.slice(4 * middle, 4 * middle + 4))).toEqual([
      ...new Array(3).fill(Math.round((values[middle]! * 65535) / 1023)),
      65535,
    ])
  })

  it('colours are those that a profile means', async () => {
    const base = sharp(await squarePng())
    await writeFile(folder.path('srgb.png'), await base.clone().png().toBuffer())
    // The same light by other numbers.
    await writeFile(folder.path('p3.png'), await base.clone().withIccProfile('p3').png().toBuffer())
    const means: number[][] = []
    for (const name of ['srgb', 'p3']) {
      await run(`${name}.png`, '--box', '8,5,24,20')
      const { foreground } = await summaryOf(name)
      means.push(foreground.components[0].mean)
    }
    const raw = await sharp(folder.path('p3.png'), { ignoreIcc: true }).raw().toBuffer()
    expect(raw.equals(await sharp(folder.path('srgb.png')).raw().toBuffer())).toBe(false)
    for (const c of [0, 1, 2]) expect(Math.abs(means[0]![c]! - means[1]![c]!)).toBeLessThan(0.01)
  })

  it('photos lie as cameras say', async () => {
    const turned = await sharp(await squarePng())
      .rotate(90)
      .jpeg({ quality: 100 })
      .withMetadata({ orientation: 8 })
      .toBuffer()
    await writeFile(folder.path('turned.jpg'), turned)
    await run('turned.jpg', '--box', '8,5,24,20')
    expect(await summaryOf('turned')).toMatchObject({ width: 40, height: 30, foregroundPixels: 285 })
  })
})
