// Foregrounds by `@conjugate/images`: node foreground.js
import { readFileSync } from 'node:fs'
import { contrastField, foregroundModel, labOf, minimumCut, segment } from '@conjugate/images'
import { describeFitError } from '@conjugate/models'
import { right } from './map.js'
import { answerLines } from './serve.js'

const model = foregroundModel()

/** Milliseconds of processor time that something takes. @template A @param {() => A | Promise<A>} work */
const timed = async work => {
  const began = process.cpuUsage()
  const value = await work()
  const { user, system } = process.cpuUsage(began)
  return { value, milliseconds: (user + system) / 1000 }
}

/**
 * A cut after a stroke, from the flow of the one before: costs are the distances of colours to two of the picture.
 * @param {import('@conjugate/images').RgbImage} image
 */
const strokeMilliseconds = async image => {
  const lab = labOf(image)
  const [width, height] = [image.width, image.height]
  const costs = Float64Array.from({ length: width * height }, (_, n) => 40 * (lab[3 * n] - 0.5))
  const cut = right(minimumCut(right(contrastField(image), String)), String)
  right(cut.solve(costs), String)
  const row = Math.floor(height / 3)
  const stroke = costs.map((c, n) =>
    Math.abs(Math.floor(n / width) - row) < 4 && n % width > width / 4 && n % width < width / 2
      ? Number.POSITIVE_INFINITY
      : c,
  )
  return (await timed(() => right(cut.resolve(stroke), String))).milliseconds
}

await answerLines(async ({ pixels, width, height, box: [x, y, w, h] }) => {
  const image = { width, height, data: new Uint8Array(readFileSync(pixels)) }
  const box = { x, y, width: w, height: h }
  const { milliseconds } = await timed(async () =>
    right(await segment(model, image, { box, threads: 1 })(), describeFitError),
  )
  return { version: process.version, milliseconds, strokeMilliseconds: await strokeMilliseconds(image) }
})
