import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { root } from './paths.js'

/** Public entries, by the name that a program imports: the sources. */
export const entries = new Map(
  readdirSync(`${root}packages`)
    .filter(name => existsSync(`${root}packages/${name}/package.json`))
    .flatMap(name => {
      const { name: scoped, exports } = JSON.parse(readFileSync(`${root}packages/${name}/package.json`, 'utf8'))
      return Object.entries(exports)
        .filter(([, target]) => typeof target === 'object')
        .map(([key, { default: path }]) => [
          posix.join(scoped, key),
          `packages/${name}/${path.slice(2)}`.replace('/dist/', '/src/').replace(/\.js$/, '.ts'),
        ])
    }),
)
