// Compiles the kernels of tensors into a TypeScript module that embeds them as base64.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('..', import.meta.url))
const output = join(folder, 'src/tensors/wasm.generated.ts')
const sources = ['package.json', 'src/tensors/gamma.ts', 'scripts/build-kernel.js'].concat(
  readdirSync(join(folder, 'assembly')).map(name => `assembly/${name}`),
)

/** Shrinking keeps tables of logarithms out, for which there is no room in the memory of another. */
const options =
  '-O3s --converge --noAssert --runtime stub --importMemory --noExportMemory --initialMemory 0 --enable simd'

const compile = async asc => {
  let module
  const { error, stderr } = await asc.main(['assembly/index.ts', '--outFile', 'kernel.wasm', ...options.split(' ')], {
    readFile: name => {
      const path = join(folder, name)
      return existsSync(path) ? readFileSync(path, 'utf8') : null
    },
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) module = contents
    },
    listFiles: () => [],
  })
  if (error) throw new Error(`the kernels of tensors do not compile\n${stderr.toString()}`)
  return module
}

const [IMPORT, DATA] = [2, 11]

/** Sections of fewer than 2^28 bytes: kind, where each begins, and where it ends. */
const sectionsOf = module => {
  const sections = []
  for (let at = 8; at < module.length; ) {
    const begin = at
    const kind = module[at++]
    let [length, shift] = [0, 0]
    for (let more = true; more; shift += 7) {
      length |= (module[at] & 127) << shift
      more = module[at++] >= 128
    }
    at += length
    sections.push({ kind, begin, end: at })
  }
  return sections
}

/**
 * Leaves what stands before and after the import of the memory, which is another one where threads share it. Does nothing where
 * that was made from the same sources.
 */
export const buildKernel = async () => {
  const hash = createHash('sha256')
  for (const name of sources) hash.update(name).update(readFileSync(join(folder, name)))
  const stamp = `// ${hash.digest('hex')}\n`
  if (existsSync(output) && readFileSync(output, 'utf8').startsWith(stamp)) return
  const { default: asc } = await import('assemblyscript/asc')
  const module = await compile(asc)
  const sections = sectionsOf(module)
  if (sections.some(({ kind }) => kind === DATA)) throw new Error('the kernels of tensors have data')
  const { begin, end } = sections.find(({ kind }) => kind === IMPORT)
  const part = (name, bytes) => `export const ${name}: string = '${Buffer.from(bytes).toString('base64')}'\n`
  const text = part('before', module.slice(0, begin)) + part('after', module.slice(end))
  // Whole at once: another build may be reading it.
  writeFileSync(`${output}.${process.pid}`, stamp + text)
  renameSync(`${output}.${process.pid}`, output)
}
