import type { Task } from '../work/messages.js'

/** A column and a row of the photo. */
export type Point = readonly [column: number, row: number]

/** What a person has drawn. */
export interface Hints {
  /** First column, first row, width and height of what the foreground is within. */
  readonly box?: readonly [number, number, number, number]
  /** The corners of what the foreground is within. */
  readonly lasso?: ReadonlyArray<Point>
  /** Strokes in the order in which they were drawn: of two that cross the later is right. */
  readonly strokes: ReadonlyArray<{
    readonly label: 'foreground' | 'background'
    readonly points: ReadonlyArray<Point>
  }>
}

/** How the result is shown over the photo. */
export type View = 'cut-out' | 'mask' | 'components'

/** What a photo is segmented by. */
export interface Asked {
  readonly components: number
  /** The model's own where it is absent. */
  readonly smoothness: number | undefined
  readonly hints: Hints
  readonly backend: 'auto' | 'webgpu'
  readonly view: View
}

export interface Opened {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly photo: ImageBitmap
  /** What was made of the file, where that does not go without saying. */
  readonly remarks: ReadonlyArray<string>
}

/** The labels as pictures. */
export interface Shown {
  /** What lies over the photo. */
  readonly view: ImageBitmap
  /** The photo and each component alone, small. */
  readonly panels: ReadonlyArray<ImageBitmap>
}

/** A point on the way. */
export interface Step {
  readonly stage: string
  /** From 0 to 1. */
  readonly share: number
  readonly objective?: number
  readonly shown?: Shown
}

export interface Found {
  readonly shown: Shown
  /** What the components are called, and which share of what can be seen each has. */
  readonly parts: ReadonlyArray<{ readonly name: string; readonly share: number; readonly pixels: number }>
  /** How sure a guess is; absent where something was drawn. */
  readonly certainty?: number
  readonly objective: number
  /** The objectives of the path from the start that was kept, on a small picture of that size. */
  readonly coarse: { readonly width: number; readonly height: number; readonly objectives: ReadonlyArray<number> }
  readonly seconds: number
  readonly backend: string
}

export const downloads = ['cut-out', 'mask', 'panels', 'labels', 'summary'] as const

export type Download = (typeof downloads)[number]

/** What the worker of photos does. */
export type PhotoTasks = {
  readonly open: Task & { readonly input: { readonly file: Blob; readonly name: string }; readonly output: Opened }
  readonly segment: Task & { readonly input: Asked; readonly progress: Step; readonly output: Found }
  readonly view: Task & { readonly input: View; readonly output: ImageBitmap }
  readonly download: Task & {
    readonly input: Download
    readonly output: { readonly name: string; readonly blob: Blob }
  }
}
