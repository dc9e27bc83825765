import { configDefaults, defineConfig } from 'vitest/config'
import { core } from './scripts/test/core.js'

const all = ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'tests/**/*.test.ts']
const of = process.env['CONJUGATE_TESTS']

export default defineConfig({
  test: {
    include: of === 'core' ? core : all,
    exclude: [...configDefaults.exclude, ...(of === 'rest' ? core : [])],
    // As many as there are processors: by default one is left for who edits.
    maxWorkers: '100%',
    // Files of the core share what they import, which is a third of their time; those of the rest may change more.
    isolate: of !== 'core',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Tests run what users get. Rewritten by the test runner, the kernels would be eight times slower.
    server: { deps: { external: [/\/(packages|examples)\/[^/]+\/dist\//] } },
  },
})
