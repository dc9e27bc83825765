import { describeOptionError, describeOutputError, type OptionError, type OutputError } from '@conjugate/command-line'
import { describeFigureError, type FigureError } from '@conjugate/figures'
import { COURSE_PHOTOS } from './course-photos.js'
import { READABLE } from './formats.js'
import type { ImageError } from './image.js'
import type { PhotoError } from './photos.js'
import type { FitError } from './segmentation.js'

/** What can be wrong with a photo in the light of the settings. */
export type MisfitError =
  | { readonly _tag: 'TooFewColours'; readonly components: number; readonly colours: number }
  | { readonly _tag: 'PixelOutside'; readonly pixel: number; readonly pixels: number }
  | { readonly _tag: 'PixelTransparent'; readonly pixel: number }
  | { readonly _tag: 'WhiteIsKnown' }
  | { readonly _tag: 'NothingVisible'; readonly pixels: number }
  | { readonly _tag: 'NoBlankLabel'; readonly components: number }
  | { readonly _tag: 'StrokesUnreadable'; readonly option: string; readonly reason: string }
  | { readonly _tag: 'StrokesMisfit'; readonly option: string; readonly expected: string; readonly received: string }
  | { readonly _tag: 'StrokeOutside'; readonly option: string; readonly point: string; readonly size: string }

/** Two photos whose results would have the same names. */
export interface SameName {
  readonly _tag: 'SameName'
  readonly name: string
  readonly photos: readonly [string, string]
}

export type SegmentError =
  | OptionError
  | OutputError
  | PhotoError
  | ImageError
  | MisfitError
  | FitError
  | FigureError
  | SameName

const colours = (count: number): string => (count === 1 ? '1 colour' : `${count} different colours`)

const millions = (pixels: number): string => Math.floor(pixels / 1e6).toLocaleString('en-US')

/** The error in one line: what is wrong, and what to do about it. */
export const describe = (error: SegmentError): string => {
  switch (error._tag) {
    case 'WrongOptions':
      return describeOptionError(error)
    case 'FolderUnusable':
    case 'WriteFailed':
      return describeOutputError(error)
    case 'MissingFile':
      return `no such file; give the path of a photo, or one of the names ${COURSE_PHOTOS.join(', ')}`
    case 'NotAFile':
      return 'is not a file; give the path of a picture'
    case 'EmptyFile':
      return 'the file is empty'
    case 'UnreadableFile':
      return `cannot be read (${error.reason})`
    case 'DownloadFailed':
      return (
        `cannot be downloaded (${error.reason}); give the path of a photo, ` +
        `or set CONJUGATE_IMAGES to a folder that holds ${error.photo}.png`
      )
    case 'WrongChecksum':
      return `what ${error.url} holds is not the course's photo (its SHA-256 differs), so it was not used`
    case 'NotAnImage':
      return `is not an image that can be read; expected ${READABLE}`
    case 'UnsupportedFormat':
      return `is ${error.format}, which cannot be read; ${error.advice}`
    case 'UnsupportedChannels':
      return `has ${error.channels} channels; expected up to four of 8 or 16 bits`
    case 'TooManyPixels':
      return (
        `has ${millions(error.pixels)} million pixels, more than the ${millions(error.most)} million that can be read; ` +
        'scale it down below that limit'
      )
    case 'DamagedImage':
      return `the ${error.format} image is damaged or cut short (${error.reason})`
    case 'TooFewColours':
      return `--components ${error.components} is more than the image has colours: it has ${colours(error.colours)}`
    case 'PixelOutside':
      return `--init-pixels: there is no pixel ${error.pixel}; expected 0 to ${error.pixels - 1}`
    case 'PixelTransparent':
      return `--init-pixels: pixel ${error.pixel} is transparent, so it has no colour to start from`
    case 'WhiteIsKnown':
      return '--white: the image has 8 bits a channel, of which white is 255'
    case 'NothingVisible':
      return `all ${error.pixels} pixels are transparent, so there is no colour to tell apart`
    case 'NoBlankLabel':
      return `--components ${error.components}: expected at most ${error.components - 1} for an image with transparent pixels`
    case 'StrokesUnreadable':
      return `--${error.option}: the picture ${error.reason}`
    case 'StrokesMisfit':
      return `--${error.option}: the picture has ${error.received} pixels, expected ${error.expected} as in the photo`
    case 'StrokeOutside':
      return `--${error.option}: the point ${error.point} is outside of the photo, which has ${error.size} pixels`
    case 'FitFailed':
      return error.reason
    case 'FigureFailed':
      return describeFigureError(error)
    case 'SameName':
      return `${error.photos.join(' and ')} would both be written as ${error.name}_seg.png; give them different --out folders`
  }
}
