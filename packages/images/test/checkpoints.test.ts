import type { Storage } from '@conjugate/em'
import { foregroundModel, type RgbImage, type SegmentOptions, segment, smoothComponents } from '@conjugate/images'
import { describeFitError } from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'
import { striped } from './support/striped.js'

const memory = (kept: { text?: string } = {}): Storage & { readonly kept: { text?: string } } => ({
  name: 'memory',
  kept,
  read: () => Promise.resolve(E.right(O.fromNullable(kept.text))),
  write: text => async () => {
    kept.text = text
    return E.right(undefined)
  },
})

const { image, box, mask } = striped(180, 130, 1)
const stroke = (label: number) => mask.map((m, n) => (m === label && Math.floor(n / 180) % 40 === 20 ? 1 : 0))

type Fit = (picture: RgbImage, options: object) => TE.TaskEither<unknown, object>
const fits: ReadonlyArray<readonly [string, Fit, SegmentOptions]> = [
  ['a box', (picture, options) => segment(foregroundModel(), picture, options), { box }],
  ['a guess', (picture, options) => segment(foregroundModel(), picture, options), {}],
  [
    'strokes',
    (picture, options) => segment(foregroundModel(), picture, options),
    { foreground: stroke(1), background: stroke(0) },
  ],
  ['SQUAREM', (picture, options) => segment(foregroundModel(), picture, options), { box, acceleration: 'squarem' }],
  ['components', (picture, options) => smoothComponents(picture, { components: 3, ...options }), { finePixels: 6000 }],
]

describe('a picture that is cancelled', () => {
  test.each(fits)('goes on with its checkpoint and ends with the same bits: %s', async (_, fit, options) => {
    let all = 0
    const whole = right(await fit(image, { ...options, onIteration: () => all++ })())
    for (const after of [1, Math.floor(all / 2), all - 1]) {
      const storage = memory()
      const controller = new AbortController()
      let told = 0
      const onIteration = () => {
        if (++told === after) controller.abort()
      }
      const cancelled = await fit(image, {
        ...options,
        checkpoint: { storage },
        signal: controller.signal,
        onIteration,
      })()
      expect(cancelled).toMatchObject(E.left({ _tag: 'Cancelled' }))
      let again = 0
      const end = await fit(image, { ...options, checkpoint: { storage }, onIteration: () => again++ })()
      expect(right(end)).toEqual(whole)
      expect(again).toBeLessThanOrEqual(all)
      // What has ended is not followed again.
      let last = 0
      expect(right(await fit(image, { ...options, checkpoint: { storage }, onIteration: () => last++ })())).toEqual(
        whole,
      )
      expect(last).toBeLessThan(all / 2)
    }
  })

  test.each<[string, RgbImage, SegmentOptions]>([
    ['another picture', { ...image, data: image.data.map(v => v ^ 1) as Uint8Array }, { box }],
    ['another box', image, { box: { ...box, x: box.x + 1 } }],
    ['strokes', image, { box, foreground: mask }],
    ['other options', image, { box, iterations: 3 }],
    ['another backend', image, { box, backend: 'javascript' }],
  ])('is refused by a checkpoint of %s', async (_, picture, options) => {
    const storage = memory()
    right(await segment(foregroundModel(), image, { box, checkpoint: { storage } })())
    const refused = await segment(foregroundModel(), picture, { ...options, checkpoint: { storage } })()
    expect(refused).toMatchObject(E.left({ _tag: 'CheckpointRefused' }))
    if (E.isLeft(refused)) expect(describeFitError(refused.left)).toContain('memory')
  })

  test('is told of a checkpoint that is damaged, or none', async () => {
    const storage = memory({ text: '{"half' })
    const damaged = segment(foregroundModel(), image, { box, checkpoint: { storage } })
    expect(await damaged()).toMatchObject(E.left({ _tag: 'CheckpointUnreadable' }))
    const none = segment(foregroundModel(), image, { box, checkpoint: {} as never })
    expect(await none()).toMatchObject(E.left({ _tag: 'InvalidOption', option: 'checkpoint.storage' }))
  })
})
