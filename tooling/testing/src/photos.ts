import { join } from 'node:path'
import sharp from 'sharp'
import { sharedFolder } from './shared-folder.js'

/** The folder of the four photos of the course. */
export const photoFolder = sharedFolder('CONJUGATE_IMAGES', 'images')

export const hasPhotos: boolean = photoFolder !== undefined

export interface Photo {
  readonly width: number
  readonly height: number
  /** Red, green and blue of each pixel, row-major; alpha dropped. */
  readonly bytes: Uint8Array
}

export const readPhoto = async (file: string): Promise<Photo> => {
  if (photoFolder === undefined) throw new Error('there is no folder of photos')
  const { data, info } = await sharp(join(photoFolder, file)).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, bytes: data }
}

const maskFolder = sharedFolder('CONJUGATE_MASKS', 'masks')

/** Whether there are masks of photos. */
export const hasMasks: boolean = maskFolder !== undefined

/** Which pixels of a photo are its foreground: 0 or 1, and 2 where it is left open. */
export const readMask = async (name: string): Promise<Uint8Array> => {
  if (maskFolder === undefined) throw new Error('there is no folder of masks')
  const grey = await sharp(join(maskFolder, `${name}_mask.png`))
    .removeAlpha()
    .toColourspace('b-w')
    .raw()
    .toBuffer()
  return Uint8Array.from(grey, v => (v < 64 ? 0 : v > 192 ? 1 : 2))
}
