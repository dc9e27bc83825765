import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { useFolder } from './support.js'

const folder = useFolder()

const pathOf = (name: string): string => fileURLToPath(new URL(`../dist/${name}`, import.meta.url))

/** A file of the program and those that it imports before it runs, with their texts. */
const loadedBy = (name: string, found = new Map<string, string>()): ReadonlyMap<string, string> => {
  const text = readFileSync(pathOf(name), 'utf8')
  found.set(name, text)
  for (const [, other = ''] of text.matchAll(/\b(?:from|import)"\.\/([^"]+)"/g))
    if (!found.has(other)) loadedBy(other, found)
  return found
}

describe('the program, before it reads its command line', () => {
  it('loads neither models nor figures, and no more files than it has to', () => {
    const files = loadedBy('program.js')
    const text = [...files.values()].join('')
    expect(text).toContain('--components')
    expect(text).not.toContain('NormalInverseWishart')
    expect(text).not.toContain('Log joint probability')
    expect(text.length).toBeLessThan(250_000)
    expect(files.size).toBeLessThan(5)
  })

  it('loads no module of Node that most runs do without', () => {
    const preload = folder.path('modules.cjs')
    writeFileSync(preload, `process.on('exit', () => process.stderr.write(process.moduleLoadList.join()))`)
    const words = ['--require', preload, pathOf('program.js'), '--version']
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
    const loaded = [...stderr.matchAll(/NativeModule ([\w/]+)/g)].map(([, name]) => name!)
    expect({ status, loaded }).toMatchObject({ status: 0, loaded: expect.arrayContaining(['path', 'stream']) })
    const spared = ['child_process', 'crypto', 'http', 'https', 'perf_hooks', 'worker_threads']
    expect(loaded.filter(name => spared.includes(name))).toEqual([])
  })
})
