export { fixtureNames, readFixture } from './fixtures.js'
export { hasMasks, hasPhotos, type Photo, photoFolder, readMask, readPhoto } from './photos.js'
export { hasPython, python } from './python.js'
export { right, rightOf } from './right.js'
