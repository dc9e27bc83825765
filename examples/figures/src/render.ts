import { createRequire } from 'node:module'
import type { RenderedImage } from '@resvg/resvg-js'
import { pixelsToPng } from './encode.js'

/** The family of every text in a figure: it comes with the program, so a figure looks the same on every machine. */
export const FONT_FAMILY = 'DejaVu Sans'

const require = createRequire(import.meta.url)

const fontFiles = (): string[] =>
  ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map(file => require.resolve(`dejavu-fonts-ttf/ttf/${file}`))

/** In the background, where what draws is only loaded once there is something to draw. */
const rendered = async (svg: string, scale: number): Promise<RenderedImage> => {
  const { renderAsync } = await import('@resvg/resvg-js')
  return renderAsync(svg, {
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
  const { pixels, width, height } = await rendered(svg, scale)
  return pixelsToPng({ data: pixels, width, height }, true)
}

/** An SVG drawing on white as opaque RGBA rows, one pixel for each of its units. */
export const svgToPixels = async (svg: string): Promise<Uint8Array> => (await rendered(svg, 1)).pixels
