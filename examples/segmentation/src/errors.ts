import { describeOptionError, describeOutputError, type OptionError, type OutputError } from '@conjugate/command-line'
import type { FigureError } from '@conjugate/figures'
import { COURSE_PHOTOS } from './course-photos.js'
import type { ImageError } from './image.js'
import type { PhotoError } from './photos.js'
import type { FitError } from './segmentation.js'

/** What can be wrong with a photo in the light of the settings. */
export type MisfitError =
  | { readonly _tag: 'TooFewColours'; readonly components: number; readonly colours: number }
  | { readonly _tag: 'PixelOutside'; readonly pixel: number; readonly pixels: number }

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

/** The error in one line: what is wrong, and what to do about it. */
export const describe = (error: SegmentError): string => {
  switch (error._tag) {
    case 'UnknownOption':
    case 'MissingValue':
    case 'InvalidValue':
    case 'UnexpectedValue':
    case 'UnexpectedArgument':
      return describeOptionError(error)
    case 'FolderUnusable':
    case 'WriteFailed':
      return describeOutputError(error)
    case 'MissingFile':
      return `no such file; give the path of a photo, or one of the names ${COURSE_PHOTOS.join(', ')}`
    case 'NotAFile':
      return 'is not a file; give the path of a PNG, JPEG or WebP file'
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
      return 'is not an image that can be read; expected PNG, JPEG or WebP'
    case 'UnsupportedFormat':
      return `is ${error.format.toUpperCase()}; expected PNG, JPEG or WebP`
    case 'ManyFrames':
      return `is an animation of ${error.frames} frames; expected a single image`
    case 'DamagedImage':
      return `the image is damaged or cut short (${error.reason})`
    case 'TooFewColours':
      return `--components ${error.components} is more than the image has colours: it has ${colours(error.colours)}`
    case 'PixelOutside':
      return `--init-pixels: there is no pixel ${error.pixel}; expected 0 to ${error.pixels - 1}`
    case 'FitFailed':
      return error.reason
    case 'FigureFailed':
      return `the ${error.figure} could not be drawn (${error.reason})`
    case 'SameName':
      return `${error.photos.join(' and ')} would both be written as ${error.name}_seg.png; give them different --out folders`
  }
}
