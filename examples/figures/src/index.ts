export { componentColour, type Rgb } from './colours.js'
export { describeFigureError, type FigureError } from './errors.js'
export { type LabelMap, labelMapPng } from './label-map.js'
export { type LabelRows, labelRows } from './label-rows.js'
export { type SegmentationPanels, segmentationPanels } from './panels.js'
export {
  type LogProbabilityPlot,
  logProbabilityPlot,
  type ScatterPlot,
  scatterPlot,
  type TracesPlot,
  tracesPlot,
} from './plots.js'
export type { RasterImage } from './resample.js'
export { tilesPng } from './tiles.js'
