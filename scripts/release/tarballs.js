// pnpm tarballs: packs all packages into a folder, from which npm, pnpm and yarn install them as if they were on a registry.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from '../build/build.js'
import { packAll } from '../install/into-empty-folder.js'

const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../../tarballs', import.meta.url)))
await build()
mkdirSync(folder, { recursive: true })
for (const file of readdirSync(folder)) if (/^conjugate-.*\.tgz$/.test(file)) rmSync(resolve(folder, file))
await packAll(folder)
console.log(`npm install ${folder}/conjugate-*.tgz fp-ts`)
