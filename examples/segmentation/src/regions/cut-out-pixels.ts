import type { Foreground } from './result.js'

/**
 * The red, green, blue and opacity of the pixels of a cut-out: the foreground with its colours, all else transparent, with as many
 * bits as the photo has. At the boundary a pixel is as opaque as its share of foreground, in the colour of that share.
 */
export const cutOutPixels = ({
  image,
  found: { labels },
  mixed,
}: Pick<Foreground, 'image' | 'found' | 'mixed'>): Uint8Array | Uint16Array => {
  const { data, opacity } = image
  const white = data.BYTES_PER_ELEMENT === 1 ? 255 : 65535
  const rgba = data.BYTES_PER_ELEMENT === 1 ? new Uint8Array(4 * labels.length) : new Uint16Array(4 * labels.length)
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] === 0) continue
    for (let c = 0; c < 3; c++) rgba[4 * n + c] = data[3 * n + c]!
    rgba[4 * n + 3] = opacity?.[n] ?? white
  }
  for (let i = 0; i < mixed.pixels.length; i++) {
    const [n, share] = [mixed.pixels[i]!, mixed.shares[i]!]
    for (let c = 0; c < 3; c++) rgba[4 * n + c] = share > 0 ? mixed.colours[3 * i + c]! : 0
    rgba[4 * n + 3] = Math.round(share * (opacity?.[n] ?? white))
  }
  return rgba
}
