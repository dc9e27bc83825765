// What a deployment has besides the bundle: headers as a file, and a service worker that knows all files.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { headersFile } from '../headers.js'

const template = readFileSync(new URL('service-worker.js', import.meta.url), 'utf8')

/** Parts that are loaded where they are asked for, and kept from then on. */
const isOnDemand = name => /webgpu|tfjs/.test(name)

/** @returns {import('vite').Plugin} */
export const deployed = () => ({
  name: 'deployed files',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const files = Object.keys(bundle).sort()
      const version = createHash('sha256').update(files.join('\n'))
      const page = bundle['index.html']
      if (page?.type === 'asset') version.update(page.source)
      const kept = ['./', 'icon.svg', ...files.filter(name => name !== 'index.html' && !isOnDemand(name))]
      this.emitFile({ type: 'asset', fileName: '_headers', source: headersFile })
      this.emitFile({
        type: 'asset',
        fileName: 'service-worker.js',
        source: template
          .replace('__VERSION__', version.digest('hex').slice(0, 16))
          .replace('__FILES__', JSON.stringify(kept)),
      })
    },
  },
})
