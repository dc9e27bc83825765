// `node scripts/run.js PROGRAM WORDS...` builds what has changed, then runs the program in this same process.
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from './build/build.js'

const [node, , program = '', ...words] = process.argv
await build()
const path = fileURLToPath(new URL(`../${program}`, import.meta.url))
process.argv = [node, path, ...words]
await import(pathToFileURL(path).href)
