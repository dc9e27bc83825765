#!/usr/bin/env node
// Starts the program beside it. What V8 has compiled of it is kept from run to run, since to read half a million characters
// takes longer than a fit does: by Node itself from 22.1 on, and by hand before. `scripts/bundle/programs.js` puts this file there.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'
import { crc32 } from 'node:zlib'

const folder = dirname(fileURLToPath(import.meta.url))

/** What is kept of a file: a check sum, and then what V8 has made of it. */
const cacheOf = file => `${file}.cache`

const kept = file => {
  try {
    const bytes = readFileSync(cacheOf(file))
    const data = bytes.subarray(4)
    return crc32(data) === bytes.readUInt32LE(0) ? data : undefined
  } catch {
    return undefined
  }
}

const keep = (file, data) => {
  const temporary = `${cacheOf(file)}.${process.pid}`
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(crc32(data))
  try {
    writeFileSync(temporary, Buffer.concat([sum, data]))
    renameSync(temporary, cacheOf(file))
  } catch {
    // The next run is as slow as this one.
    rmSync(temporary, { force: true })
  }
}

/** Modules by their files, and those of which nothing is kept yet. */
const modules = new Map()
const compiled = []

/** As `require` loads a module, but with what is kept of it. */
const load = file => {
  const known = modules.get(file)
  if (known) return known.exports
  const module = { exports: {} }
  modules.set(file, module)
  const text = readFileSync(file, 'utf8').replace(/^#!/, '//')
  const cachedData = kept(file)
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${text}\n})`, {
    filename: file,
    cachedData,
  })
  if (cachedData === undefined || script.cachedDataRejected) compiled.push({ file, script })
  const outside = nodeModule.createRequire(file)
  const require = id => (id.startsWith('./') ? load(join(folder, id)) : outside(id))
  require.resolve = outside.resolve
  script.runInThisContext()(module.exports, require, module, file, folder)
  return module.exports
}

/** Runs that end before there is much to be kept. */
const isShort = () => process.argv.some(word => ['--help', '-h', '--version'].includes(word))

const program = join(folder, 'program.cjs')
if (nodeModule.enableCompileCache) {
  nodeModule.enableCompileCache(join(folder, 'program-cache'))
  nodeModule.createRequire(import.meta.url)(program)
} else {
  // The kernel asks for it later, and what was compiled with other flags is not taken.
  setFlagsFromString('--experimental-wasm-relaxed-simd')
  process.on('exit', code => {
    // With all functions that were called.
    if (code === 0 && !isShort()) for (const { file, script } of compiled) keep(file, script.createCachedData())
  })
  load(program)
}
