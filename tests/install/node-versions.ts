import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { nodeOf, tool } from '../../scripts/release/tools.js'
import { noTools } from './release-tools.js'

const run = promisify(execFile)

/** A fit, a plot and a pair of one's own, as an ES module and as CommonJS. */
const programs: Readonly<Record<string, string>> = {
  module: `
    import { fit, gaussianMixture } from '@conjugate/models'
    import { scatter } from '@conjugate/plots'`,
  commonjs: `
    const { fit, gaussianMixture } = require('@conjugate/models')
    const { scatter } = require('@conjugate/plots')`,
}
const BODY = `
  const rows = Array.from({ length: 60000 }, (_, i) => [Math.sin(i) + (i % 2) * 9, Math.cos(i * 7)])
  fit(gaussianMixture({ components: 2 }), rows, { threads: 2, groupRows: false })().then(({ right: { assignments, components, backend } }) => {
    const { right: svg } = scatter(rows, { assignments, components })
    console.log(process.version.split('.')[0], backend, /<desc>(\\d+ points)/.exec(svg)[1])
  })`

/** Checks that packages run on every version of Node that is supported. `app` is where packages are installed. */
export const checkNodeVersions = (app: () => string): void => {
  const skipped = noTools
  describe.skipIf(skipped)(`versions of Node${skipped ? `: skipped, ${skipped}` : ''}`, () => {
    test.each([20, 22, 24].flatMap(version => Object.keys(programs).map(kind => [version, kind] as const)))(
      'Node %i fits on threads and draws, as %s',
      async (version, kind) => {
        const node = nodeOf(version)
        expect(node).toBeDefined()
        const { stdout, stderr } = await run(node!, [`--input-type=${kind}`, '-e', programs[kind]! + BODY], {
          cwd: app(),
        })
        expect(stdout).toMatch(new RegExp(`^v${version} wasm \\(.*, 2 threads\\) 60000 points\n$`))
        // Of 20 and 22 alone, that it is experimental to require an ES module.
        expect(stderr.replace(/^\(node:\d+\) ExperimentalWarning: .*\n(\(Use .*\n)?/gm, '')).toBe('')
      },
    )
  })
}

interface Problem {
  readonly resolutionKind?: string
}

/** Checks by are-the-types-wrong that compilers find the types of a package as Node finds its code. */
export const checkTypesOf = (name: string, tarball: () => string): void => {
  test.skipIf(noTools)(
    `has types that every way of resolving modules finds${noTools ? `: skipped, ${noTools}` : ''}`,
    async () => {
      const program = join(dirname(tool('@arethetypeswrong/cli/package.json')), 'dist/index.js')
      // CommonJS requires ES modules, as Node does since 20.19; the script of the worker is no module with types.
      const words = [tarball(), '--profile', 'esm-only', '--format', 'json', '--exclude-entrypoints', 'worker']
      const { stdout } = await run(process.execPath, [program, ...words]).catch(
        (failed: { readonly stdout: string }) => failed,
      )
      const { analysis } = JSON.parse(stdout) as { readonly analysis: { readonly problems: ReadonlyArray<Problem> } }
      // Node 10 knows no entries, and compilers before 5.8 not that CommonJS requires ES modules.
      const others = analysis.problems.filter(
        ({ resolutionKind }) => resolutionKind !== 'node10' && resolutionKind !== 'node16-cjs',
      )
      expect(others, name).toEqual([])
    },
  )
}
