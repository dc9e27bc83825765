import { labelsOfGrids } from './labels-of-grids.js'

declare global {
  var labelsInPage: typeof labelsOfGrids
}

globalThis.labelsInPage = labelsOfGrids
