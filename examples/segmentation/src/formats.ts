/** A kind of file, and whether pictures of it are read. */
export interface Format {
  readonly name: string
  readonly isRead: boolean
  /** What to do where it is not. */
  readonly advice?: string
}

/** What is read, for messages. */
export const READABLE = 'PNG, JPEG, WebP, AVIF, GIF or TIFF'

const CONVERT = 'convert it to PNG or JPEG'

const text = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, Math.min(to, bytes.length)))

const starts =
  (...signatures: readonly string[]) =>
  (bytes: Uint8Array): boolean =>
    signatures.some(signature => text(bytes, 0, signature.length) === signature)

/** A file of boxes, of which the first names what it follows. */
const brand =
  (...brands: readonly string[]) =>
  (bytes: Uint8Array): boolean =>
    text(bytes, 4, 8) === 'ftyp' && brands.includes(text(bytes, 8, 12))

const isSvg = (bytes: Uint8Array): boolean =>
  /^\ufeff?\s*<(\?xml|!DOCTYPE svg|!--|svg)/.test(decoded(bytes)) && /<svg[\s>]/.test(decoded(bytes))

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes.subarray(0, 4096))

const read = (name: string): Format => ({ name, isRead: true })
const unread = (name: string, advice = CONVERT): Format => ({ name, isRead: false, advice })

// By what a file begins with, since its name may say anything.
const FORMATS: readonly (readonly [Format, (bytes: Uint8Array) => boolean])[] = [
  [read('PNG'), starts('\x89PNG')],
  [read('JPEG'), starts('\xff\xd8\xff')],
  [read('GIF'), starts('GIF8')],
  [read('WebP'), bytes => starts('RIFF')(bytes) && text(bytes, 8, 12) === 'WEBP'],
  [read('TIFF'), starts('II*\0', 'MM\0*', 'II+\0', 'MM\0+')],
  [read('AVIF'), brand('avif', 'avis')],
  [unread('HEIC'), brand('heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1')],
  [unread('JPEG XL'), starts('\xff\x0a', '\0\0\0\x0cJXL ')],
  [unread('JPEG 2000'), starts('\0\0\0\x0cjP  ', '\xff\x4f\xff\x51')],
  [unread('BMP'), starts('BM')],
  [unread('PDF', 'export the picture in it as PNG or JPEG'), starts('%PDF')],
  [unread('Photoshop'), starts('8BPS')],
  [unread('an icon'), starts('\0\0\x01\0')],
  [unread('OpenEXR'), starts('v/1\x01')],
  [unread('DDS'), starts('DDS ')],
  [unread('QOI'), starts('qoif')],
  [unread('PNM'), bytes => /^P[1-7]\s/.test(text(bytes, 0, 3))],
  [unread('SVG', 'it draws shapes and has no pixels of its own; export it as PNG'), isSvg],
]

/** What a file is, by its first bytes; undefined where it is nothing known. */
export const formatOf = (bytes: Uint8Array): Format | undefined => FORMATS.find(([, is]) => is(bytes))?.[0]
