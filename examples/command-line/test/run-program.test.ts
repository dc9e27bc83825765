import { spawnSync } from 'node:child_process'
import { printable, withoutUnprintable } from '@conjugate/command-line'
import { describe, expect, it } from 'vitest'

const library = import.meta.resolve('@conjugate/command-line')

/** Runs a program that consists of this code, which has the terminal as `t`. */
const run = (code: string) => {
  const script = `import { runProgram, tidyAtEnd } from ${JSON.stringify(library)}
    runProgram('it', async t => { ${code} })`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('runProgram', () => {
  it.each([
    ['its exit code', 't.say("said\\n"); t.complain("no"); return 3', 3, 'said\n', 'it: no\n'],
    ['a complaint on one line', 't.complain("a\\nb\\u001b[2Jc"); return 1', 1, '', 'it: a\\nb\\u{1b}[2Jc\n'],
    ['a rejection', 'throw new Error("so\\nbad")', 1, '', 'it: unexpected failure: so bad\n'],
    [
      'an exception elsewhere',
      'setTimeout(() => { throw new Error("late") }); await new Promise(r => setTimeout(r, 500)); return 0',
      1,
      '',
      'it: unexpected failure: late\n',
    ],
    ['a result that never comes', 'return await new Promise(() => {})', 1, '', 'it: ended before it had a result\n'],
    [
      'what is to be tidied',
      'tidyAtEnd(() => t.say("tidied\\n")); throw 1',
      1,
      'tidied\n',
      'it: unexpected failure: 1\n',
    ],
    ['what was tidied', 'tidyAtEnd(() => t.say("tidied\\n"))(); return 0', 0, '', ''],
  ])('ends with %s', (_, code, status, stdout, stderr) => {
    expect(run(code)).toEqual({ status, stdout, stderr })
  })
})

describe('text for a terminal', () => {
  const text = 'a\r\n\tb\u0000\u001b[1m\u0085\u2028\u202e ä 日本 👩‍🚀'

  it('is on one line, with escape sequences', () => {
    expect(printable(text)).toBe('a\\r\\n\\tb\\u{0}\\u{1b}[1m\\u{85}\\u{2028}\\u{202e} ä 日本 👩‍🚀')
  })

  it('is without what cannot be printed', () => {
    expect(withoutUnprintable(text)).toBe('a-b-[1m- ä 日本 👩‍🚀')
  })
})
