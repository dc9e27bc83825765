import * as TE from 'fp-ts/lib/TaskEither.js'
import { componentColour, toHex } from './colours.js'
import { pixelsToPng } from './encode.js'
import { type FigureError, figureFailed } from './errors.js'
import type { LabelRows } from './label-rows.js'
import { type PanelLayout, panelLayout } from './panel-layout.js'
import { panelTitles } from './panel-titles.js'
import { type Draw, loadDrawing } from './render.js'
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

const titleOf = (layout: PanelLayout, { left, top }: Corner, title: string, component?: number): string => {
  const { fontSize: size } = layout
  const baseline = top - size * 0.55
  const hasSwatch = component !== undefined
  const square = hasSwatch
    ? `<rect x="${left}" y="${baseline - size * 0.76}" width="${size * 0.8}" height="${size * 0.8}" fill="${toHex(componentColour(component))}"/>`
    : ''
  return square + textAt(left + (hasSwatch ? size * 1.2 : 0), baseline, title, { size })
}

/** Red, green and blue of the frames. */
const FRAME = 0xb0

/** Draws a frame of one pixel around a panel. */
const drawFrame = (canvas: Uint8Array, { width, panelWidth, panelHeight }: PanelLayout, corner: Corner): void => {
  const [left, right] = [corner.left - 1, corner.left + panelWidth]
  const [top, bottom] = [corner.top - 1, corner.top + panelHeight]
  const draw = (x: number, y: number): void => void canvas.fill(FRAME, (y * width + x) * 4, (y * width + x) * 4 + 3)
  for (let x = left; x <= right; x++) for (const y of [top, bottom]) draw(x, y)
  for (let y = top; y <= bottom; y++) for (const x of [left, right]) draw(x, y)
}

/** Draws titles above the panels whose corners are in one row of pixels, which are all that has to be drawn there. */
const drawTitles = async (
  draw: Draw,
  canvas: Uint8Array,
  layout: PanelLayout,
  row: number,
  titles: readonly string[],
): Promise<void> => {
  const { width, titleHeight, corners } = layout
  const drawn = corners.flatMap((corner, panel) =>
    corner.top === row
      ? [titleOf(layout, { ...corner, top: titleHeight }, titles[panel]!, panel === 0 ? undefined : panel - 1)]
      : [],
  )
  canvas.set(await draw(svgDocument(width, titleHeight, drawn)), (row - titleHeight) * width * 4)
}

/** Draws the titles and a frame around each panel. */
const drawGround = async (
  draw: Draw,
  canvas: Uint8Array,
  layout: PanelLayout,
  { weights, names }: SegmentationPanels,
): Promise<void> => {
  const titles = panelTitles(weights, names)
  const rows = [...new Set(layout.corners.map(({ top }) => top))]
  await Promise.all(rows.map(row => drawTitles(draw, canvas, layout, row, titles)))
  for (const corner of layout.corners) drawFrame(canvas, layout, corner)
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
    const canvas = new Uint8Array(layout.width * layout.height * 4).fill(255)
    const draw = await loadDrawing()
    // While titles are drawn in the background.
    const ground = drawGround(draw, canvas, layout, figure)
    // Copied, not blended: what is blank in a panel stays transparent in the figure.
    resamplePanels(image, labels, { width: layout.panelWidth, height: layout.panelHeight }, (panel, row, rgba) => {
      const { left, top } = layout.corners[panel]!
      canvas.set(rgba, ((top + row) * layout.width + left) * 4)
    })
    await ground
    return pixelsToPng({ data: canvas, width: layout.width, height: layout.height })
  }, figureFailed('panels'))
