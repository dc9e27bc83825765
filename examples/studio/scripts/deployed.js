// What a deployment has besides the bundle: headers as a file, and a service worker that knows all files.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { headersFile } from '../headers.js'

const publicFolder = new URL('../public/', import.meta.url)

/** What is served as it is. */
const publicFiles = readdirSync(publicFolder, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => relative(fileURLToPath(publicFolder), join(entry.parentPath, entry.name)))

const template = readFileSync(new URL('service-worker.js', import.meta.url), 'utf8')

/**
 * Whether a file is of those that compute by WebGPU, TensorFlow.js for the most part: they are loaded where that is asked for,
 * and kept from then on.
 * @param {string | Uint8Array} code
 */
export const isForWebGpu = code => /registerBackend|WEBGPU_|as gpuExecutor\b/.test(Buffer.from(code).toString())

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
      const isKept = name => {
        const file = bundle[name]
        return name !== 'index.html' && !isForWebGpu(file.type === 'asset' ? file.source : file.code)
      }
      const kept = ['./', ...publicFiles, ...files.filter(isKept)]
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
