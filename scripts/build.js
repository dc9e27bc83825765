// Builds what the commands run: WebAssembly from its AssemblyScript source, then the TypeScript packages in order.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { buildKernel } from '../packages/executors/scripts/build-kernel.js'
import { bundlePrograms } from './bundle.js'

const root = fileURLToPath(new URL('..', import.meta.url))

const run = (script, args) => {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

await buildKernel()
run('node_modules/typescript/bin/tsc', ['-b'])
await bundlePrograms()
