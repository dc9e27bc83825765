import { above, oneOf, optional, type Schema, text } from '@conjugate/em/schema'
import type { ThemeName } from './theme.js'

/** What every drawing takes. */
export interface DrawingOptions {
  /** Above the drawing, and its accessible name. */
  readonly title?: string
  /** What a reader is told who does not see the drawing; by default what is in it, in numbers. */
  readonly description?: string
  /** Of the whole drawing, in its own units; it can be shown at any size. */
  readonly width?: number
  readonly height?: number
  /**
   * `page`, the default, takes the colour of the text around it and no background, for light and dark pages alike: it is to be
   * put into a page as an element. Components have the colours `--plot-colour-1`, `--plot-colour-2`, ... where a page sets these
   * custom properties. `light` and `dark` are complete by themselves, for files and whatever draws them.
   */
  readonly theme?: ThemeName
  /** Below and beside the axes. */
  readonly xLabel?: string
  readonly yLabel?: string
}

/** Schemas of {@link DrawingOptions}. */
export const drawingFields: Readonly<Record<keyof DrawingOptions, Schema>> = {
  title: optional(text),
  description: optional(text),
  width: optional(above(100)),
  height: optional(above(100)),
  theme: optional(oneOf('page', 'light', 'dark')),
  xLabel: optional(text),
  yLabel: optional(text),
}

const DIGITS = '₀₁₂₃₄₅₆₇₈₉'

/** A whole number as an index: x₁, x₂. */
export const subscript = (index: number): string => [...String(index)].map(digit => DIGITS[Number(digit)]).join('')

/** What a component is called that has no name. */
export const componentName = (k: number): string => `component ${k + 1}`

/** So many components, in words. */
export const counted = (components: number): string => `${components} component${components === 1 ? '' : 's'}`
