import { choice, describeOptionError, folder, helpText, indices, integer, number, parse } from '@conjugate/command-line'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

const options = {
  components: integer({ help: 'components', fallback: 2, least: 1, most: 256 }),
  iterations: integer({ help: 'iterations', fallback: 100, least: 1 }),
  alpha: number({ help: 'concentration', fallback: 100, above: 0 }),
  out: folder({ help: 'folder', fallback: './out' }),
  backend: choice({ help: 'backend', among: ['auto', 'wasm'], fallback: 'auto', variable: 'SOME_BACKEND' }),
  'init-pixels': indices({ help: 'start' }),
}

const read = (words: readonly string[], environment = {}) => parse(options)({ words, environment })

const complaint = (words: readonly string[], environment = {}): string => {
  const result = read(words, environment)
  return E.isLeft(result) ? describeOptionError(result.left) : `no complaint: ${JSON.stringify(result.right)}`
}

const defaults = { components: 2, iterations: 100, alpha: 100, out: './out', backend: 'auto', 'init-pixels': undefined }

describe('parse', () => {
  it('gives the defaults where nothing is said', () => {
    expect(read([])).toEqual(E.right({ _tag: 'Run', values: defaults, operands: [] }))
  })

  it('reads options on either side of the operands, with and without an equals sign', () => {
    expect(read(['fox', '--components', '3', 'cow.png', '--alpha=2.5e1', '--init-pixels', '0,17,5'])).toEqual(
      E.right({
        _tag: 'Run',
        values: { ...defaults, components: 3, alpha: 25, 'init-pixels': [0, 17, 5] },
        operands: ['fox', 'cow.png'],
      }),
    )
  })

  it('takes what follows -- as operands, but ignores a leading -- that a package manager passed on', () => {
    expect(read(['--', '--components', '3'])).toMatchObject(E.right({ values: { components: 3 } }))
    expect(read(['fox', '--', '--odd-name'])).toMatchObject(E.right({ operands: ['fox', '--odd-name'] }))
  })

  it('lets the last of two equal options count', () => {
    expect(read(['--components', '3', '--components', '4'])).toMatchObject(E.right({ values: { components: 4 } }))
  })

  it('takes a fallback from the environment', () => {
    expect(read([], { SOME_BACKEND: 'wasm' })).toMatchObject(E.right({ values: { backend: 'wasm' } }))
    expect(read([], { SOME_BACKEND: '' })).toMatchObject(E.right({ values: { backend: 'auto' } }))
    expect(read(['--backend', 'auto'], { SOME_BACKEND: 'nonsense' })).toMatchObject(E.right({ _tag: 'Run' }))
    expect(complaint([], { SOME_BACKEND: 'cuda' })).toBe('SOME_BACKEND: expected auto or wasm, received "cuda"')
    expect(complaint(['--alpha', 'x'], { SOME_BACKEND: 'cuda' })).toBe(
      '--alpha: expected a number above 0, received "x"; SOME_BACKEND: expected auto or wasm, received "cuda"',
    )
  })

  it('sees --help and --version beside anything else', () => {
    expect(read(['--components', 'x', '--help'])).toEqual(E.right({ _tag: 'Help' }))
    expect(read(['-h'])).toEqual(E.right({ _tag: 'Help' }))
    expect(read(['--version'])).toEqual(E.right({ _tag: 'Version' }))
    expect(complaint(['--help=yes'])).toBe('--help: expected no value, received "yes"')
  })

  it.each([
    [['--components', '0'], '--components: expected a whole number from 1 to 256, received "0"'],
    [['--components', '-1'], '--components: expected a whole number from 1 to 256, received "-1"'],
    [['--components', '2.5'], '--components: expected a whole number from 1 to 256, received "2.5"'],
    [['--components', 'two'], '--components: expected a whole number from 1 to 256, received "two"'],
    [['--components', '1e2'], '--components: expected a whole number from 1 to 256, received "1e2"'],
    [['--components='], '--components: expected a whole number from 1 to 256, received ""'],
    [['--components'], '--components: expected a whole number from 1 to 256, received nothing'],
    [
      ['--iterations', '99999999999999999999'],
      '--iterations: expected a whole number of at least 1, received "99999999999999999999"',
    ],
    [['--alpha', 'Infinity'], '--alpha: expected a number above 0, received "Infinity"'],
    [['--alpha', '1e999'], '--alpha: expected a number above 0, received "1e999"'],
    [['--alpha', '0'], '--alpha: expected a number above 0, received "0"'],
    [['--alpha', '0x10'], '--alpha: expected a number above 0, received "0x10"'],
    [['--out', ''], '--out: expected the path of a folder, received ""'],
    [['--backend', 'wsam'], '--backend: expected auto or wasm, received "wsam"'],
    [['--init-pixels', '1,,2'], '--init-pixels: expected whole numbers from 0, separated by commas, received "1,,2"'],
    [['--component', '3'], 'unknown option --component; did you mean --components?'],
    [['--compnoents=3'], 'unknown option --compnoents; did you mean --components?'],
    [['--ITERATIONS', '3'], 'unknown option --ITERATIONS; did you mean --iterations?'],
    [['-alpha', '3'], 'unknown option -alpha; did you mean --alpha?'],
    [['--verbose'], 'unknown option --verbose; see --help'],
    [['-k', '3'], 'unknown option -k; see --help'],
    [['--constructor'], 'unknown option --constructor; see --help'],
    [['--__proto__', 'x'], 'unknown option --__proto__; see --help'],
    [['--hlep'], 'unknown option --hlep; did you mean --help?'],
    [
      ['--alpha', '0', 'fox', '--verbose', '--components', '0'],
      '--alpha: expected a number above 0, received "0"; unknown option --verbose; see --help; ' +
        '--components: expected a whole number from 1 to 256, received "0"',
    ],
    [['--alpha', '9'.repeat(400)], `--alpha: expected a number above 0, received "${'9'.repeat(80)}..."`],
  ])('explains %j', (words, expected) => {
    expect(complaint(words)).toBe(expected)
  })
})

describe('helpText', () => {
  it('names each option with its default', () => {
    const text = helpText({ usage: 'program [file ...]', summary: 'Does things.', options, notes: 'Notes.' })
    expect(text).toContain('Usage: program [file ...]\n\nDoes things.\n\nOptions:\n')
    expect(text).toMatch(/^ {2}--components N +components \(default: 2\)$/m)
    expect(text).toMatch(/^ {2}--backend NAME +backend \(default: SOME_BACKEND or auto\)$/m)
    expect(text).toMatch(/^ {2}--init-pixels I,J,\.\.\. +start$/m)
    expect(text.endsWith('Notes.\n')).toBe(true)
  })
})
