import type { Executor } from '@conjugate/executors'
import type { FitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { alphaExpansion } from '../cut/alpha-expansion.js'
import { cutOf } from '../cut/minimum-cut.js'
import { type Contrast, contrastOf, contrastWeights } from '../grid/contrast.js'
import type { Field, Grid } from '../grid/field.js'
import { type RgbImage, visibilityOf } from '../grid/image.js'
import { loadGaussians } from './gaussians.js'
import type { Learnt } from './learnt.js'
import { colourRows, type LevelOptions } from './level.js'

/** A rectangle of pixels within a picture. */
interface Window extends Grid {
  readonly x: number
  readonly y: number
}

/** The longest side of a window, in pixels: smaller ones have less in them that is far from a boundary. */
const SIDE = 384

const CONTRAST_PIXELS = 1e6

/** Labels of a picture that are to become better. */
interface Improvable {
  readonly image: RgbImage
  readonly labels: Uint8Array
  /** Whether the label of a pixel has to stay. */
  readonly fixed?: (pixel: number) => boolean
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

/** The values of the pixels of a window, `channels` for each. */
const within = (data: RgbImage['data'], width: number, window: Window, channels: number): RgbImage['data'] => {
  const length = channels * window.width * window.height
  const cut = data.BYTES_PER_ELEMENT === 1 ? new Uint8Array(length) : new Uint16Array(length)
  for (let row = 0; row < window.height; row++) {
    const from = channels * ((window.y + row) * width + window.x)
    cut.set(data.subarray(from, from + channels * window.width), channels * row * window.width)
  }
  return cut
}

const cropped = ({ width, data, opacity }: RgbImage, window: Window): RgbImage => ({
  width: window.width,
  height: window.height,
  data: within(data, width, window, 3),
  ...(opacity && { opacity: within(opacity, width, window, 1) }),
})

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

/** Labels of highest gain and field, or, of more than two, labels that are no worse than those before. */
const bestUnder = (
  field: Field,
  gains: Float64Array,
  before: Uint8Array,
  count: number,
): E.Either<FitError, ArrayLike<number>> => {
  if (count !== 2)
    return pipe(
      alphaExpansion(field, { labels: count, costs: gains.map(v => -v), initial: before }),
      E.map(({ labels }) => labels),
    )
  const costs = new Float64Array(before.length)
  for (let n = 0; n < costs.length; n++) costs[n] = gains[2 * n]! - gains[2 * n + 1]!
  return cutOf(field).solve(costs)
}

/** The best labels of a window given all others; pixels outside of the band, and those of the rim, stay as they are. */
const improve = async (
  executor: Executor,
  { image, labels, fixed, leaning }: Improvable,
  band: Uint8Array,
  core: Window,
  model: LevelOptions,
  learnt: Learnt,
  contrast: Contrast,
): Promise<E.Either<FitError, undefined>> => {
  const window = widened(core, image)
  const part = cropped(image, window)
  const visibility = visibilityOf(part)
  const { colours, index } = colourRows(part, visibility)
  const loaded = await loadGaussians(executor, colours, model)()
  if (E.isLeft(loaded)) return loaded
  const logs = await loaded.right.labelLogs(learnt)()
  loaded.right.dispose()
  if (E.isLeft(logs)) return logs
  const count = model.labels
  /** What is gained by each label: what is not open keeps its own. */
  const gains = new Float64Array(index.length * count).fill(Number.NEGATIVE_INFINITY)
  const before = new Uint8Array(index.length)
  for (let row = 0, i = 0; row < window.height; row++)
    for (let column = 0; column < window.width; column++, i++) {
      const [x, y] = [column + window.x, row + window.y]
      const n = y * image.width + x
      const isCore = x >= core.x && x < core.x + core.width && y >= core.y && y < core.y + core.height
      before[i] = labels[n]!
      if (!isCore || band[n] !== 1 || fixed?.(n)) gains[i * count + labels[n]!] = 0
      else {
        const share = visibility?.[i] ?? 1
        for (let k = 0; k < count; k++) gains[i * count + k] = share * logs.right[index[i]! * count + k]!
        if (leaning) gains[i * count + 1]! += share * leaning(n)
      }
    }
  const field: Field = { width: part.width, height: part.height, weights: contrastWeights(part, contrast) }
  const better = bestUnder(field, gains, before, count)
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
    model: LevelOptions,
    learnt: Learnt,
    onWindow: (share: number) => E.Either<FitError, undefined>,
  ): TaskEither<FitError, undefined> =>
  async () => {
    const { image, labels } = improvable
    const band = bandOf(image, labels, distance)
    // As many pixels as this say what the contrast is as well as all of them would.
    const stride = Math.max(1, Math.floor((image.width * image.height) / CONTRAST_PIXELS))
    const contrast = contrastOf(image, model.smoothness, Math.min(stride, image.height))
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
