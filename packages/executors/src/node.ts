export { scratchFile } from './scratch-file.js'
