// Compiles the kernel, once with relaxed SIMD and once without, into a TypeScript module that embeds both as base64:
// neither Node nor a browser then has to find a file.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const pathOf = name => fileURLToPath(new URL(`../${name}`, import.meta.url))
const output = pathOf('src/wasm/kernel.generated.ts')

const variants = [
  ['relaxedSimd', ['--enable', 'simd,relaxed-simd']],
  ['simd', ['--enable', 'simd']],
]

// The first KiB of memory is for the table of addresses and the constants.
const options = ['--outFile', 'kernel.wasm', '-O3', '--converge', '--noAssert', '--runtime', 'stub'].concat(
  '--memoryBase 128 --importMemory --noExportMemory'.split(' '),
)

/** Of every source of the kernel, and of the version of the compiler. */
const fingerprint = () => {
  const hash = createHash('sha256')
  for (const folder of ['assembly', 'scripts'])
    for (const name of readdirSync(pathOf(folder)).sort())
      if (!name.endsWith('.generated.ts')) hash.update(name).update(readFileSync(pathOf(`${folder}/${name}`)))
  return hash.update(readFileSync(pathOf('package.json'))).digest('hex')
}

const compile = async (asc, features) => {
  const files = new Map()
  const { error, stderr } = await asc.main(['index.ts', ...options, ...features], {
    readFile: name => {
      const path = pathOf(`assembly/${name}`)
      return existsSync(path) ? readFileSync(path, 'utf8') : null
    },
    writeFile: (name, contents) => files.set(name, contents),
    listFiles: () => [],
  })
  if (error) throw new Error(`the kernel does not compile\n${stderr.toString()}`)
  return Buffer.from(files.get('kernel.wasm')).toString('base64')
}

/** Does nothing where the module was made from the same sources. */
export const buildKernel = async () => {
  const stamp = `// ${fingerprint()}\n`
  if (existsSync(output) && readFileSync(output, 'utf8').startsWith(stamp)) return
  const [{ default: asc }, { columns }, { functions }, { tiles }, { unrolled }] = await Promise.all([
    import('assemblyscript/asc'),
    import('./columns.js'),
    import('./functions.js'),
    import('./tiles.js'),
    import('./unrolled.js'),
  ])
  writeFileSync(pathOf('assembly/columns.generated.ts'), columns)
  writeFileSync(pathOf('assembly/functions.generated.ts'), functions)
  writeFileSync(pathOf('assembly/tiles.generated.ts'), tiles)
  writeFileSync(pathOf('assembly/unrolled.generated.ts'), unrolled)
  const modules = []
  for (const [name, features] of variants)
    modules.push(`export const ${name}: string =\n  '${await compile(asc, features)}'\n`)
  // Whole at once: another build may be reading it.
  writeFileSync(`${output}.${process.pid}`, stamp + modules.join('\n'))
  renameSync(`${output}.${process.pid}`, output)
}
