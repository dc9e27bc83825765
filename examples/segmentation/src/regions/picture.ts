import type { RgbImage } from '@conjugate/images'
import * as E from 'fp-ts/lib/Either.js'
import { distinctColoursOf } from '../colours.js'
import type { MisfitError } from '../errors.js'
import type { Picture } from '../image.js'
import { MOST_COMPONENTS } from '../labels.js'
import type { Settings } from '../options.js'

/** A photo as the models of regions take it. */
export interface Seen {
  readonly image: RgbImage
  readonly transparent: number
}

type Channels = Uint8Array | Uint16Array

/** Colours apart from opacities; pixels that are transparent are black. */
const apart = (
  data: Channels,
): { readonly data: Channels; readonly opacity: Channels; readonly transparent: number } => {
  const pixels = data.length / 4
  const room = (length: number): Channels =>
    data.BYTES_PER_ELEMENT === 1 ? new Uint8Array(length) : new Uint16Array(length)
  const [rgb, opacity] = [room(3 * pixels), room(pixels)]
  let transparent = 0
  for (let n = 0; n < pixels; n++) {
    opacity[n] = data[4 * n + 3]!
    if (opacity[n] === 0) transparent++
    else for (let c = 0; c < 3; c++) rgb[3 * n + c] = data[4 * n + c]!
  }
  return { data: rgb, opacity, transparent }
}

/** How many different colours of sixteen bits can be seen, up to as many as are needed. */
const deepColoursOf = (data: Channels, opacity: Channels | undefined, needed: number): number => {
  const found = new Set<number>()
  for (let n = 0; 3 * n < data.length && found.size < needed; n++)
    if (opacity?.[n] !== 0) found.add((data[3 * n]! * 65536 + data[3 * n + 1]!) * 65536 + data[3 * n + 2]!)
  return found.size
}

/** What can be seen of a photo. Errors: white is given for one of eight bits; nothing can be seen; it has too few colours. */
export const seenOf = (
  picture: Picture,
  { white, components }: Pick<Settings, 'white' | 'components'>,
): E.Either<MisfitError, Seen> => {
  const { width, height, channels, depth } = picture
  if (white !== undefined && depth.bits === 8) return E.left({ _tag: 'WhiteIsKnown' })
  const values = picture.deep ?? picture.data
  const { data, opacity, transparent } =
    channels === 4 ? apart(values) : { data: values, opacity: undefined, transparent: 0 }
  const pixels = width * height
  if (transparent === pixels) return E.left({ _tag: 'NothingVisible', pixels })
  if (transparent > 0 && components === MOST_COMPONENTS) return E.left({ _tag: 'NoBlankLabel', components })
  const colours = picture.deep ? deepColoursOf(data, opacity, components) : distinctColoursOf(picture)
  if (colours < components) return E.left({ _tag: 'TooFewColours', components, colours })
  const isOpaque =
    opacity === undefined || (transparent === 0 && opacity.every(v => v === (picture.deep ? 65535 : 255)))
  return E.right({ image: { width, height, data, ...(isOpaque ? {} : { opacity }) }, transparent })
}
