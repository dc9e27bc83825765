import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { headers } from './headers.js'
import { deployed } from './scripts/deployed.js'
import { kernels, withoutParts } from './scripts/without.js'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
const root = fileURLToPath(new URL('.', import.meta.url))

export default defineConfig({
  root,
  base: './',
  define: { __VERSION__: JSON.stringify(version) },
  plugins: [withoutParts(), kernels(), deployed()],
  worker: { format: 'es', plugins: () => [withoutParts(), kernels()] },
  resolve: { alias: { 'fp-ts/lib': 'fp-ts/es6' } },
  // What loads TensorFlow.js is loaded where WebGPU is asked for; it is as large as it is.
  build: {
    target: 'es2023',
    outDir: 'dist/site',
    emptyOutDir: true,
    chunkSizeWarningLimit: 4096,
    modulePreload: { polyfill: false },
  },
  server: { headers: { ...headers, 'Content-Security-Policy': '' } },
  preview: { headers, host: '127.0.0.1' },
})
