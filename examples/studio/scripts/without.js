// What the page does without of the packages, and what it loads in another form.
import { readFileSync } from 'node:fs'

const REASON = 'the studio computes by WebAssembly or by WebGPU'
const STAND_IN = '\0without'

const executors = /\/executors\/dist\/[^/]+\.js$/

/** Parts that are loaded on demand, which nothing here demands: by GPUs without WebGPU, by an addon for Node, by blocks of a stream. */
const isLeftOut = file =>
  /tfjs-backend-webgl/.test(file) ||
  (executors.test(file) &&
    (/\/blocks-[^/]*$/.test(file) ||
      (/\/executor-[^/]*$/.test(file) && readFileSync(file, 'utf8').includes('tfjs-node'))))

/** @returns {import('vite').Plugin} */
export const withoutParts = () => ({
  name: 'without parts',
  enforce: 'pre',
  async resolveId(id, importer) {
    if (!/webgl|executor-|blocks-/.test(id)) return null
    const resolved = await this.resolve(id, importer, { skipSelf: true })
    return resolved && isLeftOut(resolved.id) ? STAND_IN : null
  },
  load: id => (id === STAND_IN ? `throw new Error('${REASON}')` : null),
})

/** A kernel as hexadecimal digits within code, as packages carry it. */
const KERNEL = /const module = "([0-9a-f]{500,})"/

/** Kernels as files of their own, which compress better than digits. @returns {import('vite').Plugin} */
export const kernels = () => ({
  name: 'kernels',
  apply: 'build',
  transform(code, id) {
    const text = /generated-[^/]*\.js$/.test(id) ? KERNEL.exec(code)?.[1] : undefined
    if (text === undefined) return null
    const name = `${/([\w-]+)\.generated/.exec(id)?.[1]}.wasm`
    const file = this.emitFile({ type: 'asset', name, source: Buffer.from(text, 'hex') })
    return {
      code: `
const response = await fetch(import.meta.ROLLUP_FILE_URL_${file})
if (!response.ok) throw new Error('a part of the page cannot be had: the server answered ' + response.status)
export const module = Array.from(new Uint8Array(await response.arrayBuffer()), byte => byte.toString(16).padStart(2, '0')).join('')`,
      map: null,
    }
  },
})
