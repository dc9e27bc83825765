import { createRequire } from 'node:module'
import type { RenderedImage } from '@resvg/resvg-js'
import { pixelsToPng } from './encode.js'

/** The family of every text in a figure: it comes with the program, so a figure looks the same on every machine. */
export const FONT_FAMILY = 'DejaVu Sans'

const require = createRequire(import.meta.url)

const fontFiles = (): string[] =>
  ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map(file => require.resolve(`dejavu-fonts-ttf/ttf/${file}`))

type Renderer = (svg: string, scale: number) => Promise<RenderedImage>

/** What draws, in the background, from when it is called; it is only loaded once there is something to draw. */
const loadRenderer = async (): Promise<Renderer> => {
  const { renderAsync } = await import('@resvg/resvg-js')
  return (svg, scale) =>
    renderAsync(svg, {
      background: 'white',
      fitTo: { mode: 'zoom', value: scale },
      font: {
        fontFiles: fontFiles(),
        loadSystemFonts: false,
        defaultFontFamily: FONT_FAMILY,
        sansSerifFamily: FONT_FAMILY,
      },
    })
}

/** An SVG drawing on white as PNG, `scale` pixels for each of its units. */
export const svgToPng = async (svg: string, scale: number): Promise<Uint8Array> => {
  const render = await loadRenderer()
  const { pixels, width, height } = await render(svg, scale)
  return pixelsToPng({ data: pixels, width, height }, true)
}

/** Makes opaque RGBA rows of an SVG drawing on white, one pixel for each of its units, in the background from when it is called. */
export type Draw = (svg: string) => Promise<Uint8Array>

export const loadDrawing = async (): Promise<Draw> => {
  const render = await loadRenderer()
  return async svg => (await render(svg, 1)).pixels
}
