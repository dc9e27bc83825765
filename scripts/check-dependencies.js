import { fileURLToPath } from 'node:url'
import { check } from './dependencies/check.js'

const { modules, violations } = check(fileURLToPath(new URL('..', import.meta.url)))
for (const violation of violations) console.error(violation)
// A checker that reads nothing finds nothing.
if (modules < 20) violations.push(`only ${modules} modules were read`)
console.log(`dependencies: ${modules} modules, ${violations.length} violations`)
process.exitCode = violations.length === 0 ? 0 : 1
