import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { decode } from 'fast-png'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { runProgram, squarePng, useFolder } from './support.js'

const folder = useFolder()

const run = (words: readonly string[], more: { env?: Record<string, string>; interruptAfter?: number } = {}) =>
  runProgram(words, { cwd: folder.path(), ...more })

const filesOf = (name: string) =>
  ['.json', '_labels.png', '_log_probability.png', '_seg.png'].map(ending => name + ending)

const summaryOf = async (path: string) => JSON.parse(await readFile(folder.path(path), 'utf8'))

describe('pnpm segment', () => {
  it('writes the figures, the labels and the summary of a photo', async () => {
    await writeFile(folder.path('square.png'), await squarePng())
    const { code, stdout, stderr } = await run(['square.png', '--out', 'results', '--iterations', '7'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect((await readdir(folder.path('results'))).sort()).toEqual(filesOf('square').sort())

    const summary = await summaryOf('results/square.json')
    expect(summary).toMatchObject({ image: 'square.png', width: 40, height: 30, backend: expect.any(String) })
    expect(summary.logProbs).toHaveLength(8)
    expect(summary.seconds).toBeGreaterThan(0)
    expect(summary.components).toHaveLength(2)
    for (const { mean, covariance, weight, pixels } of summary.components) {
      expect(mean).toHaveLength(3)
      expect(covariance.map((row: number[]) => row.length)).toEqual([3, 3, 3])
      expect(weight).toBeGreaterThan(0)
      expect(Number.isInteger(pixels)).toBe(true)
    }

    const labels = decode(await readFile(folder.path('results/square_labels.png')))
    expect(labels).toMatchObject({ width: 40, height: 30, depth: 8, channels: 1 })
    const counts = [0, 1].map(k => labels.data.filter(label => label === k).length)
    expect(counts).toEqual(summary.components.map((c: { pixels: number }) => c.pixels))
    // The dark square is one component, the light ground the other.
    expect(labels.data[15 * 40 + 20]).not.toBe(labels.data[0])
    expect(counts.toSorted((a, b) => a - b)[0]).toBe(15 * 19)

    expect((await sharp(folder.path('results/square_seg.png')).metadata()).channels).toBe(4)
    expect(stdout).toContain('square: 40 x 30 pixels, 7 iterations')
    expect(stdout).toContain(summary.backend)
    expect(stdout).toMatch(/mu( +\d\.\d{6}){3}\nSigma( +-?\d\.\d{6}){3}\n/)
  })

  it('gives the same parameters for the same seed and labels for the same starting pixels', async () => {
    await writeFile(folder.path('square.png'), await squarePng())
    const results = []
    for (const out of ['one', 'two']) {
      await run(['square.png', '--seed', '5', '--components', '3', '--out', out])
      results.push((await summaryOf(`${out}/square.json`)).components)
    }
    expect(results[0]).toEqual(results[1])
    for (const [out, start] of [
      ['a', '0,620'],
      ['b', '620,0'],
    ] as const) {
      await run(['square.png', '--init-pixels', start, '--out', out])
    }
    expect((await summaryOf('a/square.json')).components).toEqual(
      (await summaryOf('b/square.json')).components.toReversed(),
    )
  })

  it('segments the photo that came with the installation where none is named', async () => {
    const { code } = await run(['--iterations', '3'])
    expect(code).toBe(0)
    expect((await readdir(folder.path('segmentation-output'))).sort()).toEqual(filesOf('allium-oreophilum').sort())
  })

  it('goes on with the other photos after one that fails', async () => {
    await writeFile(folder.path('square.png'), await squarePng())
    const { code, stderr } = await run(['none.png', 'square.png', '--out', '.', '--iterations', '2'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^segment: none\.png: no such file;.*\n$/)
    expect(await readdir(folder.path())).toEqual(expect.arrayContaining(filesOf('square')))
  })

  it('prints help and version', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: pnpm segment/) })
    expect(await run(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  })

  it('leaves nothing behind after Ctrl-C', async () => {
    await writeFile(folder.path('large.png'), await squarePng(1500, 1500))
    const words = ['large.png', '--iterations', '1000000', '--out', 'a/b']
    const { code, stderr } = await run(words, { interruptAfter: 4000 })
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' })
    expect(await readdir(folder.path())).toEqual(['large.png'])
  })
})

describe('bad input', () => {
  it.each([
    [['none.png'], 'none.png: no such file'],
    [['empty.png'], 'empty.png: the file is empty'],
    [['text.png'], 'text.png: is not an image'],
    [['cut.png'], 'cut.png: the image is damaged or cut short'],
    [['taken'], 'taken: is not a file'],
    [['fox'], 'fox: cannot be downloaded'],
    [['flat.png'], 'flat.png: --components 2 is more than the image has colours: it has 1 colour'],
    [['square.png', '--components', '200'], '--components 200 is more than the image has colours: it has 46'],
    [['square.png', '--init-pixels', '3,1200'], '--init-pixels: there is no pixel 1200; expected 0 to 1199'],
    [['square.png', '--components', 'many'], '--components: expected'],
    [['square.png', '--out', 'text.png'], '--out text.png: cannot write there (a file has that name)'],
    [['square.png', '--out', 'text.png/deeper'], '--out text.png/deeper: cannot write there'],
    [['square.png', './square.png'], 'square.png and ./square.png would both be written as square_seg.png'],
    [['square.png', '--out', 'taken'], 'square_seg.png: cannot be written (a folder has that name)'],
  ])('%j gives one line and no files', async (words, expected) => {
    const square = await squarePng()
    const flat = sharp({ create: { width: 9, height: 9, channels: 3, background: 'teal' } })
    await writeFile(folder.path('square.png'), square)
    await writeFile(folder.path('cut.png'), square.subarray(0, square.length - 40))
    await writeFile(folder.path('flat.png'), await flat.png().toBuffer())
    await writeFile(folder.path('empty.png'), '')
    await writeFile(folder.path('text.png'), 'not an image')
    await mkdir(folder.path('taken/square_seg.png'), { recursive: true })
    const before = await readdir(folder.path(), { recursive: true })

    const { code, stdout, stderr } = await run(words)
    expect(stdout).toBe('')
    expect(stderr.split('\n')).toEqual([expect.stringContaining(expected), ''])
    expect(code).toBeGreaterThan(0)
    expect(await readdir(folder.path(), { recursive: true })).toEqual(before)
  })
})
