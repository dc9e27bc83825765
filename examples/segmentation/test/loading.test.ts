import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const textOf = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../dist/${name}`, import.meta.url)), 'utf8')

/** What files import before they run, and what they lead to. */
const loadedBy = (name: string, found = new Set<string>()): ReadonlySet<string> => {
  for (const [, module = ''] of textOf(name).matchAll(/\b(?:from|import)"([^"]+)"/g)) {
    const isNew = !found.has(module)
    found.add(module)
    if (isNew && module.startsWith('./')) loadedBy(module, found)
  }
  return found
}

describe('the program, before it reads its command line', () => {
  const loaded = [...loadedBy('program.js')]
  const files = ['program.js', ...loaded.filter(module => module.startsWith('./'))]

  it('loads neither models nor figures, and no more files than it has to', () => {
    const text = files.map(textOf).join('')
    expect(text).toContain('--components')
    expect(text).not.toContain('NormalInverseWishart')
    expect(text).not.toContain('Log joint probability')
    expect(text.length).toBeLessThan(230_000)
    expect(files.length).toBeLessThan(8)
  })

  it('loads no module of Node that most runs do without', () => {
    expect(loaded).toContain('node:fs')
    const spared = ['node:child_process', 'node:crypto', 'node:worker_threads', 'node:perf_hooks', 'node:http']
    expect(loaded.filter(module => spared.includes(module))).toEqual([])
  })
})
