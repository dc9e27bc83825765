import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { COURSE_PHOTOS } from '@conjugate/segmentation/course-photos'
import { describe, expect, it } from 'vitest'
import { FIXTURES, IMAGES, isAbsent, runProgram, useFolder } from './support.js'

const folder = useFolder()

const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'))

// The fixtures of the models hold every backend to their own tolerance; this holds the whole program to its promise.
const TOLERANCE = 1e-9

describe.skipIf(isAbsent(IMAGES) || isAbsent(FIXTURES))(
  'the course photos (need CONJUGATE_IMAGES and CONJUGATE_FIXTURES)',
  () => {
    it.each(COURSE_PHOTOS)('the trace of %s is the reference', async photo => {
      const { init, hypers, expected } = await json(join(FIXTURES, `em_${photo}_k2_init1.json`))
      const words = [photo, '--init-pixels', init.indices.join(), '--iterations', String(hypers.n_iter), '--out', 'out']
      const env = { CONJUGATE_IMAGES: IMAGES }
      expect(await runProgram(words, { cwd: folder.path(), env })).toMatchObject({ code: 0, stderr: '' })

      const { logProbs, components } = await json(folder.path(`out/${photo}.json`))
      const scale = Math.max(...expected.log_prob.map(Math.abs))
      expect(logProbs).toHaveLength(expected.log_prob.length)
      for (const [i, value] of expected.log_prob.entries()) {
        expect(Math.abs(logProbs[i] - value)).toBeLessThanOrEqual(TOLERANCE * scale)
      }
      expect(components.map((c: { pixels: number }) => c.pixels)).toEqual(expected.counts)
    })
  },
)
