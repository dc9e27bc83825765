import { describe as describeError } from '@conjugate/segmentation/errors'
import { HELP, modelFor, readCommand } from '@conjugate/segmentation/options'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

const read = (...words: readonly string[]) => readCommand({ words, environment: {} })

const complaint = (...words: readonly string[]): string => {
  const command = read(...words)
  return E.isLeft(command) ? describeError(command.left) : 'no complaint'
}

describe('readCommand', () => {
  it("has the assignment's defaults, and a model by the photo", () => {
    expect(read()).toEqual(
      E.right({
        _tag: 'Run',
        settings: {
          components: 2,
          iterations: 100,
          tolerance: undefined,
          seed: 0,
          alpha: 100,
          kappa0: 1,
          nu0: 4,
          restarts: 1,
          out: './segmentation-output',
          acceleration: 'none',
          backend: 'auto',
          white: undefined,
          'init-pixels': undefined,
          model: undefined,
          smoothness: undefined,
          box: undefined,
          foreground: undefined,
          background: undefined,
        },
        photos: [],
      }),
    )
  })

  it('takes the backend from the environment', () => {
    const command = readCommand({ words: [], environment: { CONJUGATE_BACKEND: 'javascript' } })
    expect(command).toMatchObject(E.right({ settings: { backend: 'javascript' } }))
  })

  it.each([
    [['--components', '0'], '--components: expected a whole number from 1 to 256, received "0"'],
    [['--components', '257'], '--components: expected a whole number from 1 to 256, received "257"'],
    [['--iterations', '0'], '--iterations: expected a whole number of at least 1, received "0"'],
    [['--tolerance', '-1'], '--tolerance: expected a number above 0, received "-1"'],
    [
      ['--model', 'assignment', '--box', '1,2,3,4'],
      '--box: expected nothing unless --model is regions, received "1,2,3,4"',
    ],
    [['--alpha', '100', '--box', '1,2,3,4'], '--box: expected nothing beside --alpha, received "1,2,3,4"'],
    [['--components', '3', '--box', '1,2,3,4'], '--box: expected nothing beside --components 3, received "1,2,3,4"'],
    [['--model', 'regions', '--kappa0', '3'], '--kappa0: expected nothing unless --model is assignment, received "3"'],
    [
      ['--model', 'regions', '--box', '1,2,3'],
      '--box: expected four numbers: first column, first row, width, height, received "1,2,3"',
    ],
    [['--model', 'regions', '--smoothness', '-1'], '--smoothness: expected a number of at least 0, received "-1"'],
    [['--white', '70000'], '--white: expected a whole number from 1 to 65535, received "70000"'],
    [['--seed', '-1'], '--seed: expected a whole number from 0 to 4294967295, received "-1"'],
    [['--alpha', 'NaN'], '--alpha: expected a number above 0, received "NaN"'],
    [['--kappa0', '0'], '--kappa0: expected a number above 0, received "0"'],
    [['--nu0', '2'], '--nu0: expected a number above 2, received "2"'],
    [['--restarts', '0.5'], '--restarts: expected a whole number of at least 1, received "0.5"'],
    [['--init-pixels', '1,-2'], '--init-pixels: expected whole numbers from 0, separated by commas, received "1,-2"'],
    [['--init-pixels', '1,2,3'], '--init-pixels: expected 2 pixels, as many as --components, received "1,2,3"'],
    [
      ['--init-pixels', '1,2', '--restarts', '3'],
      '--restarts: expected 1 beside --init-pixels, which leaves nothing to draw, received "3"',
    ],
    [['--itertions', '5'], 'unknown option --itertions; did you mean --iterations?'],
  ])('explains %j', (words, expected) => {
    expect(complaint(...words)).toBe(expected)
  })

  it.each<[readonly string[], string, string]>([
    [[], 'assignment', 'regions'],
    [['--components', '3', '--iterations', '5', '--seed', '1', '--restarts', '2'], 'assignment', 'regions'],
    [['--model', 'regions'], 'regions', 'regions'],
    [['--model', 'assignment'], 'assignment', 'assignment'],
    // Though they are the defaults.
    [['--alpha', '100'], 'assignment', 'assignment'],
    [['--kappa0', '1'], 'assignment', 'assignment'],
    [['--nu0', '4'], 'assignment', 'assignment'],
    [['--init-pixels', '1,2'], 'assignment', 'assignment'],
    [['--box', '1,2,3,4'], 'regions', 'regions'],
    [['--smoothness', '0'], 'regions', 'regions'],
    [['--foreground', '1,2'], 'regions', 'regions'],
    [['--background', 'strokes.png'], 'regions', 'regions'],
  ])('%j: a photo of the course by its name has the model %s, any other %s', (words, course, other) => {
    const command = read(...words)
    if (E.isLeft(command) || command.right._tag !== 'Run') throw new Error('it is wrong')
    const { settings } = command.right
    expect([true, false].map(isCourse => modelFor(settings, { isCourse }))).toEqual([course, other])
  })

  it('takes as many starting pixels as components', () => {
    expect(read('--components', '3', '--init-pixels', '0,5,7')).toMatchObject(
      E.right({ settings: { 'init-pixels': [0, 5, 7] } }),
    )
  })
})

describe('HELP', () => {
  it('names every option', () => {
    const command = read()
    if (E.isLeft(command) || command.right._tag !== 'Run') throw new Error('the defaults are wrong')
    for (const name of Object.keys(command.right.settings)) expect(HELP).toContain(`--${name} `)
  })
})
