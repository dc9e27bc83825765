import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { program, squarePng, useFolder } from './support.js'

const folder = useFolder()

/** The most memory that the program had at a time, in bytes. */
const peakOf = (photo: string, model: string): number => {
  const tell = `import { writeFileSync } from 'node:fs'
    process.on('exit', () => writeFileSync('peak', String(process.resourceUsage().maxRSS)))`
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      `--import=data:text/javascript,${encodeURIComponent(tell)}`,
      program,
      photo,
      '--model',
      model,
      '--iterations',
      '2',
      '--out',
      '.',
    ],
    { cwd: folder.path(), encoding: 'utf8' },
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return 1024 * Number(readFileSync(folder.path('peak'), 'utf8'))
}

/** A JPEG of slow waves with noise: a few hundred thousand colours. */
const noisyPhoto = (width: number, height: number): Promise<Buffer> => {
  const rgb = new Uint8Array(width * height * 3)
  let state = 1
  for (let at = 0; at < rgb.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    const wave = Math.sin(at / 3e6 + (at % 3)) * 70 + Math.cos((at % (width * 3)) / 5e3) * 40
    rgb[at] = 128 + wave + ((state >>> 24) & 31) - 16
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer()
}

describe('the memory of the program', () => {
  it('grows by less than eight bytes a pixel, besides eighty a distinct colour', async () => {
    writeFileSync(folder.path('small.png'), await squarePng())
    writeFileSync(folder.path('large.jpg'), await noisyPhoto(5000, 4000))
    const growth = peakOf('large.jpg', 'assignment') - peakOf('small.png', 'assignment')
    const { distinctColours } = JSON.parse(readFileSync(folder.path('large.json'), 'utf8'))
    const ofPixel = (growth - 80 * distinctColours) / (5000 * 4000)
    expect(ofPixel).toBeLessThan(8)
    // What is less than the pixels themselves would not have been measured.
    expect(ofPixel).toBeGreaterThan(3)
  })

  it('of foregrounds of large photos is that of a smaller one and of windows, and a few bytes a pixel', async () => {
    writeFileSync(folder.path('large.jpg'), await noisyPhoto(4000, 3000))
    const peak = peakOf('large.jpg', 'regions')
    // 12 megapixels of noise, nearly all of whose colours are different.
    expect(peak).toBeLessThan(1.5e9)
    // The colours, the labels and the cut-out alone would be that.
    expect(peak).toBeGreaterThan(9 * 12e6)
  })
})
