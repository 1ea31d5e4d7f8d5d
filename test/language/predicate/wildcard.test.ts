import assert from 'node:assert/strict'
import { assert as check, property, string, stringMatching } from 'fast-check'
import { wildcard } from '../../../src/language/predicate/wildcard.ts'

/** The meaning of a pattern, by the shortest recursion there is. */
function matches(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  if (pattern[0] === '*') return matches(pattern.slice(1), text) || (text !== '' && matches(pattern, text.slice(1)))
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && matches(pattern.slice(1), text.slice(1))
}

describe('predicate: wildcard', () => {
  const rows: [pattern: string, text: string, ignoreCase: boolean, holds: boolean][] = [
    ['schtasks.exe', 'schtasks.exe', false, true],
    ['schtasks.exe', 'SCHTASKS.EXE', false, false],
    ['schtasks.exe', 'SCHTASKS.EXE', true, true],
    ['*\\schtasks.exe', 'C:\\Windows\\schtasks.exe', false, true],
    ['C:\\*\\Tasks\\*', 'C:\\Windows\\System32\\Tasks\\x', false, true],
    ['*', '', false, true],
    ['?', '', false, false],
    ['?', '😀', false, true],
    ['a?c', 'abbc', false, false],
    ['a.c', 'abc', false, false],
    ['İ*', 'İstanbul', true, true],
    ['ΟΔΟΣ', 'οδοσ', true, true],
    ['οδοσ*', 'ΟΔΟΣ-1', true, true],
    ['*.EXE', 'a.exe', true, true],
    ['*.EXE', 'exe', true, false],
  ]
  for (const [pattern, text, ignoreCase, holds] of rows) {
    it(`${JSON.stringify(pattern)} ${holds ? 'matches' : 'does not match'} ${JSON.stringify(text)}${ignoreCase ? ' in any case' : ''}`, () => {
      assert.equal(wildcard(pattern, ignoreCase)(text), holds)
    })
  }

  it('agrees with the plain recursion', () => {
    check(
      property(stringMatching(/^[ab?*]{0,8}$/), stringMatching(/^[abc]{0,10}$/), (pattern, text) => {
        assert.equal(wildcard(pattern)(text), matches(pattern, text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('takes any text for a pattern', () => {
    check(property(string(), string(), (pattern, text) => typeof wildcard(pattern, true)(text) === 'boolean'))
  })

  it('needs no time for the pattern that makes others backtrack', () => {
    const started = performance.now()
    assert.equal(wildcard(`${'*a'.repeat(50)}*b`)('a'.repeat(20_000)), false)
    assert.ok(performance.now() - started < 2_000)
  })
})
