// `pnpm studio`: makes the page and serves it to this machine, at the address that it prints. `pnpm studio --build` only makes it.
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'

const configFile = fileURLToPath(new URL('vite.config.js', import.meta.url))
const words = process.argv.slice(2)
const portOf = () => {
  const at = words.indexOf('--port')
  return at < 0 ? 4180 : Number(words[at + 1])
}
const known = words.every((word, i) => ['--build', '--port'].includes(word) || words[i - 1] === '--port')
if (!known || !Number.isInteger(portOf())) {
  console.error('pnpm studio [--port NUMBER] [--build]')
  process.exit(2)
}
await build({ configFile, logLevel: 'warn' })
if (words.includes('--build')) console.log('the page is in examples/studio/dist/site')
else {
  const server = await preview({ configFile, logLevel: 'warn', preview: { port: portOf() } })
  console.log(`the studio is at ${server.resolvedUrls?.local[0] ?? 'an address of its own'} (Ctrl+C ends it)`)
}
