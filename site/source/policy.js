import { createHash } from 'node:crypto'

const SCRIPT = /<script(?![^>]*\ssrc=)([^>]*)>([\s\S]*?)<\/script>/g

/**
 * A page with a policy of what it may run: files of the site, the scripts that are in the page by their hashes, modules of live
 * examples (`blob:`) and WebAssembly, but no text as code. Formulas and highlighted code have styles of their own.
 */
export const withPolicy = html => {
  const hashes = [...html.matchAll(SCRIPT)]
    .filter(([, attributes]) => !/type="application\/(ld\+)?json"/.test(attributes))
    .map(([, , code]) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`)
  const policy = [
    "default-src 'self'",
    `script-src 'self' blob: 'wasm-unsafe-eval' ${[...new Set(hashes)].join(' ')}`.trim(),
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return html.replace(/<head>/, `<head>\n    <meta http-equiv="content-security-policy" content="${policy}">`)
}
