import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** All files in a folder and in those within it. @param {string} folder @returns {string[]} */
export const filesIn = folder =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
