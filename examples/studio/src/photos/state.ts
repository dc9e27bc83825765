import { batch, computed, effect, signal, untracked } from '@preact/signals'
import * as E from 'fp-ts/lib/Either.js'
import { save } from '../shell/files.js'
import { openClient } from '../work/client.js'
import { latest } from '../work/latest.js'
import type { Failure } from '../work/messages.js'
import packaged from './allium-oreophilum.avif'
import { drawn, forget, hints } from './drawing.js'
import type { Asked, Download, Found, Opened, PhotoTasks, Shown, Step, View } from './tasks.js'

const client = openClient<PhotoTasks>('photos')

/** How smooth labels can be asked to be. */
export const SMOOTHNESS = [0, 0.005, 0.01, 0.02, 0.035, 0.05, 0.07, 0.1, 0.14, 0.2, 0.3, 0.4] as const

/** Where the model's own is among them. */
const OWN = SMOOTHNESS.indexOf(0.05)

export const components = signal(2)
export const smoothness = signal(OWN)
export const view = signal<View>('cut-out')
export const backend = signal<Asked['backend']>('auto')

export const photo = signal<Opened | undefined>(undefined)
export const shown = signal<Shown | undefined>(undefined)
export const found = signal<Found | undefined>(undefined)
export const error = signal<string | undefined>(undefined)
export const notice = signal('')

/** Where the work stands, while there is some. */
export const step = signal<Pick<Step, 'stage' | 'share'> | undefined>(undefined)

/** The objectives of the path that is being followed, or of the one that was kept. */
export const trace = signal<{ readonly title: string; readonly values: ReadonlyArray<number> }>({
  title: '',
  values: [],
})

export const isForeground = computed(() => components.value === 2)

/** What is on its way: a result that was asked for while a hand drew is one of many. */
let running: { readonly controller: AbortController; readonly isLive: boolean } | undefined

const isDrawing = (): boolean => untracked(() => drawn.value !== undefined)

/** Shows something else. Bitmaps are large, so that they are given back at once. */
const show = (next: Shown | undefined): void => {
  const before = shown.value
  shown.value = next
  if (before === undefined || before === found.value?.shown) return
  for (const bitmap of [before.view, ...before.panels]) bitmap.close()
}

const asked = computed(
  (): Asked => ({
    components: components.value,
    smoothness: smoothness.value === OWN ? undefined : SMOOTHNESS[smoothness.value],
    hints: isForeground.value ? hints.value : { strokes: [] },
    backend: backend.value,
    view: untracked(() => view.value),
  }),
)

const fail = (failure: Failure, otherwise: string): void => {
  if (failure._tag === 'Failed') error.value = failure.message
  else notice.value = otherwise
}

const follow = (progress: Step): void =>
  batch(() => {
    const { stage, share, objective } = progress
    step.value = { stage, share }
    if (progress.shown) show(progress.shown)
    if (objective === undefined) return
    const values = trace.value.title === stage ? trace.value.values : []
    // Paths do not fall. After the last step of one, parts that no stroke touches become background, which is another objective.
    if (objective < (values.at(-1) ?? objective)) return
    trace.value = { title: stage, values: [...values, objective] }
  })

const settle = (result: Found): void =>
  batch(() => {
    const { width, height, objectives } = result.coarse
    const before = found.value?.shown
    found.value = result
    show(result.shown)
    for (const bitmap of before ? [before.view, ...before.panels] : []) bitmap.close()
    error.value = undefined
    trace.value = { title: `${width} × ${height} pixels`, values: objectives }
    const foreground = result.parts[1]
    notice.value =
      isForeground.value && foreground
        ? `Foreground found: ${(100 * foreground.share).toFixed(1)} % of the picture.`
        : `${result.parts.length} components found.`
  })

const run = async (request: Asked): Promise<void> => {
  const controller = new AbortController()
  running = { controller, isLive: isDrawing() }
  step.value = { stage: 'starting', share: 0 }
  const done = await client.run(
    'segment',
    { ...request, view: view.value },
    { signal: controller.signal, onProgress: follow },
  )
  if (running?.controller === controller) running = undefined
  batch(() => {
    step.value = undefined
    if (E.isRight(done)) settle(done.right)
    else {
      // What was found before is what there is to download.
      if (found.value) show(found.value.shown)
      fail(done.left, 'Cancelled. What is shown was found before.')
    }
  })
}

const request = latest(run)

export const cancel = (): void => running?.controller.abort()

/** Asks for a result as things stand; what is on its way ends first where a hand is drawing, and is given up otherwise. */
const again = (): void => {
  const next = asked.value
  if (!(isDrawing() && running?.isLive)) cancel()
  request(next)
}

let lastAsked: Asked | undefined

const isSame = (a: Asked | undefined, b: Asked): boolean => a !== undefined && JSON.stringify(a) === JSON.stringify(b)

effect(() => {
  const next = asked.value
  if (photo.value === undefined || isSame(lastAsked, next)) return
  lastAsked = next
  again()
})

// Another view of the same result.
effect(() => {
  const wanted = view.value
  if (untracked(() => found.value === undefined || step.value !== undefined)) return
  void client.run('view', wanted).then(done => {
    const now = shown.value
    if (E.isLeft(done) || now === undefined || view.value !== wanted || found.value === undefined) return
    const next = { ...now, view: done.right }
    found.value = { ...found.value, shown: next }
    shown.value = next
    now.view.close()
  })
})

let opening: AbortController | undefined

/** Opens a picture and forgets the one before, once it is read; what is none leaves everything as it was. */
export const open = async (file: Blob, name: string): Promise<void> => {
  opening?.abort()
  const controller = new AbortController()
  opening = controller
  batch(() => {
    error.value = undefined
    notice.value = `Reading ${name}.`
  })
  cancel()
  const read = await client.run('open', { file, name }, { signal: controller.signal })
  if (opening !== controller) return
  if (E.isLeft(read)) {
    batch(() => {
      notice.value = ''
      fail(read.left, '')
    })
    return
  }
  lastAsked = undefined
  batch(() => {
    forget()
    found.value = undefined
    show(undefined)
    photo.value?.photo.close()
    error.value = undefined
    photo.value = read.right
  })
}

export const openFiles = (files: ReadonlyArray<File>): void => {
  const file = files[0]
  if (file) void open(file, file.name)
}

export const openPackaged = async (): Promise<void> => {
  const before = opening
  try {
    const response = await fetch(packaged)
    if (!response.ok) throw new Error(`the server answered ${response.status}`)
    const blob = await response.blob()
    // Somebody has given another one by then.
    if (opening === before) await open(blob, 'allium-oreophilum.avif')
  } catch (reason) {
    error.value = `The packaged photo cannot be had (${reason instanceof Error ? reason.message : reason}). Choose one of yours.`
  }
}

export const download = async (what: Download): Promise<void> => {
  const done = await client.run('download', what)
  if (E.isLeft(done)) fail(done.left, '')
  else {
    save(done.right.name, done.right.blob)
    notice.value = `Saved ${done.right.name}.`
  }
}
