// What figures are drawn by that needs neither files nor fonts: a page draws them with its own canvas.
export { componentColour, type Rgb, toHex } from './colours.js'
export { type LabelRows, labelRows } from './label-rows.js'
export { type PanelLayout, panelLayout } from './panel-layout.js'
export { panelTitles } from './panel-titles.js'
export { chunksBy, headerOf, SIGNATURE } from './png.js'
export { type RasterImage, resamplePanels } from './resample.js'
