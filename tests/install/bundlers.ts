import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { build, createServer } from 'vite'
import { beforeAll, describe, expect, test } from 'vitest'
import { filesIn } from '../../scripts/files.js'
import { tool } from '../../scripts/release/tools.js'
import { noBrowser, visit } from '../browser/support/chromium.js'
import { serve } from '../browser/support/site.js'
import { noTools } from './release-tools.js'

const run = promisify(execFile)

// A fit on threads says on how many it ran, or why it did not.
const PROGRAM = `
  import { gaussianMixture } from '@conjugate/models'
  import { fit } from '@conjugate/models/promise'
  const rows = Array.from({ length: 60000 }, (_, i) => [Math.sin(i) + (i % 2) * 9, Math.cos(i * 7)])
  const options = { threads: 2, groupRows: false, backend: 'wasm', iterations: 5 }
  globalThis.ran = fit(gaussianMixture({ components: 2 }), rows, options).then(({ backend }) => backend, error => error.message)
  if (globalThis.document === undefined) console.log(await globalThis.ran)`

const PAGE =
  '<!doctype html><title>A page</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'

const ISOLATION = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }

const onThreads = /^wasm \(.*, 2 threads\)$/
const toldWhatToDo = /worker thread failed: its script did not load: .*@conjugate\/executors\/worker/

const filesOf = (folder: string): ReadonlyMap<string, string> =>
  new Map(filesIn(folder).map(path => [`/${relative(folder, path)}`, readFileSync(path, 'utf8')]))

const saidIn = async (url: string): Promise<string> => {
  const { page, close } = await visit(url)
  try {
    return await page.evaluate(() => (globalThis as unknown as { readonly ran: Promise<string> }).ran)
  } finally {
    await close()
  }
}

/** What a page says that is served from a folder. */
const saidBy = async (folder: string): Promise<string> => {
  const site = await serve(new Map(filesOf(folder)).set('/index.html', PAGE), true)
  try {
    return await saidIn(`${site.url}/index.html`)
  } finally {
    site.close()
  }
}

interface Esbuild {
  readonly build: (options: object) => Promise<{ readonly warnings: ReadonlyArray<unknown> }>
}

const require = createRequire(import.meta.url)

/** Checks that programs find the worker of threads by whatever bundler, or say what to do. `app` is where packages are installed. */
export const checkBundlers = (app: () => string): void => {
  beforeAll(() => {
    writeFileSync(join(app(), 'page.js'), PROGRAM)
    writeFileSync(join(app(), 'index.html'), PAGE)
  })

  const skipped = noTools ?? noBrowser
  describe.skipIf(skipped)(`bundled by esbuild${skipped ? `: skipped, ${skipped}` : ''}`, () => {
    const bundled = async (worker: object, format = 'esm'): Promise<string> => {
      const outdir = join(app(), `esbuild-${Object.keys(worker).join()}-${format}`)
      const { warnings } = await (require(tool('esbuild')) as Esbuild).build({
        absWorkingDir: app(),
        entryPoints: { page: 'page.js', ...worker },
        bundle: true,
        format,
        splitting: format === 'esm',
        outdir,
        logLevel: 'silent',
      })
      expect(warnings).toEqual([])
      return outdir
    }
    const withWorker = { worker: '@conjugate/executors/worker' }

    test('a page with the worker as an entry has threads', async () =>
      expect(await saidBy(await bundled(withWorker))).toMatch(onThreads))
    test('a page without it is told what to do', async () =>
      expect(await saidBy(await bundled({}))).toMatch(toldWhatToDo))
    test('so are programs of Node', async () => {
      const said = async (worker: object) =>
        (await run(process.execPath, [join(await bundled(worker), 'page.js')])).stdout
      expect((await said(withWorker)).trim()).toMatch(onThreads)
      expect((await said({})).trim()).toMatch(toldWhatToDo)
    })
  })

  describe.skipIf(noBrowser)(`bundled by Vite${noBrowser ? `: skipped, ${noBrowser}` : ''}`, () => {
    const settings = () => ({ root: app(), configFile: false, logLevel: 'error' }) as const

    test('a page has threads', async () => {
      const outDir = join(app(), 'vite')
      await build({ ...settings(), build: { outDir, chunkSizeWarningLimit: 4096 } })
      const site = await serve(filesOf(outDir), true)
      expect(await saidIn(`${site.url}/index.html`).finally(site.close)).toMatch(onThreads)
    })
    test('a page of the development server has threads', async () => {
      const server = await createServer({ ...settings(), server: { headers: ISOLATION } })
      await server.listen()
      expect(await saidIn(server.resolvedUrls!.local[0]!).finally(() => server.close())).toMatch(onThreads)
    })
  })
}
