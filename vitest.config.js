import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'tests/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Tests run what users get. Rewritten by the test runner, the kernels would be eight times slower.
    server: { deps: { external: [/\/(packages|examples)\/[^/]+\/dist\//] } },
  },
})
