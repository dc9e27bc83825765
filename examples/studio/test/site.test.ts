import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { headers, headersFile } from '../headers.js'
import { isForWebGpu } from '../scripts/deployed.js'
import { made, source } from '../scripts/photo.js'
import { buildSite, kilobytes, type Site } from './support/site.js'

describe('the files of the studio', () => {
  let site: Site
  beforeAll(async () => {
    site = await buildSite()
  })
  afterAll(() => site?.remove())

  test('are bundled without a complaint', () => expect(site.warnings).toEqual([]))

  test('are 250 kB compressed, all but what WebGPU loads where it is asked for', () => {
    const sizes = [...site.files]
      .filter(([, code]) => !isForWebGpu(code))
      .map(([name, code]) => [name, kilobytes(code)] as const)
    const total = sizes.reduce((sum, [, size]) => sum + size, 0)
    expect(total, sizes.map(([name, size]) => `${name} ${size}`).join('\n')).toBeLessThan(250)
    // Something would be amiss with a measurement of nothing.
    expect(total).toBeGreaterThan(100)
  })

  test('are kept for offline, all that is loaded without being asked for', () => {
    const kept = String(site.files.get('service-worker.js'))
    for (const [name, code] of site.files) {
      const isLeftOut =
        name === '_headers' || name === 'service-worker.js' || name === 'index.html' || isForWebGpu(code)
      if (!name.endsWith('.map')) expect(kept.includes(`"${name}"`), name).toBe(!isLeftOut)
    }
    expect(kept).toContain('"./"')
  })

  test('come with the headers that the server sends', () => {
    expect(String(site.files.get('_headers'))).toBe(headersFile)
    for (const [name, value] of Object.entries(headers)) expect(headersFile).toContain(`${name}: ${value}`)
    expect(headers['Content-Security-Policy']).not.toMatch(/unsafe-(eval|inline)(?<!wasm-unsafe-eval)|\*|https?:/)
  })

  test('hold no code that is made from text', () => {
    for (const [name, code] of site.files)
      if (name.endsWith('.js') && !isForWebGpu(code))
        expect(/\beval\(|new Function\(/.test(String(code)), name).toBe(false)
  })

  test('have the photo of the command', async () => {
    const [ours, theirs] = await Promise.all(
      [made, source].map(file => sharp(file).raw().toBuffer({ resolveWithObject: true })),
    )
    expect(ours!.info).toMatchObject({ width: theirs!.info.width, height: theirs!.info.height })
    const differences = ours!.data.reduce((sum, value, i) => sum + Math.abs(value - theirs!.data[i]!), 0)
    expect(differences / ours!.data.length).toBeLessThan(2.5)
  })
})
