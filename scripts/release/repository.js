// Where the sources are. Provenance binds a package to it, and a registry shows it; until it is written, nothing is published.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folders } from '../install/into-empty-folder.js'

/** What is missing, or nothing. @param {ReadonlyArray<{ manifest: { name: string, repository?: unknown } }>} packages */
export const describeRepository = packages => {
  const without = packages.filter(({ manifest }) => manifest.repository === undefined)
  return without.length === 0
    ? undefined
    : `${without.length} packages do not say where their sources are (pnpm release --repository https://HOST/OWNER/NAME)`
}

/** Writes repository, homepage and the place to report faults into every package. @param {string} url */
export const writeRepository = url => {
  if (!/^https:\/\/[\w.-]+(\/[\w.-]+)+$/.test(url)) return `${url} is no https://HOST/OWNER/NAME`
  for (const folder of folders()) {
    const file = join(folder, 'package.json')
    const { license, ...rest } = JSON.parse(readFileSync(file, 'utf8'))
    const directory = `packages/${folder.split(/[\\/]/).at(-1)}`
    const told = {
      repository: { type: 'git', url: `git+${url}.git`, directory },
      homepage: `${url}/tree/main/${directory}#readme`,
      bugs: `${url}/issues`,
    }
    const entries = Object.entries({ ...rest, ...told })
    const at = entries.findIndex(([key]) => key === 'type')
    const isTold = ([key]) => Object.hasOwn(told, key)
    const before = entries.slice(0, at).filter(entry => !isTold(entry))
    const after = entries.slice(at).filter(entry => !isTold(entry))
    const manifest = Object.fromEntries([...before, ['license', license], ...Object.entries(told), ...after])
    writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`)
  }
  return undefined
}
