// Writes the pictures that code on pages makes: a block with an export `picture`, right before an image `images/<name>.svg`, is where
// that image comes from. `tests/readme.test.ts`, which runs the blocks, fails where one is out of date.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const docs = new URL('../../docs/', import.meta.url)

const BLOCK = /^```ts\n([\s\S]*?)^```\n(?:\n!\[[^\]]*\]\((?:docs\/)?images\/([\w-]+\.svg)\))?/gm

/** Each block of TypeScript of a page, with the name of the picture right after it where the block exports one. */
export const picturesIn = text =>
  [...text.matchAll(BLOCK)].map(([, code, name]) => ({
    code,
    name: /^export const picture\b/m.test(code) ? (name ?? 'a picture that is missing') : undefined,
  }))

/** Colours of a picture where there is no page around it. Within a page of the site they are taken off again. */
export const BY_ITSELF = ' style="color:#22272e;background:#fff"'

/** What a block exports as its picture, as a file that is complete by itself. */
export const asFile = picture => {
  const svg = picture?._tag === 'Right' ? picture.right : picture
  if (typeof svg !== 'string' || !svg.startsWith('<svg ')) throw new Error('the block exports no picture')
  return `${svg.replace('<svg ', `<svg${BY_ITSELF} `)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { transformWithOxc } = await import('vite')
  const file = fileURLToPath(new URL('../../tests/picture.generated.mjs', import.meta.url))
  const wanted = process.argv.slice(2)
  for (const page of readdirSync(docs).filter(name => name.endsWith('.md'))) {
    const text = readFileSync(new URL(page, docs), 'utf8')
    for (const { code, name } of picturesIn(text)) {
      if (name === undefined || (wanted.length > 0 && !wanted.includes(name))) continue
      writeFileSync(file, (await transformWithOxc(code, 'block.ts')).code)
      try {
        const { picture } = await import(`${file}?${name}`)
        writeFileSync(new URL(`images/${name}`, docs), asFile(picture))
        console.log(`docs/images/${name}`)
      } finally {
        rmSync(file)
      }
    }
  }
}
