import { transform } from 'sucrase'

/** Modules are imported at the beginning of a line, or by a call. */
const SPECIFIER = /(^(?:import|export)\s*(?:[^'"=;()]*?\bfrom\s*)?|\bimport\(\s*)(["'])([^"'\n]+)\2/gm

/**
 * TypeScript as a module that a page can load: without its types, and with the addresses of what it imports. Throws where it cannot
 * be read, or imports what is not there.
 */
export const toModule = (code, addresses) => {
  const { code: script } = transform(code, { transforms: ['typescript'], disableESTransforms: true })
  return script.replaceAll(SPECIFIER, (whole, before, quote, name) => {
    // A program that finds itself in a page does not get there.
    if (name.startsWith('node:') && before.endsWith('(')) return whole
    if (addresses[name] === undefined)
      throw new Error(`a page cannot import ${name}; there are ${Object.keys(addresses).join(', ')}`)
    return `${before}${quote}${addresses[name]}${quote}`
  })
}
