/** What a file in PNG begins with. */
export const SIGNATURE: Uint8Array<ArrayBuffer> = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/**
 * Chunks of PNG by a check sum of their host, since Node has one and pages have none.
 * Source: Portable Network Graphics (PNG) Specification, Third Edition (W3C, 2025), section 5.3.
 */
export const chunksBy =
  (crc32: (bytes: Uint8Array) => number) =>
  (type: string, data: Uint8Array): Uint8Array<ArrayBuffer> => {
    const bytes = new Uint8Array(data.length + 12)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, data.length)
    bytes.set(new TextEncoder().encode(type), 4)
    bytes.set(data, 8)
    view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)))
    return bytes
  }

/** The header of a picture of eight bits a channel, of a colour type: not interlaced, by the one compression and filter method. */
export const headerOf = (width: number, height: number, colourType: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(13)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  bytes.set([8, colourType, 0, 0, 0], 8)
  return bytes
}
