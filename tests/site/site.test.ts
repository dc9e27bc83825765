import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { told } from '../../examples/gallery/test/told.js'
import { serve } from '../../site/source/serve.js'
import { noBrowser } from '../browser/support/chromium.js'
import { exportsOf, publicEntries } from '../support/exports.js'
import { exampleOf, launch, openAt, seriousOf } from './browser.js'
import { readSite } from './pages.js'

// The site as it is built: nothing leads nowhere, every export is on a page, formulas are typeset, examples run.

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Why there is no site; `undefined` where what builds it is installed, or has to be. */
const noSite =
  existsSync(`${root}site/node_modules/.installed`) || process.env['CONJUGATE_REQUIRE_SITE'] === '1'
    ? undefined
    : 'what builds the site is not installed (pnpm site --build)'

if (noSite !== undefined) console.warn(`The site is not tested: ${noSite}`)

let site: ReturnType<typeof readSite>

// CONJUGATE_SITE=built takes the site as it is, for whoever has just built it.
beforeAll(() => {
  if (noSite !== undefined) return
  if (process.env['CONJUGATE_SITE'] !== 'built') {
    const { status, stderr } = spawnSync(process.execPath, ['site/main.js', '--build'], { cwd: root, encoding: 'utf8' })
    if (status !== 0) throw new Error(`the site is not built: ${stderr.slice(-2000)}`)
  }
  site = readSite()
}, 900_000)

const read = (path: string): string => readFileSync(root + path, 'utf8')

describe.skipIf(noSite !== undefined)('the built site', () => {
  test('has every page of the repository', () => {
    expect(site.pages.size).toBeGreaterThan(150)
    for (const path of [
      'index',
      'start',
      'derivations',
      'api/index',
      'families/gamma',
      'packages/models',
      'decisions/33-site',
    ])
      expect([...site.pages.keys()]).toContain(`/${path}.html`)
  })

  test('leads nowhere that is not there', () => {
    const dead = [...site.pages].flatMap(([from, { references }]) =>
      references.flatMap(([to, anchor]) => {
        const file = site.fileAt(to)
        if (file === undefined) return [`${from}: ${to}`]
        const page = site.pages.get(file)
        return anchor === '' || page === undefined || page.ids.has(anchor) ? [] : [`${from}: ${to}#${anchor}`]
      }),
    )
    expect([...new Set(dead)]).toEqual([])
  })

  test.each(publicEntries)('has every export of $name on a page', ({ name, source }) => {
    const index = site.pages.get('/api/index.html')!
    const members: ReadonlyArray<Readonly<Record<'name' | 'entry' | 'page' | 'anchor', string>>> = JSON.parse(
      read('site/pages/api/members.json'),
    )
    const missing = exportsOf(source).filter(([, , exported]) => {
      const found = members.find(member => member.name === exported && member.entry === name)
      if (found === undefined) return true
      const to = `/api/${found.page.replace(/\.md$/, '.html')}`
      const isListed = index.references.some(([path, anchor]) => path === to && anchor === found.anchor)
      return !(isListed && site.pages.get(to)?.ids.has(found.anchor))
    })
    expect(missing.map(([, , exported]) => exported)).toEqual([])
  })

  test.each(['derivations', 'image-priors'])('typesets every formula of %s', page => {
    const source = read(`docs/${page}.md`)
    const blocks = source.match(/^```math$/gm)!.length
    const inline = source
      .replaceAll(/^```[\s\S]*?^```$/gm, '')
      .replaceAll(/`[^`]*`/g, '')
      .match(/\$[^$]+\$/g)!.length
    const { html } = site.pages.get(`/${page}.html`)!
    expect(html.match(/class="katex"/g)).toHaveLength(blocks + inline)
    expect(html).not.toContain('katex-error')
    expect(html).not.toContain('language-math')
  })

  test('allows no text to be run as code', () => {
    for (const [path, { html }] of site.pages) {
      const policy = /http-equiv="content-security-policy" content="([^"]*)"/.exec(html)?.[1] ?? ''
      expect(policy, path).toContain("script-src 'self' blob: 'wasm-unsafe-eval' 'sha256-")
      expect(policy, path).not.toContain("'unsafe-eval'")
      expect(/script-src[^;]*/.exec(policy)![0], path).not.toContain("'unsafe-inline'")
    }
  })
})

describe.skipIf(noSite !== undefined || noBrowser !== undefined)('the site in a browser', { timeout: 300_000 }, () => {
  let browser: Browser
  let served: { readonly url: string; readonly close: () => void }
  const at = (path: string) => `${served.url}${path}`

  beforeAll(async () => {
    served = (await serve(0, '/')) as typeof served
    browser = await launch()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    served?.close()
  })

  const printedBy = (page: string): ReadonlyArray<ReadonlyArray<string>> =>
    [...read(page).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) =>
      [...code!.matchAll(/\/\/ prints (.*)$/gm)].map(([, line]) => line!),
    )

  test.each(['start', 'how-to', 'data', 'label-models', 'tensors'])(
    'examples of %s print what they say',
    async name => {
      const { page, complaints, close } = await openAt(browser, at(`${name}.html`))
      for (const [i, expected] of printedBy(`docs/${name}.md`).entries()) {
        const example = exampleOf(page, i)
        await example.run()
        expect(await example.lines(), `block ${i}`).toEqual(expected)
      }
      expect(complaints).toEqual([])
      await close()
    },
  )

  test.each(['mixture-density-network', 'mixture-prior', 'map-by-gradient'])(
    'the program of %s finds in a page what it finds in Node, and draws it',
    async name => {
      const { page, complaints, close } = await openAt(browser, at(`${name}.html`))
      page.setDefaultTimeout(280_000)
      const program = exampleOf(page, 0)
      await program.run()
      const lines = (await program.lines()).join('\n')
      for (const line of told[name]!.prints) expect(lines).toMatch(line)
      expect(await program.pictures()).toBe(1)
      expect(await page.locator('.live-output svg desc').textContent()).toMatch(told[name]!.shows)
      expect(complaints).toEqual([])
      await close()
    },
  )

  test('an example can be edited, shows its picture, and says what is wrong', async () => {
    const { page, complaints, close } = await openAt(browser, at('start.html'))
    const example = exampleOf(page, 0)
    await example.edit(code => code.replace('components: 3', 'components: 2'))
    await example.run()
    // One line for each component, and one for how it ended.
    expect(await example.lines()).toHaveLength(3)
    expect(await example.pictures()).toBe(1)
    expect(complaints).toEqual([])

    const other = exampleOf(page, 1)
    await other.edit(() => "import { nothing } from 'nowhere'\nconsole.log(nothing)\n")
    await other.run()
    expect((await other.lines()).join()).toContain('a page cannot import nowhere')

    const thrown = exampleOf(page, 2)
    await thrown.edit(() => "console.log('before')\nthrow new Error('on purpose')\n")
    await thrown.run()
    expect(await thrown.lines()).toEqual(['before', 'Error: on purpose'])
    await close()
  })

  test('an endless loop is stopped', async () => {
    const { page, close } = await openAt(browser, at('start.html'))
    const example = exampleOf(page, 0)
    await example.edit(() => "console.log('begun')\nfor (;;) {}\n")
    await example.start()
    await page.locator('.live-output pre span').first().waitFor()
    await example.stop()
    expect(await example.state()).toBe('stopped')
    await close()
  })

  test('the search finds an export first', async () => {
    const { page, close } = await openAt(browser, at('start.html'))
    await page.locator('.DocSearch-Button').click()
    await page.locator('#localsearch-input').fill('gaussianMixture')
    const first = page.locator('.result').first()
    await first.waitFor()
    expect(await first.getAttribute('href')).toMatch(/\/api\/models\/.*#gaussianmixture$/)
    await close()
  })

  test('subscripts are smaller than what they are of', async () => {
    const { page, close } = await openAt(browser, at('derivations.html'))
    const [whole, subscript] = await page.evaluate(() =>
      ['.katex .mord', '.katex .msupsub .mtight'].map(at =>
        parseFloat(getComputedStyle(document.querySelector(at)!).fontSize),
      ),
    )
    expect(subscript! / whole!).toBeLessThan(0.8)
    await close()
  })

  const ALL = [{}, { dark: true }, { narrow: true }, { dark: true, narrow: true }]
  // Colours do not depend on the width: pages like others are seen in two of the four ways.
  const SOME = [{}, { dark: true, narrow: true }]
  test.each([
    ['', ALL],
    ['start.html', ALL],
    ['api/models/door.html', SOME],
    ['derivations.html', [{ dark: true }]],
    ['gallery.html', SOME],
    ['map-by-gradient.html', SOME],
    ['comparison.html', SOME],
  ])('axe finds nothing serious at /%s', async (path, all) => {
    for (const looks of all) {
      const { page, complaints, close } = await openAt(browser, at(path), looks)
      // What an example printed is looked at as well.
      const run = page.locator('.live-run').first()
      if (path === 'start.html') {
        await run.click()
        await run.waitFor()
      }
      expect(await seriousOf(page), JSON.stringify(looks)).toEqual([])
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(wider, `wider than the window: ${JSON.stringify(looks)}`).toBeLessThanOrEqual(0)
      expect(complaints).toEqual([])
      await close()
    }
  })
})
