import { componentColour, type LabelMap, labelMapPng, labelRows } from '@conjugate/figures'
import { decode } from 'fast-png'
import * as E from 'fp-ts/lib/Either.js'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'

const width = 37
const height = 11
const components = 256
const labels = Int32Array.from({ length: width * height }, (_, i) => (i * 89) % components)

const drawn = async (map: LabelMap): Promise<Uint8Array> => {
  const png = await labelMapPng(map)()
  if (E.isLeft(png)) throw new Error(png.left.reason)
  return png.right
}

const whole = labelRows(labels, { width, height, components })

describe('labelMapPng', () => {
  it('stores the index of the component of each pixel', async () => {
    const image = decode(await drawn(whole))
    expect(image).toMatchObject({ width, height, depth: 8, channels: 1 })
    expect([...image.data]).toEqual([...labels])
    expect(image.palette).toEqual(Array.from({ length: components }, (_, k) => [...componentColour(k)]))
  })

  it('shows each component in its colour', async () => {
    const { data, info } = await sharp(await drawn(whole))
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(info).toMatchObject({ width, height, channels: 3 })
    const seen = Array.from(labels, (_, i) => [...data.subarray(i * 3, i * 3 + 3)])
    expect(seen).toEqual(Array.from(labels, k => [...componentColour(k)]))
  })
})

describe('a label map with blanks', () => {
  it('is transparent where there is no component', async () => {
    const some = labelRows(
      labels.map(k => k % 4),
      { width, height, components: 3 },
    )
    const png = await drawn({ ...some, hasBlanks: true })
    expect([...decode(png).data]).toEqual(Array.from(labels, k => k % 4))
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
    expect(info.channels).toBe(4)
    const opacities = Array.from(labels, (_, i) => data[i * 4 + 3])
    expect(opacities).toEqual(Array.from(labels, k => (k % 4 === 3 ? 0 : 255)))
  })

  it('is whole where it is compressed in many parts', async () => {
    const [w, h] = [1500, 1500]
    const noise = Uint8Array.from({ length: w * h }, (_, i) => (i * i * 31 + (i >> 5)) % 7)
    const png = await drawn(labelRows(noise, { width: w, height: h, components: 7 }))
    expect(Buffer.compare(Buffer.from(decode(png).data.buffer), Buffer.from(noise.buffer))).toBe(0)
  })
})

describe('componentColour', () => {
  it('gives 256 different colours', () => {
    const colours = Array.from({ length: 256 }, (_, k) => componentColour(k).join())
    expect(new Set(colours).size).toBe(256)
  })
})
