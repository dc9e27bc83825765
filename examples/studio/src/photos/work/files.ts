import { componentColour, panelLayout, panelTitles, resamplePanels, toHex } from '@conjugate/figures/drawing'
import { cutOutPixels, filesOf, type RegionsResult, summary, visibleRows } from '@conjugate/segmentation/regions'
import * as E from 'fp-ts/lib/Either.js'
import type { Download } from '../tasks.js'
import { pngOf } from './png.js'

type File = { readonly name: string; readonly blob: Blob }

const onlyForeground = E.left(
  'There is a cut-out and a mask where there are two components, background and foreground.',
)

const sharesOf = (counts: ReadonlyArray<number>): ReadonlyArray<number> => {
  const visible = counts.reduce((a, b) => a + b, 0)
  return counts.map(count => count / visible)
}

const rowsOf = ({ found, image, counts }: RegionsResult) => visibleRows(found.labels, image, counts.length)

/** The original and each component beside each other, laid out as the command does. */
const panels = async (result: RegionsResult): Promise<Blob> => {
  const { picture, counts } = result
  const layout = panelLayout(picture.width, picture.height, counts.length + 1)
  const { width, height, panelWidth, panelHeight, fontSize: size, corners } = layout
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, width, height)
  context.font = `${size}px "DejaVu Sans", sans-serif`
  context.strokeStyle = '#b0b0b0'
  const titles = panelTitles(sharesOf(counts), result._tag === 'Foreground' ? ['Background', 'Foreground'] : undefined)
  for (const [panel, { left, top }] of corners.entries()) {
    const baseline = top - size * 0.55
    if (panel > 0) {
      context.fillStyle = toHex(componentColour(panel - 1))
      context.fillRect(left, baseline - size * 0.76, size * 0.8, size * 0.8)
    }
    context.fillStyle = '#000000'
    context.fillText(titles[panel]!, left + (panel > 0 ? size * 1.2 : 0), baseline)
    context.strokeRect(left - 0.5, top - 0.5, panelWidth + 1, panelHeight + 1)
  }
  const data = new Uint8Array(context.getImageData(0, 0, width, height).data.buffer)
  resamplePanels(picture, rowsOf(result), { width: panelWidth, height: panelHeight }, (panel, row, rgba) => {
    const { left, top } = corners[panel]!
    data.set(rgba, ((top + row) * width + left) * 4)
  })
  return pngOf({ width, height, kind: 'rgba', data })
}

/** The component of each pixel as palette index. */
const labels = (result: RegionsResult): Promise<Blob> => {
  const { width, height } = result.image
  const components = result.counts.length
  const rows = rowsOf(result)
  const data = new Uint8Array(width * height)
  const row = new Uint16Array(width)
  for (let y = 0; y < height; y++) {
    rows.read(y, row)
    data.set(row, y * width)
  }
  const colours = Array.from({ length: components }, (_, k) => componentColour(k)).flat()
  const hasBlanks = result.transparent > 0
  return pngOf({
    width,
    height,
    kind: 'palette',
    data,
    palette: Uint8Array.from(hasBlanks ? [...colours, 0, 0, 0] : colours),
    ...(hasBlanks && { opacities: new Uint8Array(components + 1).fill(255, 0, components) }),
  })
}

/** A file of a result, by the name that the command gives it. */
export const fileOf = async (
  what: Download,
  result: RegionsResult,
  version: string,
): Promise<E.Either<string, File>> => {
  const names = filesOf(result.job.name)
  const { width, height } = result.image
  switch (what) {
    case 'cut-out': {
      if (result._tag !== 'Foreground') return onlyForeground
      // Of a photo with eight bits a channel.
      const data = cutOutPixels(result) as Uint8Array
      return E.right({ name: names.cutout, blob: await pngOf({ width, height, kind: 'rgba', data }) })
    }
    case 'mask': {
      if (result._tag !== 'Foreground') return onlyForeground
      const data = result.found.labels.map(label => 255 * label)
      return E.right({ name: names.mask, blob: await pngOf({ width, height, kind: 'grey', data }) })
    }
    case 'panels':
      return E.right({ name: names.panels, blob: await panels(result) })
    case 'labels':
      return E.right({ name: names.labels, blob: await labels(result) })
    case 'summary':
      return E.right({ name: names.summary, blob: new Blob([summary(result, version)], { type: 'application/json' }) })
  }
}
