// `pnpm run docs`, or `pnpm site`: builds the site and serves it; `--build` builds alone, `--base /path/` is where it will be served.
import { parseArgs } from 'node:util'
import { build as buildPackages } from '../scripts/build/build.js'
import { installTools } from './source/tools.js'

const HELP = `Usage: pnpm site [options]

Builds the documentation into site/dist, which any server of files can serve, and serves it to this machine.

  --build         only build
  --serve         only serve what was built
  --base PATH     the path that the site will be under at its host, such as /conjugate/ (default /)
  --port NUMBER   where to serve (default: any that is free)
  --help          this text`

const options = {
  build: { type: 'boolean', default: false },
  serve: { type: 'boolean', default: false },
  base: { type: 'string', default: '/' },
  port: { type: 'string', default: '0' },
  help: { type: 'boolean', default: false },
}

const read = () => {
  try {
    const { values } = parseArgs({ options })
    const port = Number(values.port)
    if (!/^\/([\w.~-]+\/)*$/.test(values.base))
      return { wrong: `--base ${values.base}: expected a path that begins and ends with /` }
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      return { wrong: `--port ${values.port}: expected a number from 0 to 65535` }
    return { ...values, port }
  } catch (error) {
    return { wrong: error.message }
  }
}

const { wrong, ...words } = read()
if (wrong !== undefined) {
  console.error(`docs: ${wrong}`)
  process.exitCode = 1
} else if (words.help) console.log(HELP)
else {
  if (!words.serve) {
    await buildPackages()
    installTools()
    const { buildSite } = await import('./source/build.js')
    await buildSite(words.base)
  }
  if (!words.build) {
    const { serve } = await import('./source/serve.js')
    const { url } = await serve(words.port, words.base)
    console.log(`The site is at ${url}`)
  }
}
