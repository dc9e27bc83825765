// Builds what the commands run: WebAssembly from its AssemblyScript source, the types and bundles of the packages, the programs.
import { isUnchanged, recordState } from './unchanged.js'

const compileTypes = async () => {
  const [{ spawnSync }, { fileURLToPath }] = await Promise.all([import('node:child_process'), import('node:url')])
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const compiler = 'node_modules/typescript/bin/tsc'
  const { status } = spawnSync(process.execPath, [compiler, '-b'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

/** Only what has changed. Ends the process where a source has an error, which it has printed. */
export const build = async () => {
  if (isUnchanged()) return
  const [{ buildKernel }, kernelsOfTensors, { bundlePackages }, { bundlePrograms }] = await Promise.all([
    import('../../packages/executors/scripts/build-kernel.js'),
    import('../../packages/linalg/scripts/build-kernel.js'),
    import('../bundle/packages.js'),
    import('../bundle/programs.js'),
  ])
  await Promise.all([buildKernel(), kernelsOfTensors.buildKernel()])
  await compileTypes()
  await bundlePackages()
  await bundlePrograms()
  recordState()
}
