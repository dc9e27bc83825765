import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { told } from './told.js'

const source = new URL('../src/', import.meta.url)
const programs = readdirSync(source).map(file => file.replace('.ts', ''))

test('every program is told', () => expect(Object.keys(told).sort()).toEqual(programs.sort()))

test.each(programs)('%s is one readable file, which finds what there is and draws it', name => {
  const folder = mkdtempSync(join(tmpdir(), 'conjugate-gallery-'))
  try {
    const program = fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url))
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, folder], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const line of told[name]!.prints) expect(stdout).toMatch(line)
    expect(readdirSync(folder)).toEqual([`${name}.svg`])
    const svg = readFileSync(join(folder, `${name}.svg`), 'utf8')
    expect(/<desc>(.*?)<\/desc>/.exec(svg)?.[1]).toMatch(told[name]!.shows)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const lines = readFileSync(new URL(`${name}.ts`, source), 'utf8').split('\n')
  expect(lines.length).toBeLessThan(120)
})
