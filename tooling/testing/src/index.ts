export { fixtureNames, hasFixtures, readFixture } from './fixtures.js'
export { hasPhotos, type Photo, photoFolder, readPhoto } from './photos.js'
export { hasPython, python } from './python.js'
export { right, rightOf } from './right.js'
