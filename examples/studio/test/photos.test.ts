import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runProgram, squarePng } from '../../segmentation/test/support.js'
import { choose, draw, expectForeground, foregroundPixels, segmented, settled } from './support/photos.js'
import { noBrowser, type OpenStudio, PATIENCE, type Studio, seriousIn, startStudio } from './support/studio.js'

let studio: Studio
let opened: OpenStudio
let page: Page

beforeAll(async () => {
  if (noBrowser === undefined) studio = await startStudio()
})
afterAll(() => studio?.close())

/** Opens the studio anew for each test of a group. */
const openedWith = (options?: Parameters<Studio['open']>[1]): void => {
  beforeEach(async () => {
    opened = await studio.open('photos', options)
    page = opened.page
  })
  afterEach(async () => {
    expect(opened.complaints).toEqual([])
    await opened.close()
  })
}

/** The square of `squarePng`, of 40 x 30 pixels. */
const SQUARE = 285

const describeInBrowser = (name: string, tests: () => void): unknown =>
  describe.skipIf(noBrowser)(`${name}${noBrowser ? `: skipped, ${noBrowser}` : ''}`, tests)

describeInBrowser('on opening', () => {
  openedWith()

  test('the packaged photo is cut out, in an isolated page that asks nobody else and nothing that is not needed', async () => {
    await settled(page)
    // The plant takes three tenths of it.
    expect((await foregroundPixels(page)) / (807 * 1024)).toBeCloseTo(0.31, 1)
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    await expect.poll(() => page.locator('.panels canvas').count()).toBe(3)
    for (const address of opened.requests) expect(address).toMatch(new RegExp(`^(blob:)?${studio.url}`))
    expect(opened.requests.filter(address => /dist-/.test(address))).toEqual([])
    expect(await page.locator('.objective svg').getAttribute('aria-label')).toMatch(
      /^Log joint probability, from .* to .* in \d+/,
    )
  })

  test('it stays when there is no network, once it was loaded', async () => {
    await settled(page)
    const keeps = () =>
      page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated')
    await expect.poll(keeps, { timeout: PATIENCE, interval: 200 }).toBe(true)
    await page.reload()
    await page.context().setOffline(true)
    await page.reload()
    await settled(page)
    expect((await foregroundPixels(page)) / (807 * 1024)).toBeCloseTo(0.31, 1)
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  })
})

describeInBrowser('a photo', () => {
  openedWith()

  test.each(['drop', 'paste'])('arrives by %s', async way => {
    const bytes = Array.from(await squarePng())
    await page.evaluate(
      ([way, bytes]) => {
        const data = new DataTransfer()
        data.items.add(new File([Uint8Array.from(bytes)], 'square.png', { type: 'image/png' }))
        const event =
          way === 'drop'
            ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
            : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
        document.querySelector(way === 'drop' ? '.stage' : 'body')!.dispatchEvent(event)
      },
      [way, bytes] as const,
    )
    await page.locator('.source', { hasText: 'square.png' }).waitFor()
    await settled(page)
    await expectForeground(page, SQUARE)
  })

  test('becomes as many smooth components as are asked for', async () => {
    await segmented(page, 'square.png', await squarePng())
    await page.getByLabel('Components, K').fill('4')
    await expect.poll(() => page.locator('.facts div').count(), { timeout: PATIENCE }).toBe(6)
    await expect.poll(() => page.locator('.panels canvas').count()).toBe(5)
    expect(await page.getByText('Cut-out', { exact: true }).count()).toBe(0)
  })

  test('that is none, damaged or too large says so in a line, and what was there stays', async () => {
    await segmented(page, 'square.png', await squarePng())
    const png = await sharp({
      create: {
        width: 300,
        height: 200,
        channels: 3,
        background: 'teal',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    })
      .png()
      .toBuffer()
    const wrong: readonly (readonly [name: string, bytes: Uint8Array, message: RegExp])[] = [
      ['empty.png', new Uint8Array(), /^empty\.png is empty/],
      ['letter.txt', Buffer.from('Dear Sir or Madam'), /^letter\.txt is no picture that can be read\. Give a PNG/],
      ['cut.png', png.subarray(0, 4000), /^cut\.png is damaged or cut short/],
      [
        'phone.heic',
        Buffer.from('\0\0\0\x18ftypheic\0\0\0\0'),
        /^phone\.heic is HEIC, which cannot be read: convert it/,
      ],
      ['scan.tif', await sharp(png).tiff().toBuffer(), /^scan\.tif is TIFF, which this browser does not read/],
      ['one.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /^one\.svg is SVG, which cannot be read/],
      [
        'flag.png',
        await sharp({ create: { width: 9, height: 9, channels: 3, background: 'teal' } })
          .png()
          .toBuffer(),
        /1 colour, fewer than 2 components/,
      ],
      [
        'nothing.png',
        await sharp({ create: { width: 9, height: 9, channels: 4, background: '#00000000' } })
          .png()
          .toBuffer(),
        /transparent everywhere/,
      ],
    ]
    for (const [name, bytes, message] of wrong) {
      await choose(page, name, bytes, 'application/octet-stream')
      await page.locator('.message.error', { hasText: name }).waitFor()
      expect(await page.locator('.message.error').textContent()).toMatch(message)
      expect(await page.getByRole('alert').count()).toBe(1)
    }
    await segmented(page, 'again.png', await squarePng())
    expect(await page.locator('.message.error').textContent()).toBe('')
  })

  test('that is animated, deep or turned is read as the command reads it', async () => {
    const frames = await Promise.all(
      ['#d03030', '#3030d0'].map(background =>
        sharp({
          create: { width: 20, height: 20, channels: 3, background, noise: { type: 'gaussian', mean: 120, sigma: 30 } },
        })
          .png()
          .toBuffer(),
      ),
    )
    const gif = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer()
    await segmented(page, 'moving.gif', gif)
    await page.getByText('This is the first of 2 images in the file.').waitFor()
    const turned = await sharp(await squarePng())
      .rotate(90)
      .jpeg({ quality: 100 })
      .withMetadata({ orientation: 8 })
      .toBuffer()
    await segmented(page, 'turned.jpg', turned)
    expect(await page.locator('.source').textContent()).toContain('40 × 30')
    await expectForeground(page, SQUARE)
    const deep = await sharp(await squarePng())
      .toColourspace('rgb16')
      .png()
      .toBuffer()
    await segmented(page, 'deep.png', deep)
    await page.getByText('The file has 16 bits a channel.').waitFor()
  })
})

describeInBrowser('a hand', () => {
  openedWith()

  test('draws a rectangle and strokes, takes them back and does them again', async () => {
    const speck = await sharp({ create: { width: 3, height: 3, channels: 3, background: '#302040' } })
      .png()
      .toBuffer()
    await segmented(
      page,
      'speckled.png',
      await sharp(await squarePng())
        .composite([{ input: speck, left: 4, top: 4 }])
        .png()
        .toBuffer(),
    )
    await draw(page, 'Rectangle', [
      [0.06, 0.07],
      [0.95, 0.93],
    ])
    await expectForeground(page, SQUARE)
    // Of the parts of a foreground those with a stroke stay, however small they are.
    await draw(page, 'Keep', [
      [0.4, 0.4],
      [0.6, 0.6],
    ])
    await expectForeground(page, SQUARE)
    await draw(page, 'Keep', [
      [0.12, 0.15],
      [0.16, 0.18],
    ])
    await expectForeground(page, SQUARE + 9)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expectForeground(page, SQUARE)
    await page.keyboard.press('Control+Shift+Z')
    await expectForeground(page, SQUARE + 9)
    await draw(page, 'Leave out', [
      [0.12, 0.15],
      [0.16, 0.18],
    ])
    await expectForeground(page, SQUARE)
    expect(await page.getByText('What the foreground is was guessed').count()).toBe(0)
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByText('What the foreground is was guessed').waitFor()
    expect(await page.locator('.marks g').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Clear' }).isDisabled()).toBe(true)
  })

  test('sees the result while it is still on the photo', async () => {
    await segmented(page, 'square.png', await squarePng())
    await page.getByText('What the foreground is was guessed').waitFor()
    await draw(
      page,
      'Lasso',
      [
        [0.1, 0.1],
        [0.9, 0.1],
        [0.9, 0.9],
        [0.1, 0.9],
      ],
      true,
    )
    await page.getByText('What the foreground is was guessed').waitFor({ state: 'detached' })
    await settled(page)
    expect(await page.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true)
    await page.mouse.up()
    await expect.poll(() => page.getByRole('button', { name: 'Undo' }).isEnabled()).toBe(true)
    await expectForeground(page, SQUARE)
  })

  test('compares, and sees mask and colours', async () => {
    await segmented(page, 'square.png', await squarePng())
    const shot = async () => (await page.locator('.sheet').screenshot()).toString('base64')
    const seen = [await shot()]
    for (const name of ['Mask', 'Colours']) {
      await page.locator('.below label', { hasText: name }).click()
      await expect.poll(async () => seen.includes(await shot())).toBe(false)
      seen.push(await shot())
    }
    await page.getByLabel('Compare').fill('100')
    await expect.poll(async () => seen.includes(await shot())).toBe(false)
  })

  test('cancels', async () => {
    const noise = await sharp({
      create: {
        width: 1600,
        height: 1200,
        channels: 3,
        background: 'teal',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
      .png()
      .toBuffer()
    await settled(page)
    await choose(page, 'noise.png', noise)
    await page.locator('.source', { hasText: 'noise.png' }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Cancelled.').waitFor()
    expect(await page.locator('.progress.busy').count()).toBe(0)
    await segmented(page, 'square.png', await squarePng())
    await expectForeground(page, SQUARE)
  })
})

describeInBrowser('somebody without a mouse', () => {
  openedWith()

  test('reaches everything by Tab, and draws with arrows and space', async () => {
    await segmented(page, 'square.png', await squarePng())
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    const reached: string[] = []
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('Tab')
      reached.push(
        await page.evaluate(() => {
          const element = document.activeElement as HTMLElement
          const label = (element as HTMLInputElement).labels?.[0]?.textContent
          return element.getAttribute('aria-label') ?? label ?? element.textContent
        }),
      )
    }
    for (const name of [
      'Skip to the content',
      'Photos',
      'Tables',
      'Choose a photo',
      'Components, K',
      'Smoothness',
      'Compare',
      'Mask',
      'JSON',
    ])
      expect(
        reached.some(text => text?.startsWith(name) || (name === 'Mask' && text === 'Cut-out')),
        `${name} of ${reached.join(' | ')}`,
      ).toBe(true)
    await page.locator('.sheet').focus()
    for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowUp', 'ArrowUp', 'ArrowUp'])
      await page.keyboard.press(`Shift+${key}`)
    await page.keyboard.press(' ')
    for (let i = 0; i < 8; i++) await page.keyboard.press('Shift+ArrowRight')
    for (let i = 0; i < 6; i++) await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByText('What the foreground is was guessed').waitFor({ state: 'detached' })
    expect(await page.locator('.marks g.box').count()).toBe(1)
    await expectForeground(page, SQUARE)
    await page.keyboard.press(' ')
    await page.keyboard.press('Escape')
    expect(await page.locator('.marks g').count()).toBe(1)
  })
})

describeInBrowser('a telephone', () => {
  openedWith({
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  })

  test('has all of it in its width, and a finger draws', async () => {
    await segmented(page, 'square.png', await squarePng())
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    expect(await seriousIn(page)).toEqual([])
    await page.locator('.tools label', { hasText: 'Rectangle' }).tap()
    const { x, y, width, height } = (await page.locator('.sheet').boundingBox())!
    const finger = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', px: number, py: number) =>
      finger.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x: x + px * width, y: y + py * height }],
      })
    await touch('touchStart', 0.1, 0.1)
    for (let i = 1; i <= 8; i++) await touch('touchMove', 0.1 + 0.1 * i, 0.1 + 0.1 * i)
    await touch('touchEnd', 0.9, 0.9)
    await page.getByText('What the foreground is was guessed').waitFor({ state: 'detached' })
    await expectForeground(page, SQUARE)
  })
})

describeInBrowser('files', () => {
  openedWith({ acceptDownloads: true })

  test('are those of the command, with the same numbers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'conjugate-studio-files-'))
    try {
      const bytes = await sharp(await squarePng(200, 150))
        .composite([{ input: await squarePng(30, 30), left: 20, top: 100 }])
        .png()
        .toBuffer()
      await writeFile(join(folder, 'photo.png'), bytes)
      await segmented(page, 'photo.png', bytes)
      await draw(page, 'Rectangle', [
        [0.12, 0.1],
        [0.93, 0.95],
      ])
      await draw(page, 'Keep', [
        [0.4, 0.4],
        [0.6, 0.6],
      ])
      await draw(page, 'Leave out', [
        [0.2, 0.85],
        [0.8, 0.9],
      ])
      await page.getByLabel('Smoothness').fill('7')
      await settled(page)
      const saved = new Map<string, Buffer>()
      for (const name of ['Cut-out', 'Mask', 'Panels', 'Labels', 'JSON']) {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.locator('.downloads').getByText(name).click(),
        ])
        saved.set(download.suggestedFilename(), await readFile(await download.path()))
      }
      const summary = JSON.parse(String(saved.get('photo.json')))
      const { box, foreground, background } = summary.hints
      const words = [
        'photo.png',
        '--smoothness',
        '0.1',
        '--box',
        box.join(),
        '--foreground',
        foreground,
        '--background',
        background,
      ]
      const { code, stderr } = await runProgram([...words, '--out', '.'], { cwd: folder })
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const ours = ({ seconds, backend, ...rest }: Record<string, unknown>) => rest
      const theirs = ours(JSON.parse(await readFile(join(folder, 'photo.json'), 'utf8')))
      expect(differencesOf(ours(summary), theirs)).toEqual([])
      expect([...saved.keys()].sort()).toEqual([
        'photo.json',
        'photo_cutout.png',
        'photo_labels.png',
        'photo_mask.png',
        'photo_seg.png',
      ])
      for (const name of ['photo_cutout.png', 'photo_labels.png', 'photo_mask.png']) {
        const [mine, other] = await Promise.all(
          [saved.get(name)!, join(folder, name)].map(from => sharp(from).raw().toBuffer()),
        )
        expect(mine!.equals(other!), name).toBe(true)
      }
      // Titles are drawn by another font.
      const [mine, other] = await Promise.all(
        [saved.get('photo_seg.png')!, join(folder, 'photo_seg.png')].map(from => sharp(from).metadata()),
      )
      expect([mine!.width, mine!.height]).toEqual([other!.width, other!.height])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

/** The same to twelve digits, since logarithms are the engine's own; names of what differs. */
const differencesOf = (ours: unknown, theirs: unknown, name = ''): readonly string[] => {
  if (typeof ours === 'number' && typeof theirs === 'number')
    return Math.abs(ours - theirs) <= 1e-12 * Math.max(Math.abs(ours), Math.abs(theirs))
      ? []
      : [`${name}: ${ours}, ${theirs}`]
  if (typeof ours !== 'object' || ours === null || typeof theirs !== 'object' || theirs === null)
    return ours === theirs ? [] : [`${name}: ${ours}, ${theirs}`]
  const [mine, other] = [ours, theirs] as readonly Readonly<Record<string, unknown>>[]
  return [...new Set([...Object.keys(mine!), ...Object.keys(other!)])].flatMap(key =>
    differencesOf(mine![key], other![key], `${name}.${key}`),
  )
}

describeInBrowser('the page', () => {
  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const)('has nothing serious for axe-core: %s, %i wide', async (colorScheme, width) => {
    const own = await studio.open('photos', { colorScheme, viewport: { width, height: 844 } })
    await settled(own.page)
    expect(await seriousIn(own.page)).toEqual([])
    await own.page.locator('.below label', { hasText: 'Mask' }).click()
    await draw(
      own.page,
      'Rectangle',
      [
        [0.1, 0.1],
        [0.9, 0.9],
      ],
      true,
    )
    expect(await seriousIn(own.page)).toEqual([])
    await own.close()
  })
})
