import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeOutputError, openOutputFolder } from '@conjugate/command-line'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let base: string

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'conjugate-output-'))
})

afterEach(async () => {
  await rm(base, { recursive: true, force: true })
})

const opened = (folder: string) => {
  const result = openOutputFolder(folder)()
  if (E.isLeft(result)) throw new Error(describeOutputError(result.left))
  return result.right
}

const complaint = (folder: string): string => {
  const result = openOutputFolder(folder)()
  return E.isLeft(result) ? describeOutputError(result.left) : 'no complaint'
}

describe('openOutputFolder', () => {
  it('makes the folder, and removes it again where nothing was written', async () => {
    const folder = opened(join(base, 'a', 'b'))
    expect(await readdir(join(base, 'a'))).toEqual(['b'])
    folder.close()
    expect(await readdir(base)).toEqual([])
  })

  it('leaves a folder that was there', async () => {
    await mkdir(join(base, 'a'))
    opened(join(base, 'a')).close()
    expect(await readdir(base)).toEqual(['a'])
  })

  it('refuses a file and what lies below it', async () => {
    await writeFile(join(base, 'file'), '')
    expect(complaint(join(base, 'file'))).toBe(
      `--out ${join(base, 'file')}: cannot write there (a file has that name); choose another folder`,
    )
    expect(complaint(join(base, 'file', 'deep'))).toContain('part of the path is a file')
    expect(await readdir(base)).toEqual(['file'])
  })

  it.skipIf(process.platform !== 'linux')('refuses a folder where the system allows no files (Linux only)', () => {
    expect(complaint('/proc')).toContain('--out /proc: cannot write there')
    expect(complaint('/proc/deep/folder')).toContain('--out /proc/deep/folder: cannot write there')
  })

  it('removes the folders above one that cannot be made', async () => {
    expect(complaint(join(base, 'a', 'x'.repeat(300)))).toContain('the name is too long')
    expect(await readdir(base)).toEqual([])
  })
})

describe('write', () => {
  it('writes all files, over those of an earlier run', async () => {
    const folder = opened(base)
    await writeFile(join(base, 'one.txt'), 'old')
    const result = folder.write({ 'one.txt': 'new', 'two.bin': Uint8Array.of(1, 2) })()
    expect(result).toEqual(E.right([join(base, 'one.txt'), join(base, 'two.bin')]))
    folder.close()
    expect((await readdir(base)).sort()).toEqual(['one.txt', 'two.bin'])
    expect(await readFile(join(base, 'one.txt'), 'utf8')).toBe('new')
    expect([...(await readFile(join(base, 'two.bin')))]).toEqual([1, 2])
  })

  it('writes nothing where one file cannot be written', async () => {
    const folder = opened(base)
    await mkdir(join(base, 'two.txt'))
    const result = folder.write({ 'one.txt': '1', 'two.txt': '2' })()
    expect(E.isLeft(result) && describeOutputError(result.left)).toBe(
      `${join(base, 'two.txt')}: cannot be written (a folder has that name)`,
    )
    expect(await readdir(base)).toEqual(['two.txt'])
  })

  it('leaves no temporary file where the name of another is too long', async () => {
    const folder = opened(base)
    const result = folder.write({ 'one.txt': '1', [`${'x'.repeat(300)}.txt`]: '2' })()
    expect(E.isLeft(result) && describeOutputError(result.left)).toContain('the name is too long')
    expect(await readdir(base)).toEqual([])
  })

  it('removes its temporary files where the folder vanishes', async () => {
    const folder = opened(join(base, 'a'))
    await rm(join(base, 'a'), { recursive: true })
    const result = folder.write({ 'one.txt': '1' })()
    expect(E.isLeft(result) && describeOutputError(result.left)).toContain('no such file or folder')
    expect(await readdir(base)).toEqual([])
  })

  it('says beforehand which name is taken by a folder', async () => {
    const folder = opened(base)
    await mkdir(join(base, 'taken'))
    expect(E.isLeft(folder.check(['free', 'taken'])())).toBe(true)
    expect(E.isRight(folder.check(['free'])())).toBe(true)
  })
})
