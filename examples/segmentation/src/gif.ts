/** Behind blocks that each begin with their length, the last of which is empty; undefined where the file ends before. */
const afterBlocks = (bytes: Uint8Array, from: number): number | undefined => {
  let at = from
  for (let length = bytes[at]; length !== undefined; length = bytes[at]) {
    at += length + 1
    if (length === 0) return at
  }
  return undefined
}

/** Bytes of a colour table, by the byte that describes it. */
const tableBytes = (packed: number): number => ((packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1))

const EXTENSION = 0x21
const IMAGE = 0x2c

/**
 * Whether a GIF file holds its first frame to the end. Decoders fill up a frame that is cut short where others should follow.
 * Source: Graphics Interchange Format, version 89a (1990).
 */
export const hasWholeFrame = (bytes: Uint8Array): boolean => {
  let at: number | undefined = 13 + tableBytes(bytes[10] ?? 0)
  while (at !== undefined && bytes[at] === EXTENSION) at = afterBlocks(bytes, at + 2)
  if (at === undefined || bytes[at] !== IMAGE) return false
  // Behind the descriptor and its colours, one byte says how long the first codes are.
  return afterBlocks(bytes, at + 10 + tableBytes(bytes[at + 9] ?? 0) + 1) !== undefined
}
