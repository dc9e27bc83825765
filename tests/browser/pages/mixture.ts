import { fitMixture } from './fit-mixture.js'

declare global {
  var fitInPage: typeof fitMixture
}

globalThis.fitInPage = fitMixture
