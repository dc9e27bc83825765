import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { PATIENCE } from './studio.js'

/** The pixels of the foreground, as the page says. */
export const foregroundPixels = async (page: Page): Promise<number> => {
  const text = await page.locator('.facts div', { hasText: 'Foreground' }).locator('dd').textContent()
  return Number(/([\d,]+) px/.exec(text ?? '')![1]!.replaceAll(',', ''))
}

/** Waits until nothing is being computed, and something has been found. */
export const settled = async (page: Page): Promise<void> => {
  await page.waitForFunction(
    () => document.querySelector('.progress.busy') === null && document.querySelector('.facts') !== null,
    undefined,
    { timeout: PATIENCE },
  )
}

/** Gives a file, as by choosing it. */
export const choose = (page: Page, name: string, bytes: Uint8Array, mimeType = 'image/png'): Promise<void> =>
  page.locator('input[type=file][accept*=image]').setInputFiles({ name, mimeType, buffer: Buffer.from(bytes) })

/** Gives a picture, and waits for its result. */
export const segmented = async (page: Page, name: string, bytes: Uint8Array): Promise<void> => {
  await choose(page, name, bytes)
  await page.locator('.source', { hasText: name }).waitFor()
  await settled(page)
}

type Place = readonly [x: number, y: number]

/** Draws through places, which are shares of the sides of the photo; with `isHeld` the hand stays on it. */
export const draw = async (page: Page, tool: string, places: readonly Place[], isHeld = false): Promise<void> => {
  await page.locator('.tools label', { hasText: tool }).click()
  const { x, y, width, height } = (await page.locator('.sheet').boundingBox())!
  const [first, ...others] = places.map(([px, py]): Place => [x + px * width, y + py * height])
  await page.mouse.move(...first!)
  await page.mouse.down()
  for (const place of others) await page.mouse.move(...place, { steps: 8 })
  if (isHeld) return
  await page.mouse.up()
}

export const expectForeground = (page: Page, pixels: number): Promise<void> =>
  expect.poll(() => foregroundPixels(page), { timeout: PATIENCE, interval: 100 }).toBe(pixels)
