import { readdir, readFile, writeFile } from 'node:fs/promises'
import { decode } from 'fast-png'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { logoPng } from './png.js'
import { runProgram, squarePng, useFolder } from './support.js'

const folder = useFolder()

const run = (...words: readonly string[]) =>
  runProgram([...words, '--model', 'regions', '--out', 'results'], { cwd: folder.path() })

const summaryOf = async (name: string) => JSON.parse(await readFile(folder.path(`results/${name}.json`), 'utf8'))

/** Whether a pixel of the picture of 40 x 30 is of the square. */
const isSquare = (n: number): boolean => Math.abs(Math.floor(n / 40) - 15) < 7.5 && Math.abs((n % 40) - 20) < 10

describe('pnpm segment --model regions', () => {
  it('writes a cut-out, a mask and a summary, and says that it guessed', async () => {
    await writeFile(folder.path('square.png'), await squarePng())
    const { code, stdout, stderr } = await run('square.png')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect((await readdir(folder.path('results'))).sort()).toEqual([
      'square.json',
      'square_cutout.png',
      'square_mask.png',
    ])
    const mask = decode(await readFile(folder.path('results/square_mask.png')))
    expect(mask).toMatchObject({ width: 40, height: 30, channels: 1 })
    const expected = Array.from({ length: 1200 }, (_, n) => (isSquare(n) ? 255 : 0))
    expect(Array.from(mask.data)).toEqual(expected)
    const cutout = decode(await readFile(folder.path('results/square_cutout.png')))
    expect(Array.from({ length: 1200 }, (_, n) => cutout.data[4 * n + 3])).toEqual(expected)
    const summary = await summaryOf('square')
    expect(summary).toMatchObject({ model: 'regions', width: 40, height: 30, foregroundPixels: 285, hints: {} })
    expect(summary.certainty).toBeGreaterThan(0)
    expect(summary.foreground).toHaveLength(5)
    expect(stdout).toMatch(/this is a guess, [\d.]+ % sure/)
  })

  it('takes a box and strokes, of which it says nothing as a guess', async () => {
    await writeFile(folder.path('square.png'), await squarePng())
    const stroke = (row: number) =>
      sharp(
        Uint8Array.from({ length: 1200 }, (_, n) =>
          Math.floor(n / 40) === row && isSquare(n) === (row === 15) ? 255 : 0,
        ),
        {
          raw: { width: 40, height: 30, channels: 1 },
        },
      )
        .png()
        .toFile(folder.path(`${row}.png`))
    await stroke(15)
    await stroke(2)
    for (const hints of [
      ['--box', '8,5,24,20'],
      ['--foreground', '15.png', '--background', '2.png'],
      ['--box', '8,5,24,20', '--foreground', '15.png'],
    ]) {
      const { code, stdout } = await run('square.png', ...hints)
      expect(code).toBe(0)
      expect(stdout).not.toContain('guess')
      expect(await summaryOf('square')).toMatchObject({ foregroundPixels: 285 })
    }
  })

  it('says in one line what is wrong with hints and pictures', async () => {
    await writeFile(folder.path('square.png'), await squarePng())
    await writeFile(folder.path('small.png'), await squarePng(20, 15))
    await writeFile(folder.path('logo.png'), logoPng().bytes)
    for (const [words, message] of [
      [
        ['square.png', '--box', '40,0,5,5'],
        'box is 5 x 5 at 40, 0, expected one that overlaps the picture of 40 x 30 pixels',
      ],
      [
        ['square.png', '--foreground', 'small.png'],
        '--foreground: the picture has 20 x 15 pixels, expected 40 x 30 as in the photo',
      ],
      [['square.png', '--background', 'no.png'], '--background: the picture cannot be read'],
      [['logo.png'], 'of its pixels are transparent'],
    ] as const) {
      const { code, stderr } = await run(...words)
      expect(code).toBe(1)
      expect(stderr).toContain(message)
      expect(stderr.trim().split('\n')).toHaveLength(1)
    }
  })
})
