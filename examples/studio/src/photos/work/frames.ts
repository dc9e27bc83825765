const text = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length))

const bigEndian = (bytes: Uint8Array, at: number): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at)
const littleEndian = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true)

const tableBytes = (packed: number): number => ((packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1))

/** Images of a GIF: descriptors among its blocks. */
const inGif = (bytes: Uint8Array): number => {
  let [at, images] = [13 + tableBytes(bytes[10] ?? 0), 0]
  while (at < bytes.length) {
    const kind = bytes[at]
    if (kind === 0x2c) {
      images++
      at += 10 + tableBytes(bytes[at + 9] ?? 0) + 1
    } else if (kind === 0x21) at += 2
    else break
    while (at < bytes.length && bytes[at] !== 0) at += bytes[at]! + 1
    at++
  }
  return images
}

/** What the chunk of an animated PNG says. */
const inPng = (bytes: Uint8Array): number => {
  for (let at = 8; at + 12 <= bytes.length; at += 12 + bigEndian(bytes, at)) {
    const type = text(bytes, at + 4, 4)
    if (type === 'acTL') return bigEndian(bytes, at + 8)
    if (type === 'IDAT') return 1
  }
  return 1
}

const inWebp = (bytes: Uint8Array): number => {
  let images = 0
  for (let at = 12; at + 8 <= bytes.length; ) {
    if (text(bytes, at, 4) === 'ANMF') images++
    const length = littleEndian(bytes, at + 4)
    at += 8 + length + (length % 2)
  }
  return images
}

/** How many images a file of a format has, as far as the format is one of animations. */
export const imagesIn = (format: string, bytes: Uint8Array): number => {
  const count = { GIF: inGif, PNG: inPng, WebP: inWebp }[format]
  return Math.max(1, count?.(bytes) ?? 1)
}
