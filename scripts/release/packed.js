// The tarballs of the packages, in an order in which each comes after those that it depends on.
import { execFile } from 'node:child_process'
import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { manifests, packAll } from '../install/into-empty-folder.js'

const run = promisify(execFile)

const inOrder = all => {
  const names = new Set(all.map(({ name }) => name))
  const ordered = []
  const visit = manifest => {
    if (ordered.includes(manifest)) return
    for (const name of Object.keys(manifest.dependencies ?? {}))
      if (names.has(name)) visit(all.find(one => one.name === name))
    ordered.push(manifest)
  }
  for (const manifest of all) visit(manifest)
  return ordered
}

/** Packs all packages into a new folder. */
export const packed = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'conjugate-release-'))
  await packAll(folder)
  const all = []
  for (const manifest of inOrder(manifests())) {
    const tarball = join(folder, `${manifest.name.slice(1).replace('/', '-')}-${manifest.version}.tgz`)
    const { stdout } = await run('tar', ['-tzf', tarball])
    all.push({ manifest, tarball, files: stdout.trim().split('\n').length, bytes: statSync(tarball).size })
  }
  return all
}
