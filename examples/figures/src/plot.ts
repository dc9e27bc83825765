import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { FONT_FAMILY } from './render.js'
import { svgDocument, textAt } from './svg.js'

/** Height that a figure's title takes above its plot. */
const TITLE_HEIGHT = 40

/** Draws a plot off screen and sets a title above it and further elements (a legend) beside it. */
export const titledPlot = (
  title: string,
  options: Plot.PlotOptions & { readonly width: number; readonly height: number; readonly marginLeft: number },
  beside: { readonly width: number; readonly elements: readonly string[] } = { width: 0, elements: [] },
): string => {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const plot = Plot.plot({ ...options, document, style: { fontFamily: FONT_FAMILY, fontSize: '13px' } })
  plot.setAttribute('y', String(TITLE_HEIGHT))
  return svgDocument(options.width + beside.width, options.height + TITLE_HEIGHT, [
    textAt(options.marginLeft, 28, title, { size: 17, bold: true }),
    plot.outerHTML,
    `<g transform="translate(${options.width},${TITLE_HEIGHT})">${beside.elements.join('')}</g>`,
  ])
}
