import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * A folder of test data beside the checkout, or the one that an environment variable names. Without it the tests that
 * need it are skipped, but never in CI.
 */
export const sharedFolder = (variable: string, name: string): string | undefined => {
  const folder = process.env[variable] || fileURLToPath(new URL(`../../../../shared/${name}`, import.meta.url))
  if (existsSync(folder)) return folder
  if (process.env['CI']) throw new Error(`CI has no folder ${folder} (${variable})`)
  console.warn(`Skipped: tests that need ${folder}. Name another folder with ${variable}.`)
  return undefined
}
