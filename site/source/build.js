import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vitepress'
import { bundleModules } from './bundles.js'
import { gather } from './gather.js'
import { outFolder } from './paths.js'
import { writeReference } from './reference.js'
import { stateOfSite } from './state.js'

const folder = fileURLToPath(new URL('..', import.meta.url))
const stamp = `${folder}.vitepress/cache/built.json`

/** Builds the site into `site/dist`, for the path that it will be under, where anything has changed. */
export const buildSite = async base => {
  const wanted = stateOfSite(base)
  if (existsSync(`${outFolder}404.html`) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  rmSync(outFolder, { recursive: true, force: true })
  gather()
  await writeReference()
  await bundleModules()
  await build(folder, { base, outDir: outFolder })
  // VitePress makes this folder for its own server alone.
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}
