// Publishes tarballs. Provenance is signed by the workflow that runs this, which no other machine can do.
import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

const git = (...words) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim()

/** Why nothing can be published from here and now. @returns {ReadonlyArray<string>} */
export const pending = ({ changes }) => [
  ...(changes.length === 0 ? [] : [`${changes.length} changes are in no version yet (pnpm release --versions)`]),
  ...(git('status', '--porcelain') === '' ? [] : ['there are changes that are not committed']),
  ...(process.env.ACTIONS_ID_TOKEN_REQUEST_URL || process.env.SIGSTORE_ID_TOKEN
    ? []
    : ['provenance is signed in a workflow with the permission id-token: write, and this is none']),
]

/** Whether a registry has this version already. */
const isPublished = ({ name, version }) =>
  spawnSync('npm', ['view', `${name}@${version}`, 'version'], { encoding: 'utf8' }).stdout.trim() === version

export const publish = async packages => {
  for (const { manifest, tarball } of packages) {
    if (isPublished(manifest)) {
      console.log(`${manifest.name}@${manifest.version} is there already`)
      continue
    }
    const { status } = spawnSync('npm', ['publish', tarball, '--provenance', '--access', 'public'], {
      stdio: 'inherit',
    })
    if (status !== 0) process.exit(status ?? 1)
  }
}
