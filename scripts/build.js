import { build } from './build/build.js'

await build()
