import { tensorBackends } from '@conjugate/testing/tensors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { laws } from '../../packages/distributions/test/tensors/laws.js'
import { ask } from '../../packages/distributions/test/tensors/questions.js'
import { noBrowser, type OpenPage, open } from './support/chromium.js'

/** Four spacings of float32 at 1, to which WGSL promises logarithms. */
const CONDITIONED = 2 ** -21

/** Draws of numbers are read, of which the driver says that it is slow. */
const isOfReading = (complaint: string): boolean => complaint.includes('GPU stall due to ReadPixels')

describe.skipIf(noBrowser)(
  `families on a GPU${noBrowser ? `: skipped, ${noBrowser}` : ''}`,
  { timeout: 600_000 },
  () => {
    let opened: OpenPage
    beforeAll(async () => {
      opened = await open('families.html')
      // Members are lifted here, and asked about there.
      await tensorBackends[0]![1]()
    }, 600_000)
    afterAll(() => opened?.close())

    for (const backend of ['webgl', 'webgpu']) {
      let active: string | boolean = ''
      laws({
        name: backend,
        activate: async () => {
          if (active !== backend) active = await opened.page.evaluate(to => globalThis.familyHost.use(to), backend)
          expect(active).toBe(backend)
        },
        ask: question => opened.page.evaluate(asked => globalThis.familyHost.ask(asked), question),
        conditioned: CONDITIONED,
        oneSize: true,
        reference: ask,
        ...(backend === 'webgpu' && {
          refuses: /\.(sample|entropy) on the backend webgpu of TensorFlow\.js: it is made of numbers/,
        }),
      })
    }

    test('neither the bundler nor the page complained', () =>
      expect(opened.complaints.filter(complaint => !isOfReading(complaint))).toEqual([]))
  },
)
