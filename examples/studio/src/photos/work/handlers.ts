import type { SegmentProgress } from '@conjugate/images'
import { describeFitError } from '@conjugate/models'
import { cutOutPixels, findRegions, type RegionsResult, type Seen, seenOf } from '@conjugate/segmentation/regions'
import * as E from 'fp-ts/lib/Either.js'
import { stemOf } from '../../shell/files.js'
import type { Context, Handler, Handlers } from '../../work/handlers.js'
import { cancelled, failed } from '../../work/messages.js'
import type { Asked, Found, PhotoTasks, Shown, Step, View } from '../tasks.js'
import { fileOf } from './files.js'
import { coloursOf, type Labelled, maskOf, panelsOf, type Small, shownPhoto, shownRgba } from './pictures.js'
import { type Photo, readPhoto } from './read.js'
import { ITERATIONS, marksOf, settingsOf } from './search.js'

declare const __VERSION__: string

interface Current extends Photo {
  readonly small: Small
}

let current: Current | undefined
let result: RegionsResult | undefined

const noPhoto = E.left(failed('There is no photo yet.'))

const open: Handler<PhotoTasks['open']> = async ({ file, name }, { signal }) => {
  const read = await readPhoto(file, name)
  if (E.isLeft(read)) return E.left(failed(read.left))
  // Another one was given while this one was read.
  if (signal.aborted) return E.left(cancelled)
  const { picture, remarks } = read.right
  const { photo, small } = shownPhoto(picture)
  current = { ...read.right, small }
  result = undefined
  return E.right({ output: { name, width: picture.width, height: picture.height, photo, remarks }, transfer: [photo] })
}

/** What can be seen of a photo. Errors: nothing, or too few colours for what is asked for. */
const seenIn = (photo: Photo, components: number): E.Either<string, Seen> => {
  const seen = seenOf(photo.picture, { white: undefined, components })
  if (E.isRight(seen)) return seen
  const error = seen.left
  if (error._tag === 'NothingVisible')
    return E.left(`${photo.name} is transparent everywhere, so there is nothing to tell apart.`)
  if (error._tag === 'TooFewColours')
    return E.left(
      `${photo.name} has ${error.colours === 1 ? '1 colour' : `${error.colours} colours`}, fewer than ${components} components.`,
    )
  return E.left(`${photo.name} does not fit what is asked for.`)
}

/** What lies over the photo. */
const viewOf = (view: View, found: Labelled, cutOut?: () => ImageBitmap): ImageBitmap => {
  if (view === 'components' || found.components !== 2) return coloursOf(found)
  return view === 'cut-out' && cutOut ? cutOut() : maskOf(found)
}

const shownOf = (found: Labelled, view: View, small: Small, cutOut?: () => ImageBitmap): Shown => ({
  view: viewOf(view, found, cutOut),
  panels: panelsOf(small, found),
})

const bitmapsOf = ({ view, panels }: Shown): ReadonlyArray<ImageBitmap> => [view, ...panels]

const labelledOf = ({ found, image, counts }: RegionsResult): Labelled => ({
  width: image.width,
  height: image.height,
  components: counts.length,
  labels: found.labels,
  ...(image.opacity && { opacity: image.opacity }),
})

const cutOutOf = (result: RegionsResult) => (): ImageBitmap => {
  if (result._tag !== 'Foreground') return coloursOf(labelledOf(result))
  return shownRgba(cutOutPixels(result) as Uint8Array, result.image.width, result.image.height)
}

/** How often a person is shown where it stands, in milliseconds: screens have more frames, and time is for the fit. */
const SHOWN_EVERY = 60

/** Tells of points of a path, and shows some of them. */
const telling = ({ report }: Context<Step>, { components, view }: Asked, small: Small) => {
  let last = Number.NEGATIVE_INFINITY
  return ({ stage, share, objective, found }: SegmentProgress): void => {
    const step: Step = { stage, share, ...(objective !== undefined && { objective }) }
    const now = performance.now()
    if (found === undefined || now - last < SHOWN_EVERY) {
      report(step)
      return
    }
    last = now
    const shown = shownOf({ ...found, components }, view, small)
    report({ ...step, shown }, bitmapsOf(shown))
  }
}

const partsOf = ({ counts, _tag }: RegionsResult): Found['parts'] => {
  const visible = counts.reduce((a, b) => a + b, 0)
  return counts.map((pixels, k) => ({
    name: _tag === 'Foreground' ? ['Background', 'Foreground'][k]! : `Component ${k + 1}`,
    share: pixels / visible,
    pixels,
  }))
}

const segment: Handler<PhotoTasks['segment']> = async (asked, context) => {
  const photo = current
  if (photo === undefined) return noPhoto
  const seen = seenIn(photo, asked.components)
  if (E.isLeft(seen)) return E.left(failed(seen.left))
  const settings = settingsOf(asked)
  const strokes = asked.components === 2 ? marksOf(asked.hints, photo.picture) : {}
  const done = await findRegions(
    {
      job: { photo: photo.name, name: stemOf(photo.name) },
      settings,
      picture: photo.picture,
      seen: seen.right,
      strokes,
    },
    {
      iterations: ITERATIONS,
      backend: asked.backend,
      // Where threads may not share memory there is one.
      threads: globalThis.crossOriginIsolated ? 'auto' : 1,
      signal: context.signal,
      onIteration: telling(context, asked, photo.small),
    },
  )()
  if (E.isLeft(done))
    return E.left(done.left._tag === 'Cancelled' ? cancelled : failed(`${describeFitError(done.left)}.`))
  if (context.signal.aborted || current !== photo) return E.left(cancelled)
  result = done.right
  const shown = shownOf(labelledOf(result), asked.view, photo.small, cutOutOf(result))
  const { found, seconds } = result
  const certainty = result._tag === 'Foreground' ? result.found.certainty : undefined
  return E.right({
    output: {
      shown,
      parts: partsOf(result),
      ...(certainty !== undefined && { certainty }),
      objective: found.objective,
      coarse: found.coarse,
      seconds,
      backend: found.backend,
    },
    transfer: bitmapsOf(shown),
  })
}

const view: Handler<PhotoTasks['view']> = async asked => {
  if (result === undefined) return E.left(failed('There is nothing to show yet.'))
  const output = viewOf(asked, labelledOf(result), cutOutOf(result))
  return E.right({ output, transfer: [output] })
}

const download: Handler<PhotoTasks['download']> = async what => {
  if (result === undefined) return E.left(failed('There is nothing to download yet.'))
  const file = await fileOf(what, result, __VERSION__)
  return E.isLeft(file) ? E.left(failed(file.left)) : E.right({ output: file.right })
}

export const handlers: Handlers<PhotoTasks> = { open, segment, view, download }
