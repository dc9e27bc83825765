import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { decode } from 'fast-png'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { logoPng, png } from './png.js'
import { runProgram, squarePng, useFolder } from './support.js'

const folder = useFolder()

const run = (words: readonly string[]) => runProgram(words, { cwd: folder.path() })
const assign = (words: readonly string[]) => run([...words, '--model', 'assignment'])

const filesOf = (name: string) =>
  ['.json', '_labels.png', '_log_probability.png', '_seg.png'].map(ending => name + ending)

const summaryOf = async (path: string) => JSON.parse(await readFile(folder.path(path), 'utf8'))

describe('pnpm segment --model assignment', () => {
  it('writes the figures, the labels and the summary of a photo', async () => {
    await writeFile(folder.path('square.png'), await squarePng())
    const { code, stdout, stderr } = await assign(['square.png', '--out', 'results', '--iterations', '7'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect((await readdir(folder.path('results'))).sort()).toEqual(filesOf('square').sort())

    const summary = await summaryOf('results/square.json')
    expect(summary).toMatchObject({ image: 'square.png', width: 40, height: 30, backend: expect.any(String) })
    expect(summary.logProbs).toHaveLength(8)
    const lastGain = summary.logProbs[7] - summary.logProbs[6]
    expect(summary).toMatchObject({ stoppedBy: 'iterations', converged: false, lastGain })
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

  it('says how the fit ended', async () => {
    await writeFile(folder.path('square.png'), await squarePng())
    const short = await assign(['square.png', '--iterations', '3', '--out', 'short'])
    expect(short.stdout).toMatch(/^ended: all iterations are done; the last iteration gained [\d.e+-]+ nats$/m)
    const { logProbs, ...ending } = await summaryOf('short/square.json')
    expect(ending).toMatchObject({ stoppedBy: 'iterations', converged: false })
    expect(ending.lastGain).toBeCloseTo(logProbs[3] - logProbs[2], 6)
    const long = await assign(['square.png', '--iterations', '500', '--tolerance', '1e-9', '--out', 'long'])
    expect(long.stdout).toMatch(
      /^converged: its gain is within the tolerance; the last iteration gained [\d.e+-]+ nats$/m,
    )
    expect(await summaryOf('long/square.json')).toMatchObject({ stoppedBy: 'tolerance', converged: true })
  })

  it('gives the same parameters for the same seed and labels for the same starting pixels', async () => {
    await writeFile(folder.path('square.png'), await squarePng())
    const results = []
    for (const out of ['one', 'two']) {
      await assign(['square.png', '--seed', '5', '--components', '3', '--out', out])
      results.push((await summaryOf(`${out}/square.json`)).components)
    }
    expect(results[0]).toEqual(results[1])
    for (const [out, start] of [
      ['a', '0,620'],
      ['b', '620,0'],
    ] as const) {
      await assign(['square.png', '--init-pixels', start, '--out', out])
    }
    expect((await summaryOf('a/square.json')).components).toEqual(
      (await summaryOf('b/square.json')).components.toReversed(),
    )
  })

  it('goes on with the other photos after one that fails', async () => {
    await writeFile(folder.path('square.png'), await squarePng())
    const { code, stderr } = await assign(['none.png', 'square.png', '--out', '.', '--iterations', '2'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^segment: none\.png: no such file;.*\n$/)
    expect(await readdir(folder.path())).toEqual(expect.arrayContaining(filesOf('square')))
  })

  it('prints help and version', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: pnpm segment/) })
    expect(await run(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  })
})

describe('transparent pixels', () => {
  it('are left out of the fit, and transparent in the results', async () => {
    const { bytes, opaque, red } = logoPng()
    await writeFile(folder.path('logo.png'), bytes)
    const { code, stdout } = await assign(['logo.png', '--out', '.'])
    expect(code).toBe(0)
    const hidden = 120 * 80 - opaque
    expect(stdout).toContain(`left out: ${hidden} transparent pixels\n`)

    const summary = await summaryOf('logo.json')
    expect(summary).toMatchObject({ width: 120, height: 80, transparentPixels: hidden, distinctColours: 4 })
    const pixels = summary.components.map((c: { pixels: number }) => c.pixels)
    expect(pixels.toSorted((a: number, b: number) => a - b)).toEqual([red, opaque - red])

    const labels = decode(await readFile(folder.path('logo_labels.png')))
    const map = await sharp(folder.path('logo_labels.png')).raw().toBuffer()
    const panels = await sharp(folder.path('logo_seg.png')).raw().toBuffer({ resolveWithObject: true })
    expect([labels.data[0], map[3]]).toEqual([2, 0])
    expect(labels.data.filter(label => label === 2)).toHaveLength(hidden)
    // Three panels of a picture that was enlarged threefold: all of it, and each of its pixels once more.
    const blank = Array.from({ length: panels.data.length / 4 }, (_, i) => panels.data[i * 4 + 3]).filter(a => a === 0)
    expect(blank).toHaveLength(9 * (3 * hidden + opaque))
  })

  it('weigh on the fit as much as they are opaque', async () => {
    const row = (alpha: number) => Array.from({ length: 60 }, (_, x) => [4 * x, x % 2 ? 200 : 10, 90, alpha]).flat()
    const [width, height] = [60, 4]
    const thrice = [255, 255, 255, 0].map(row)
    const parts = [255, 255, 153, 102].map(row)
    const results = []
    for (const [name, rows] of [
      ['whole', thrice],
      ['parts', parts],
    ] as const) {
      await writeFile(folder.path(`${name}.png`), png({ width, height, colour: 'rgba', bits: 8, rows }))
      await run([`${name}.png`, '--out', '.', '--init-pixels', '0,59'])
      results.push(await summaryOf(`${name}.json`))
    }
    const [whole, some] = results
    expect([whole.transparentPixels, some.transparentPixels]).toEqual([60, 0])
    expect(some.logProbs).toEqual(whole.logProbs)
    expect(some.components.map((c: { pixels: number }) => c.pixels)).toEqual(
      whole.components.map((c: { pixels: number }) => (c.pixels / 3) * 4),
    )
  })
})

describe('a file', () => {
  it('of sixteen bits that uses ten is segmented by them, and says so', async () => {
    const value = (x: number, y: number) => ((x - 20) ** 2 + (y - 15) ** 2 < 80 ? 900 : 200) + ((x * 7 + y * 3) % 40)
    const rows = Array.from({ length: 30 }, (_, y) =>
      Array.from({ length: 40 }, (_, x) => [value(x, y) >> 8, value(x, y) & 255]).flat(),
    )
    await writeFile(folder.path('deep.png'), png({ width: 40, height: 30, colour: 'grey', bits: 16, rows }))
    const { code, stdout } = await assign(['deep.png', '--out', '.'])
    expect(code).toBe(0)
    expect(stdout).toContain('16 bits a channel, of which the colours use 10: 1023 is white\n')
    const summary = await summaryOf('deep.json')
    expect(summary).toMatchObject({ bitsPerChannel: 16, white: 1023 })
    const bright = rows.flat().filter((v, i) => i % 2 === 0 && v >= 3).length
    expect(
      summary.components.map((c: { pixels: number }) => c.pixels).toSorted((a: number, b: number) => a - b),
    ).toEqual([bright, 1200 - bright])
  })

  it('of several images is segmented by its first, and says so', async () => {
    const first = await squarePng()
    const film = sharp([first, await sharp(first).negate().toBuffer()], { join: { animated: true } })
    await writeFile(folder.path('film.gif'), await film.gif().toBuffer())
    const { code, stdout } = await assign(['film.gif', '--out', '.'])
    expect(code).toBe(0)
    expect(stdout).toContain('the first of 2 images in the file\n')
    expect(await summaryOf('film.json')).toMatchObject({ width: 40, height: 30, imagesInFile: 2 })
  })

  it.each([
    ['a space and ünïcödé 日本.png', 'a space and ünïcödé 日本'],
    ['new\nline\u001b[2J.png', 'new-line-[2J'],
    ['<&">.png', '<&">'],
    [`${'x'.repeat(251)}.png`, 'x'.repeat(235)],
    [`${'日'.repeat(83)}.png`, '日'.repeat(78)],
    ['.png', '.png'],
    ['sub/../photo.tar.png', 'photo.tar'],
    ['[1].png', '[1]'],
  ])('named %j has results', async (file, name) => {
    await mkdir(dirname(folder.path(file)), { recursive: true })
    await mkdir(folder.path('sub'), { recursive: true })
    await writeFile(folder.path(file), await squarePng())
    const { code, stdout, stderr } = await assign([`./${file}`, '--out', 'out', '--iterations', '2'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect((await readdir(folder.path('out'))).sort()).toEqual(filesOf(name).sort())
    expect((await summaryOf(`out/${name}.json`)).image).toBe(`./${file}`)
    expect(stdout).toContain(`wrote ${folder.path('out')}`)
    expect(stdout).toMatch(/^[^\p{Cc}]*(\n[^\p{Cc}]*)*$/u)
  })
})

describe('bad input', () => {
  it.skipIf(process.getuid?.() === 0)('that may not be read, but by root, gives one line', async () => {
    await writeFile(folder.path('secret.png'), await squarePng())
    await chmod(folder.path('secret.png'), 0)
    await mkdir(folder.path('locked'), { mode: 0o500 })
    expect(await run(['secret.png'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'segment: secret.png: cannot be read (permission denied)\n',
    })
    expect(await run(['secret.png', '--out', 'locked'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'segment: --out locked: cannot write there (permission denied); choose another folder\n',
    })
  })

  it.each([
    [['none.png'], 'none.png: no such file'],
    [['empty.png'], 'empty.png: the file is empty'],
    [['text.png'], 'text.png: is not an image'],
    [['cut.png'], 'cut.png: the PNG image is damaged or cut short'],
    [['drawing.svg'], 'drawing.svg: is SVG, which cannot be read; it draws shapes'],
    [['clear.png'], 'clear.png: all 6 pixels are transparent, so there is no colour to tell apart'],
    [['logo.png', '--init-pixels', '0,4860'], '--init-pixels: pixel 0 is transparent, so it has no colour'],
    [['logo.png', '--components', '256'], '--components 256: expected at most 255 for an image with transparent'],
    [['no\nsuch.png'], 'segment: no\\nsuch.png: no such file'],
    [[`${'x'.repeat(300)}.png`], 'cannot be read (the name is too long)'],
    [['..'], '..: is not a file'],
    [['--alpha', '0', '--seeed', '1'], '--alpha: expected a number above 0, received "0"; unknown option --seeed; did'],
    [['taken'], 'taken: is not a file'],
    [['fox'], 'fox: cannot be downloaded'],
    [['flat.png'], 'flat.png: --components 2 is more than the image has colours: it has 1 colour'],
    [['square.png', '--white', '99'], 'square.png: --white: the image has 8 bits a channel, of which white is 255'],
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
    const clear = png({ width: 3, height: 2, colour: 'rgba', bits: 8, rows: [new Uint8Array(12), new Uint8Array(12)] })
    await writeFile(folder.path('clear.png'), clear)
    await writeFile(folder.path('logo.png'), logoPng().bytes)
    await writeFile(folder.path('drawing.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
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
