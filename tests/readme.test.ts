import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, expect, test, vi } from 'vitest'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const blocks = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(match => match[1]!)

const folder = fileURLToPath(new URL('./readme-blocks.generated/', import.meta.url))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.restoreAllMocks())

test('the README has code to run', () => expect(blocks.length).toBeGreaterThanOrEqual(3))

test.each(blocks.map((code, i) => [i, code] as const))(
  'block %i of the README prints what it says',
  async (i, code) => {
    mkdirSync(folder, { recursive: true })
    const file = `${folder}block-${i}.generated.ts`
    writeFileSync(file, code)
    const printed: string[] = []
    vi.spyOn(console, 'log').mockImplementation(line => printed.push(String(line)))
    const complained = vi.spyOn(console, 'error')
    await import(file)
    expect(complained).not.toHaveBeenCalled()
    expect(printed).toEqual([...code.matchAll(/\/\/ prints (.*)$/gm)].map(match => match[1]))
  },
)
