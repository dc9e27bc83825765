import { readdirSync, readFileSync } from 'node:fs'

export const packages = new URL('../../packages/', import.meta.url)

/** The name that a program imports, and the source, of each public entry. */
export const publicEntries: ReadonlyArray<{ readonly name: string; readonly source: string }> = readdirSync(
  packages,
).flatMap(folder => {
  const { name, exports } = JSON.parse(readFileSync(new URL(`${folder}/package.json`, packages), 'utf8'))
  // What is a text is the script of a worker, which exports nothing.
  return Object.entries<string | { default: string }>(exports).flatMap(([key, target]) =>
    typeof target === 'string'
      ? []
      : [
          {
            name: `${name}${key.slice(1)}`,
            source: `${folder}/${target.default.slice(2)}`.replace('/dist/', '/src/').replace(/\.js$/, '.ts'),
          },
        ],
  )
})

/** Names that the source of an entry exports: as they are declared, the file where, and as they are exported. */
export const exportsOf = (source: string): ReadonlyArray<readonly [name: string, file: URL, exported: string]> => {
  const from = new URL(source, packages)
  return [...readFileSync(from, 'utf8').matchAll(/export (?:type )?(\*|\{[^}]*\}) from '(\.[^']*)'/g)].flatMap(
    ([, names, path]) => {
      const file = new URL(path!.replace(/\.js$/, '.ts'), from)
      const declared = [
        ...readFileSync(file, 'utf8').matchAll(/^export (?:const|function|class|type|interface) (\w+)/gm),
      ]
      const listed = names!.replace(/[{}]/g, '').split(',')
      return names === '*'
        ? declared.map(([, name]) => [name!, file, name!] as const)
        : listed.flatMap(one => {
            const [name = '', exported = name] = one
              .trim()
              .replace(/^type /, '')
              .split(' as ')
            return name === '' ? [] : [[name, file, exported] as const]
          })
    },
  )
}
