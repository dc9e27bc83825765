import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vitepress'
import { bundleModules } from './bundles.js'
import { gather } from './gather.js'
import { outFolder } from './paths.js'
import { writeReference } from './reference.js'

const folder = fileURLToPath(new URL('..', import.meta.url))

/** Builds the site into `site/dist`, for the path that it will be under. */
export const buildSite = async base => {
  gather()
  await writeReference()
  await bundleModules()
  rmSync(outFolder, { recursive: true, force: true })
  await build(folder, { base, outDir: outFolder })
}
