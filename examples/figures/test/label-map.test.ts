import { componentColour, labelMapPng } from '@conjugate/figures'
import { decode } from 'fast-png'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'

const width = 37
const height = 11
const components = 256
const labels = Int32Array.from({ length: width * height }, (_, i) => (i * 89) % components)
const png = labelMapPng({ width, height, labels, components })

describe('labelMapPng', () => {
  it('stores the index of the component of each pixel', () => {
    const image = decode(png)
    expect(image).toMatchObject({ width, height, depth: 8, channels: 1 })
    expect([...image.data]).toEqual([...labels])
    expect(image.palette).toEqual(Array.from({ length: components }, (_, k) => [...componentColour(k)]))
  })

  it('shows each component in its colour', async () => {
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
    expect(info).toMatchObject({ width, height, channels: 3 })
    const seen = Array.from(labels, (_, i) => [...data.subarray(i * 3, i * 3 + 3)])
    expect(seen).toEqual(Array.from(labels, k => [...componentColour(k)]))
  })
})

describe('componentColour', () => {
  it('gives 256 different colours', () => {
    const colours = Array.from({ length: 256 }, (_, k) => componentColour(k).join())
    expect(new Set(colours).size).toBe(256)
  })
})
