// What a program of another kind takes of this one, to do with photos what it does by the assignment's mixture.
export { coloursOf } from './colours.js'
export { decodeImage, type Picture } from './image.js'
export { readCommand, type Settings } from './options.js'
export { defaultSources, findPhoto, nameOf } from './photos.js'
export { segment } from './segment.js'
export { drawColours } from './start.js'
