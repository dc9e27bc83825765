// pnpm release: publishes what is not published yet, with its provenance. Nothing leaves this machine with --dry-run.
import { parseArgs } from 'node:util'
import { build } from '../build/build.js'
import { changeset, pendingChanges } from './changes.js'
import { packed } from './packed.js'
import { pending, publish } from './publish.js'
import { describeRepository, writeRepository } from './repository.js'
import { installTools } from './tools.js'

const HELP = `Usage: pnpm release [options]

Publishes every package of packages/ in one version, each after those that it depends on, with its provenance: which commit of
which repository it was made from, and by which workflow.

  --dry-run          builds, packs and checks, and says what would be published; nothing leaves this machine
  --versions         turns the files of .changeset into versions and changelogs, and ends
  --repository URL   writes where the sources are into the packages, which provenance needs, and ends
  --help             this text`

const options = {
  'dry-run': { type: 'boolean', default: false },
  versions: { type: 'boolean', default: false },
  repository: { type: 'string' },
  help: { type: 'boolean', default: false },
}

const read = () => {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    return { wrong: error.message }
  }
}

/** Says something is wrong, and ends with a failure. @param {string} reason */
const refuse = reason => {
  console.error(`release: ${reason}`)
  process.exitCode = 1
}

const release = async ({ dryRun }) => {
  await build()
  const packages = await packed()
  const reasons = [describeRepository(packages), ...pending({ dryRun, changes: pendingChanges() })].filter(Boolean)
  for (const { manifest, files, bytes } of packages)
    console.log(`${manifest.name}@${manifest.version}  ${files} files, ${(bytes / 1000).toFixed(0)} kB`)
  for (const reason of reasons) console.log(`before it can be published: ${reason}`)
  if (dryRun) {
    console.log(`would publish ${packages.length} packages, in this order, by npm publish --provenance --access public`)
    return
  }
  if (reasons.length > 0) refuse('nothing was published')
  else await publish(packages)
}

const words = read()
if (words.wrong !== undefined) refuse(words.wrong)
else if (words.help) console.log(HELP)
else if (words.repository !== undefined) {
  const wrong = writeRepository(words.repository)
  if (wrong) refuse(wrong)
} else if (words.versions) {
  installTools()
  changeset('version')
} else await release({ dryRun: words['dry-run'] })
