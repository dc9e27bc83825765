import * as TE from 'fp-ts/lib/TaskEither.js'
import { componentColour, toHex } from './colours.js'
import { pixelsToPng } from './encode.js'
import { type FigureError, figureFailed } from './errors.js'
import type { LabelRows } from './label-rows.js'
import { type PanelLayout, panelLayout } from './panel-layout.js'
import { panelTitles } from './panel-titles.js'
import { svgToPixels } from './render.js'
import { type RasterImage, resamplePanels } from './resample.js'
import { svgDocument, textAt } from './svg.js'

export interface SegmentationPanels {
  readonly image: RasterImage
  /** The component of each pixel of the image. */
  readonly labels: LabelRows
  /** K: the weight of each component. */
  readonly weights: readonly number[]
  /** K: what components are called, where that is known. */
  readonly names?: readonly string[]
}

type Corner = PanelLayout['corners'][number]

const titleOf = (layout: PanelLayout, { left, top }: Corner, title: string, swatch?: string): string => {
  const { fontSize: size } = layout
  const baseline = top - size * 0.55
  const square = swatch
    ? `<rect x="${left}" y="${baseline - size * 0.76}" width="${size * 0.8}" height="${size * 0.8}" fill="${swatch}"/>`
    : ''
  return square + textAt(left + (swatch ? size * 1.2 : 0), baseline, title, { size })
}

const frameOf = ({ panelWidth, panelHeight }: PanelLayout, { left, top }: Corner): string =>
  `<rect x="${left - 0.5}" y="${top - 0.5}" width="${panelWidth + 1}" height="${panelHeight + 1}" ` +
  'fill="none" stroke="#b0b0b0"/>'

/** White ground with the titles and a frame around each panel, as RGBA. */
const ground = (layout: PanelLayout, { weights, names: given }: SegmentationPanels): Uint8Array => {
  const names = panelTitles(weights, given)
  const titles = layout.corners.map((corner, panel) =>
    titleOf(layout, corner, names[panel]!, panel === 0 ? undefined : toHex(componentColour(panel - 1))),
  )
  const frames = layout.corners.map(corner => frameOf(layout, corner))
  return svgToPixels(svgDocument(layout.width, layout.height, [...titles, ...frames]))
}

/**
 * The original and one panel per component side by side as PNG, each under its title. In a component's
 * panel the pixels of the others are transparent, as are those without a component in all panels. Large images
 * are scaled down to a figure of some 2800 pixels.
 */
export const segmentationPanels = (figure: SegmentationPanels): TE.TaskEither<FigureError, Uint8Array> =>
  TE.tryCatch(async () => {
    const { image, labels, weights } = figure
    const layout = panelLayout(image.width, image.height, weights.length + 1)
    const canvas = ground(layout, figure)
    // Copied, not blended: what is blank in a panel stays transparent in the figure.
    resamplePanels(image, labels, { width: layout.panelWidth, height: layout.panelHeight }, (panel, row, rgba) => {
      const { left, top } = layout.corners[panel]!
      canvas.set(rgba, ((top + row) * layout.width + left) * 4)
    })
    return pixelsToPng({ data: canvas, width: layout.width, height: layout.height })
  }, figureFailed('panels'))
