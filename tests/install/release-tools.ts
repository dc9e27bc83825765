import { hasTools } from '../../scripts/release/tools.js'

/** Why what needs the tools of a release is skipped; `undefined` where they are installed, or have to be. */
export const noTools: string | undefined =
  hasTools() || process.env['CONJUGATE_REQUIRE_RELEASE'] !== undefined
    ? undefined
    : 'the tools of a release are not set up here (pnpm release:tools)'

if (noTools !== undefined) console.warn(`Skipped: how Node, bundlers and compilers take packages: ${noTools}.`)
