import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * A folder of test data beside the checkout, or the one that an environment variable names. Without it the tests that
 * need it are skipped, or take what is in its place, but never in CI.
 */
export const sharedFolder = <Place extends string | undefined = undefined>(
  variable: string,
  name: string,
  inItsPlace?: Place,
): string | Place => {
  const folder = process.env[variable] || fileURLToPath(new URL(`../../../../shared/${name}`, import.meta.url))
  if (existsSync(folder)) return folder
  if (process.env['CI']) throw new Error(`CI has no folder ${folder} (${variable})`)
  const instead = inItsPlace === undefined ? 'tests that need' : `what is not in ${inItsPlace} of`
  console.warn(`Skipped: ${instead} ${folder}. Name another folder with ${variable}.`)
  return inItsPlace as Place
}
