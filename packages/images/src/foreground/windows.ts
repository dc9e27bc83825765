import type { Executor } from '@conjugate/executors'
import type { FitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { cutOf } from '../cut/minimum-cut.js'
import { type Contrast, contrastOf, contrastWeights } from '../grid/contrast.js'
import type { Field, Grid } from '../grid/field.js'
import type { RgbImage } from '../grid/image.js'
import { loadGaussians } from './gaussians.js'
import type { Learnt } from './learnt.js'
import { colourRows } from './level.js'
import type { ForegroundModel } from './model.js'

/** A rectangle of pixels within a picture. */
interface Window extends Grid {
  readonly x: number
  readonly y: number
}

/** The longest side of a window, in pixels, which bounds the memory of its cut. */
const SIDE = 768

/** Labels of a picture that are to become better. */
interface Improvable {
  readonly image: RgbImage
  readonly labels: Uint8Array
  /** N: the label that a pixel has to have; -1 where it is open. */
  readonly fixed: Int8Array
  readonly leaning?: (pixel: number) => number
}

/** Pixels that are at most `distance` away from one with another label, either way. */
export const bandOf = ({ width, height }: Grid, labels: Uint8Array, distance: number): Uint8Array => {
  const across = new Uint8Array(width * height)
  const edge = new Uint8Array(width)
  for (let row = 0; row < height; row++) {
    const at = row * width
    for (let column = 0; column < width; column++) {
      const n = at + column
      const right = column + 1 < width && labels[n] !== labels[n + 1]
      const below = row + 1 < height && labels[n] !== labels[n + width]
      edge[column] = right || below ? 1 : 0
    }
    for (let column = 0, last = -Infinity; column < width; column++) {
      if (edge[column] === 1) last = column
      if (column - last <= distance) across[at + column] = 1
    }
    for (let column = width - 1, last = Infinity; column >= 0; column--) {
      if (edge[column] === 1) last = column
      if (last - column <= distance) across[at + column] = 1
    }
  }
  const band = new Uint8Array(width * height)
  for (let column = 0; column < width; column++) {
    for (let row = 0, last = -Infinity; row < height; row++) {
      if (across[row * width + column] === 1) last = row
      if (row - last <= distance) band[row * width + column] = 1
    }
    for (let row = height - 1, last = Infinity; row >= 0; row--) {
      if (across[row * width + column] === 1) last = row
      if (last - row <= distance) band[row * width + column] = 1
    }
  }
  return band
}

/** The smallest window around what is in a band, within a window; `undefined` where there is nothing. */
const around = (band: Uint8Array, width: number, { x, y, width: w, height: h }: Window): Window | undefined => {
  let [left, right, top, bottom] = [x + w, -1, -1, -1]
  for (let row = y; row < y + h; row++)
    for (let column = x; column < x + w; column++) {
      if (band[row * width + column] === 0) continue
      if (top < 0) top = row
      bottom = row
      if (column < left) left = column
      if (column > right) right = column
    }
  return top < 0 ? undefined : { x: left, y: top, width: right + 1 - left, height: bottom + 1 - top }
}

const cropped = ({ width, data }: RgbImage, window: Window): RgbImage => {
  const length = 3 * window.width * window.height
  const cut = data.BYTES_PER_ELEMENT === 1 ? new Uint8Array(length) : new Uint16Array(length)
  for (let row = 0; row < window.height; row++) {
    const from = 3 * ((window.y + row) * width + window.x)
    cut.set(data.subarray(from, from + 3 * window.width), 3 * row * window.width)
  }
  return { width: window.width, height: window.height, data: cut }
}

/** One window with a rim of a pixel around it, which stays as it is. */
const widened = ({ x, y, width, height }: Window, grid: Grid): Window => {
  const [left, top] = [Math.max(0, x - 1), Math.max(0, y - 1)]
  return {
    x: left,
    y: top,
    width: Math.min(grid.width, x + width + 1) - left,
    height: Math.min(grid.height, y + height + 1) - top,
  }
}

/** The best labels of a window given all others; pixels outside of the band, and those of the rim, stay as they are. */
const improve = async (
  executor: Executor,
  { image, labels, fixed, leaning }: Improvable,
  band: Uint8Array,
  core: Window,
  model: ForegroundModel,
  learnt: Learnt,
  contrast: Contrast,
): Promise<E.Either<FitError, undefined>> => {
  const window = widened(core, image)
  const part = cropped(image, window)
  const { colours, index } = colourRows(part)
  const loaded = await loadGaussians(executor, colours, model.components)()
  if (E.isLeft(loaded)) return loaded
  const logs = await loaded.right.labelLogs(learnt)()
  loaded.right.dispose()
  if (E.isLeft(logs)) return logs
  const labelLogs = logs.right
  const costs = new Float64Array(index.length)
  for (let row = 0, i = 0; row < window.height; row++)
    for (let column = 0; column < window.width; column++, i++) {
      const [x, y] = [column + window.x, row + window.y]
      const n = y * image.width + x
      const isCore = x >= core.x && x < core.x + core.width && y >= core.y && y < core.y + core.height
      if (isCore && band[n] === 1 && fixed[n]! < 0)
        costs[i] = labelLogs[2 * index[i]!]! - labelLogs[2 * index[i]! + 1]! - (leaning?.(n) ?? 0)
      else costs[i] = labels[n] === 1 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
    }
  const field: Field = { width: part.width, height: part.height, weights: contrastWeights(part, contrast) }
  const better = cutOf(field).solve(costs)
  if (E.isLeft(better)) return better
  for (let row = 0, i = 0; row < window.height; row++)
    for (let column = 0; column < window.width; column++, i++)
      labels[(row + window.y) * image.width + column + window.x] = better.right[i]!
  return E.right(undefined)
}

/**
 * Improves the labels of a large picture near their boundary, window after window, in place, with parameters that are known. Each
 * window is cut exactly given the labels of all others, so that none of them lowers the objective; memory is that of one window.
 */
export const improveInWindows =
  (
    executor: Executor,
    improvable: Improvable,
    distance: number,
    model: ForegroundModel,
    learnt: Learnt,
    onWindow: (share: number) => E.Either<FitError, undefined>,
  ): TaskEither<FitError, undefined> =>
  async () => {
    const { image, labels } = improvable
    const band = bandOf(image, labels, distance)
    const contrast = contrastOf(image, model.smoothness)
    for (let y = 0; y < image.height; y += SIDE)
      for (let x = 0; x < image.width; x += SIDE) {
        const told = onWindow((y * image.width + x * SIDE) / (image.width * image.height))
        if (E.isLeft(told)) return told
        const whole = { x, y, width: Math.min(SIDE, image.width - x), height: Math.min(SIDE, image.height - y) }
        const core = around(band, image.width, whole)
        const done = core
          ? await improve(executor, improvable, band, core, model, learnt, contrast)
          : E.right(undefined)
        if (E.isLeft(done)) return done
      }
    return E.right(undefined)
  }
