// Compiles the kernel into TypeScript modules that embed it as hexadecimal digits: neither Node nor a browser then has to find a
// file, and a page loads what it can use. Compressed they are a fifth smaller than base64, in which bytes do not begin at digits.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CONSTANTS, hostMemory, hostSkipping, kernelMemory, SKIPPING_CONSTANTS } from './memory.js'

const pathOf = name => fileURLToPath(new URL(`../${name}`, import.meta.url))
const outputOf = name => pathOf(`src/wasm/kernel/${name}.generated.ts`)

/** Kernels with relaxed SIMD and without, or in one variant. What works in one memory has its own constants. */
const outputs = [
  { name: 'relaxed-simd', entry: 'index.ts', constants: CONSTANTS, features: ['--enable', 'simd,relaxed-simd'] },
  { name: 'simd', entry: 'index.ts', constants: CONSTANTS, features: ['--enable', 'simd'] },
  { name: 'skipping', entry: 'skipping.ts', constants: SKIPPING_CONSTANTS, features: ['--enable', 'simd'] },
  {
    name: 'labels-relaxed',
    entry: 'labels.ts',
    constants: CONSTANTS,
    features: ['--enable', 'simd,relaxed-simd'],
  },
  { name: 'labels', entry: 'labels.ts', constants: CONSTANTS, features: ['--enable', 'simd'] },
  { name: 'sparse', entry: 'sparse.ts', constants: CONSTANTS, features: ['--enable', 'simd'] },
]

const options = ['--outFile', 'kernel.wasm', '-O3s', '--converge', '--noAssert', '--runtime', 'stub'].concat(
  '--importMemory --noExportMemory'.split(' '),
)

/** Of every source of the kernel, and of the version of the compiler. */
const fingerprint = () => {
  const hash = createHash('sha256')
  for (const folder of ['assembly', 'scripts'])
    for (const name of readdirSync(pathOf(folder)).sort())
      if (!name.endsWith('.generated.ts')) hash.update(name).update(readFileSync(pathOf(`${folder}/${name}`)))
  return hash.update(readFileSync(pathOf('package.json'))).digest('hex')
}

const compile = async (asc, { entry, constants, features }) => {
  const files = new Map()
  const { error, stderr } = await asc.main([entry, '--memoryBase', String(constants), ...options, ...features], {
    readFile: name => {
      const path = pathOf(`assembly/${name}`)
      return existsSync(path) ? readFileSync(path, 'utf8') : null
    },
    writeFile: (name, contents) => files.set(name, contents),
    listFiles: () => [],
  })
  if (error) throw new Error(`the kernel does not compile\n${stderr.toString()}`)
  return Buffer.from(files.get('kernel.wasm')).toString('hex')
}

/** Whole at once: another build may be reading it. */
const write = (path, text) => {
  writeFileSync(`${path}.${process.pid}`, text)
  renameSync(`${path}.${process.pid}`, path)
}

/** Does nothing where the modules were made from the same sources. */
export const buildKernel = async () => {
  const stamp = `// ${fingerprint()}\n`
  const isCurrent = ({ name }) => existsSync(outputOf(name)) && readFileSync(outputOf(name), 'utf8').startsWith(stamp)
  if (outputs.every(isCurrent) && existsSync(outputOf('skipping-memory'))) return
  const [{ default: asc }, { columns }, { functions }, { sparse }, { tiles }, { unrolled }] = await Promise.all([
    import('assemblyscript/asc'),
    import('./columns.js'),
    import('./functions.js'),
    import('./sparse.js'),
    import('./tiles.js'),
    import('./unrolled.js'),
  ])
  writeFileSync(pathOf('assembly/memory.generated.ts'), kernelMemory)
  write(outputOf('memory'), hostMemory)
  write(outputOf('skipping-memory'), hostSkipping)
  writeFileSync(pathOf('assembly/columns.generated.ts'), columns)
  writeFileSync(pathOf('assembly/functions.generated.ts'), functions)
  writeFileSync(pathOf('assembly/sparse.generated.ts'), sparse)
  writeFileSync(pathOf('assembly/tiles.generated.ts'), tiles)
  writeFileSync(pathOf('assembly/unrolled.generated.ts'), unrolled)
  for (const output of outputs)
    write(outputOf(output.name), `${stamp}export const module: string =\n  '${await compile(asc, output)}'\n`)
}
