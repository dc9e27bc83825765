// Builds what the commands run: WebAssembly from its AssemblyScript source, the types and bundles of the packages, the programs.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { buildKernel } from '../packages/executors/scripts/build-kernel.js'
import { bundlePackages } from './bundle/packages.js'
import { bundlePrograms } from './bundle/programs.js'

const root = fileURLToPath(new URL('..', import.meta.url))

const run = (script, args) => {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

await buildKernel()
run('node_modules/typescript/bin/tsc', ['-b'])
await bundlePackages()
await bundlePrograms()
