import * as TE from 'fp-ts/lib/TaskEither.js'
import sharp from 'sharp'
import { componentColour, toHex } from './colours.js'
import { type FigureError, figureFailed } from './errors.js'
import { type PanelLayout, panelLayout } from './panel-layout.js'
import { svgToPixels } from './render.js'
import { svgDocument, textAt } from './svg.js'

export interface SegmentationPanels {
  readonly image: {
    readonly width: number
    readonly height: number
    /** Red, green and blue of each pixel, row by row. */
    readonly rgb: Uint8Array
  }
  /** The component of each pixel. */
  readonly assignments: ArrayLike<number>
  readonly components: readonly { readonly weight: number }[]
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
const ground = (layout: PanelLayout, { components }: SegmentationPanels): Uint8Array => {
  const titles = layout.corners.map((corner, panel) => {
    const component = components[panel - 1]
    return component === undefined
      ? titleOf(layout, corner, 'Original')
      : titleOf(
          layout,
          corner,
          `Component ${panel} (weight ${component.weight.toFixed(3)})`,
          toHex(componentColour(panel - 1)),
        )
  })
  const frames = layout.corners.map(corner => frameOf(layout, corner))
  return svgToPixels(svgDocument(layout.width, layout.height, [...titles, ...frames]))
}

/** The pixels that `keep` accepts, opaque; all others are zero, transparent. */
const kept = ({ image }: SegmentationPanels, keep: (pixel: number) => boolean): Uint8Array => {
  const { width, height, rgb } = image
  const rgba = new Uint8Array(width * height * 4)
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (!keep(pixel)) continue
    rgba[pixel * 4] = rgb[pixel * 3] ?? 0
    rgba[pixel * 4 + 1] = rgb[pixel * 3 + 1] ?? 0
    rgba[pixel * 4 + 2] = rgb[pixel * 3 + 2] ?? 0
    rgba[pixel * 4 + 3] = 255
  }
  return rgba
}

const scaled = async ({ image }: SegmentationPanels, layout: PanelLayout, rgba: Uint8Array): Promise<Uint8Array> => {
  if (layout.panelWidth === image.width && layout.panelHeight === image.height) return rgba
  const kernel = layout.panelWidth > image.width ? 'nearest' : 'mitchell'
  return sharp(rgba, { raw: { width: image.width, height: image.height, channels: 4 } })
    .resize(layout.panelWidth, layout.panelHeight, { fit: 'fill', kernel })
    .raw()
    .toBuffer()
}

// Copied, not blended: what is blank in a panel stays transparent in the figure.
const place = (canvas: Uint8Array, layout: PanelLayout, { left, top }: Corner, panel: Uint8Array): void => {
  const stride = layout.panelWidth * 4
  for (let row = 0; row < layout.panelHeight; row++) {
    canvas.set(panel.subarray(row * stride, (row + 1) * stride), ((top + row) * layout.width + left) * 4)
  }
}

/**
 * The original and one panel per component side by side as PNG, each under its title. In a component's
 * panel the pixels of the others are transparent. Large images are scaled down to a figure of some 2800 pixels.
 */
export const segmentationPanels = (figure: SegmentationPanels): TE.TaskEither<FigureError, Uint8Array> =>
  TE.tryCatch(async () => {
    const { image, assignments, components } = figure
    const layout = panelLayout(image.width, image.height, components.length + 1)
    const canvas = ground(layout, figure)
    for (const [panel, corner] of layout.corners.entries()) {
      const pixels = kept(figure, pixel => panel === 0 || assignments[pixel] === panel - 1)
      place(canvas, layout, corner, await scaled(figure, layout, pixels))
    }
    const raw = { width: layout.width, height: layout.height, channels: 4 } as const
    return sharp(canvas, { raw }).png().toBuffer()
  }, figureFailed('panels'))
