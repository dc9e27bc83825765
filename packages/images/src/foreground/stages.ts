import { tryCall } from '@conjugate/em'
import type { Executor } from '@conjugate/executors'
import type { FitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { RgbImage } from '../grid/image.js'
import { type Coarse, fromBox, fromGuess, fromStrokes, hasBoth, settledAt, strokeWeights } from './coarse.js'
import { fixedBy, OPEN } from './hints.js'
import { openJournal } from './journal.js'
import type { Learnt } from './learnt.js'
import { openLevel, withLevel } from './level.js'
import type { ForegroundModel } from './model.js'
import { follow, type PathOptions, type Point, type Reached } from './path.js'
import { followStrokes } from './settled.js'
import { along, nth, SHARES, teller, toldOf } from './shares.js'
import { enlarge, type Shrunk, shrinkTo } from './size.js'
import type { LabelMixture, Segmentation, SegmentOptions, Size } from './types.js'
import { improveInWindows } from './windows.js'

const COARSE_PIXELS = 15_000
/** Guesses are of places, too. */
const GUESS_PIXELS = 20_000
const FINE_PIXELS = 600_000

/** M-steps at full size: two rounds of a cut and of EM. */
const FINE_STEPS = 1

/** Values of a smaller picture at the pixels of a larger one. */
const spread = (values: Float64Array, from: Shrunk, to: RgbImage, scale: number): Float64Array => {
  const { image, factor } = from
  const large = new Float64Array(to.width * to.height)
  for (let row = 0, n = 0; row < to.height; row++) {
    const at = Math.min(image.height - 1, Math.floor((row * scale) / factor)) * image.width
    for (let column = 0; column < to.width; column++, n++)
      large[n] = values[at + Math.min(image.width - 1, Math.floor((column * scale) / factor))]!
  }
  return large
}

/** Labels of a smaller picture at a larger size, with what is known there. */
const enlarged = (labels: Uint8Array, from: Shrunk, to: RgbImage, scale: number, fixed: Int8Array): Uint8Array => {
  const large = enlarge(labels, from, to, scale)
  for (let n = 0; n < large.length; n++) if (fixed[n] !== OPEN) large[n] = fixed[n]!
  return large
}

/** Parameters, by label. */
const mixturesOf = (
  { weights, components }: Learnt,
  k: number,
): { readonly background: LabelMixture; readonly foreground: LabelMixture } => ({
  background: { weights: weights.slice(0, k), components: components.slice(0, k) },
  foreground: { weights: weights.slice(k), components: components.slice(k) },
})

/** Segments a picture with a model and hints that have been checked. */
export const segmentChecked =
  (
    executor: Executor,
    model: ForegroundModel,
    image: RgbImage,
    options: SegmentOptions,
  ): TaskEither<FitError, Segmentation> =>
  async () => {
    const { box, foreground, background, signal, acceleration = 'none' } = options
    const hasStrokes = foreground !== undefined || background !== undefined
    const isGuess = box === undefined && !hasStrokes
    const tell = teller(options)
    const { iterations, tolerance, coarsePixels, finePixels } = options
    const { x, y, width, height } = box ?? { x: 0, y: 0, width: 0, height: 0 }
    const decisive = {
      model,
      box: [x, y, width, height],
      acceleration,
      iterations,
      tolerance,
      coarsePixels,
      finePixels,
    }
    const journal = await openJournal(options.checkpoint, image, { ...decisive, backend: executor.description }, [
      foreground,
      background,
    ])()
    if (E.isLeft(journal)) return journal
    const pathOptions =
      (size: Size, from: number, to: number) =>
      (stage: string, most: number, i = 0, count = 1): PathOptions => ({
        acceleration,
        journal: journal.right,
        iterations: Math.min(most, options.iterations ?? most),
        ...(options.tolerance !== undefined && { tolerance: options.tolerance }),
        ...(signal && { signal }),
        onIteration: (point: Point) =>
          tell(stage, along(nth([from, to], i, count), point.index, most), toldOf(point, size)),
      })

    /** Where there are strokes, on a picture of smaller sides. */
    const strokesAt = (factor: number): Uint8Array =>
      Uint8Array.from(
        fixedBy(image, { ...(foreground && { foreground }), ...(background && { background }) }, factor),
        v => (v === OPEN ? 0 : 1),
      )

    const small = shrinkTo(image, options.coarsePixels ?? (isGuess ? GUESS_PIXELS : COARSE_PIXELS))
    const coarse: E.Either<FitError, Coarse> = await withLevel(
      openLevel(executor, small.image, { fixed: fixedBy(image, options, small.factor) }, { labels: 2, ...model }),
      level => {
        if (isGuess) return fromGuess(executor, level, pathOptions(small.image, SHARES.coarse, SHARES.fine))
        if (!hasStrokes) return fromBox(executor, level, pathOptions(small.image, SHARES.coarse, SHARES.fine))
        return fromStrokes(
          executor,
          level,
          strokesAt(small.factor),
          pathOptions(small.image, SHARES.coarse, SHARES.fine),
        )
      },
    )()
    if (E.isLeft(coarse)) return coarse
    const { reached: found, leaning, certainty } = coarse.right

    const fine = shrinkTo(image, options.finePixels ?? FINE_PIXELS)
    const fixed = fixedBy(image, options, fine.factor)
    const labels = enlarged(found.last.expectation.statistics.labels, small, fine.image, fine.factor, fixed)
    const hints = {
      fixed,
      ...(hasStrokes && { weights: strokeWeights(labels, strokesAt(fine.factor)) }),
      ...(leaning && { leaning: spread(leaning, small, fine.image, fine.factor) }),
    }
    const path = pathOptions(fine.image, SHARES.fine, SHARES.windows)('whole picture', FINE_STEPS)
    const start = { ...found.last.parameters, labels }
    const settled: E.Either<FitError, Reached> =
      fine.factor === small.factor && !hasStrokes
        ? E.right(found)
        : await withLevel(openLevel(executor, fine.image, hints, { labels: 2, ...model }), level => async () => {
            const reached = await followStrokes(level, start, path)()
            if (!isGuess || E.isLeft(reached)) return reached
            const isLost = !hasBoth(reached.right.last.expectation.statistics.labels, level.hints.weights)
            return isLost ? follow(settledAt(level, labels), start, path)() : reached
          })()
    if (E.isLeft(settled)) return settled
    const { last, objectives } = settled.right
    const { statistics } = last.expectation

    let whole = statistics.labels
    if (fine.factor > 1) {
      const known = fixedBy(image, options)
      whole = enlarged(whole, fine, image, 1, known)
      const improved = await improveInWindows(
        executor,
        {
          image,
          labels: whole,
          fixed: (n: number) => known[n] !== OPEN,
          ...(leaning && {
            leaning: (n: number) => {
              const [x, y] = [n % image.width, Math.floor(n / image.width)]
              const { width, height } = small.image
              const row = Math.min(height - 1, Math.floor(y / small.factor))
              return leaning[row * width + Math.min(width - 1, Math.floor(x / small.factor))]!
            },
          }),
        },
        2 * fine.factor,
        { labels: 2, ...model },
        last.parameters,
        share => {
          if (signal?.aborted) return E.left({ _tag: 'Cancelled', iteration: last.index })
          const told = tryCall('onIteration', () => tell('all pixels', SHARES.windows + (1 - SHARES.windows) * share))
          return E.isLeft(told) ? told : E.right(undefined)
        },
      )()
      if (E.isLeft(improved)) return improved
    }
    return E.right({
      labels: whole,
      ...mixturesOf(last.parameters, model.components),
      objective: last.objective,
      objectives,
      parts: { ...statistics.parts, logPrior: last.logPrior },
      ...(certainty !== undefined && { certainty }),
      fitted: { width: fine.image.width, height: fine.image.height },
      coarse: { width: small.image.width, height: small.image.height, objectives: found.objectives },
      backend: executor.description,
    })
  }
