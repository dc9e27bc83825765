// Compiles kernels into TypeScript modules that embed them as base64: a page has those that it uses.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('..', import.meta.url))

/** Kernels of tensors are over the memory of another module, which may be shared; triangles are over one that is not. */
const modules = ['matrices', 'logarithms', 'triangles']
const isWhole = name => name === 'triangles'
const outputOf = name => join(folder, `src/${isWhole(name) ? '' : 'tensors/'}${name}.generated.ts`)
const sources = ['package.json', 'src/gamma.ts', 'scripts/build-kernel.js'].concat(
  readdirSync(join(folder, 'assembly')).map(name => `assembly/${name}`),
)

/** Shrinking keeps tables of logarithms out, for which there is no room in the memory of another. */
const options =
  '-O3s --converge --noAssert --runtime stub --importMemory --noExportMemory --initialMemory 0 --enable simd'

const compile = async (asc, entry) => {
  let module
  const { error, stderr } = await asc.main(
    [`assembly/${entry}.ts`, '--outFile', 'kernel.wasm', ...options.split(' ')],
    {
      readFile: name => {
        const path = join(folder, name)
        return existsSync(path) ? readFileSync(path, 'utf8') : null
      },
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) module = contents
      },
      listFiles: () => [],
    },
  )
  if (error) throw new Error(`the kernels of ${entry} do not compile\n${stderr.toString()}`)
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

const embed = (module, name) => {
  const sections = sectionsOf(module)
  if (sections.some(({ kind }) => kind === DATA)) throw new Error(`the kernels of ${name} have data`)
  const text = bytes => `'${Buffer.from(bytes).toString('base64')}'`
  if (isWhole(name)) return `export const ${name} =\n  ${text(module)}\n`
  const { begin, end } = sections.find(({ kind }) => kind === IMPORT)
  return [
    "import type { WasmText } from './wasm.js'",
    `export const ${name}: WasmText = {\n  before: ${text(module.slice(0, begin))},\n  after: ${text(module.slice(end))},\n}\n`,
  ].join('\n')
}

/**
 * Leaves what stands before and after the import of the memory, which is another one where threads share it. Does nothing where
 * that was made from the same sources.
 */
export const buildKernel = async () => {
  const hash = createHash('sha256')
  for (const name of sources) hash.update(name).update(readFileSync(join(folder, name)))
  const stamp = `// ${hash.digest('hex')}\n`
  const isCurrent = name => existsSync(outputOf(name)) && readFileSync(outputOf(name), 'utf8').startsWith(stamp)
  if (modules.every(isCurrent)) return
  const { default: asc } = await import('assemblyscript/asc')
  for (const name of modules) {
    const text = embed(await compile(asc, name), name)
    // Whole at once: another build may be reading it.
    writeFileSync(`${outputOf(name)}.${process.pid}`, stamp + text)
    renameSync(`${outputOf(name)}.${process.pid}`, outputOf(name))
  }
}
