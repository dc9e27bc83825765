import { createRequire } from 'node:module'
import { Resvg } from '@resvg/resvg-js'
import { pixelsToPng } from './encode.js'

/** The family of every text in a figure: it comes with the program, so a figure looks the same on every machine. */
export const FONT_FAMILY = 'DejaVu Sans'

const require = createRequire(import.meta.url)

const fontFiles = (): string[] =>
  ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map(file => require.resolve(`dejavu-fonts-ttf/ttf/${file}`))

const rendered = (svg: string, scale: number) =>
  new Resvg(svg, {
    background: 'white',
    fitTo: { mode: 'zoom', value: scale },
    font: {
      fontFiles: fontFiles(),
      loadSystemFonts: false,
      defaultFontFamily: FONT_FAMILY,
      sansSerifFamily: FONT_FAMILY,
    },
  }).render()

/** An SVG drawing on white as PNG, `scale` pixels for each of its units. */
export const svgToPng = (svg: string, scale: number): Promise<Uint8Array> => {
  const { pixels: data, width, height } = rendered(svg, scale)
  return pixelsToPng({ data, width, height }, true)
}

/** An SVG drawing on white as opaque RGBA rows, one pixel for each of its units. */
export const svgToPixels = (svg: string): Uint8Array => rendered(svg, 1).pixels
