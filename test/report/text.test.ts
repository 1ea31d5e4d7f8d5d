import assert from 'node:assert/strict'
import fc from 'fast-check'
import { columns, count, listed, plain, shorten, visible, wrap } from '../../src/report/text.ts'
import { between, day, duration, instant, timeOfDay } from '../../src/report/time.ts'

const INVISIBLE = /[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

describe('report text', () => {
  it('visible draws what has no shape and keeps lines', () => {
    assert.equal(visible('a\r\nb\u001B[1m\u007F\u0085\u202E'), 'a\nb␛[1m␡‹U+0085›‹U+202E›')
  })

  it('plain leaves escape sequences out whole and stays on one line', () => {
    assert.equal(plain('a\u001B[31mb\u001B[0m\n \u202Ec\u001B]0;t\u0007d'), 'ab cd')
  })

  it('neither lets anything invisible through', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => !INVISIBLE.test(visible(text)) && !/[\n\t]/.test(plain(text)) && !INVISIBLE.test(plain(text)),
      ),
    )
  })

  it('wrap loses nothing but the spaces it breaks at, and keeps to the width', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 4, max: 80 }), (text, width) => {
        const lines = wrap(plain(text), width)
        assert.equal(lines.join('').replaceAll(' ', ''), plain(text).replaceAll(' ', ''))
        for (const line of lines) assert.ok(columns(line) <= width, line)
      }),
    )
  })

  it('columns counts wide characters twice and marks not at all', () => {
    assert.deepEqual(['abc', '表示', 'e\u0301', '✓'].map(columns), [3, 4, 1, 1])
  })

  it('shorten keeps both ends', () => {
    assert.equal(shorten('abcdefghij', 5), 'ab…ij')
    assert.equal(shorten('abc', 5), 'abc')
  })

  it('count and listed', () => {
    assert.deepEqual([count(1, 'test'), count(2_000, 'test')], ['1 test', '2,000 tests'])
    assert.deepEqual(
      [listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])],
      ['', 'a', 'a and b', 'a, b and c'],
    )
  })
})

describe('report times', () => {
  it('are in UTC', () => {
    assert.equal(instant('2026-11-22T08:30:15.120+02:00'), '22 Nov 2026, 06:30:15 UTC')
    assert.equal(timeOfDay('2026-11-22T08:30:15.120Z'), '08:30:15.120')
    assert.equal(day('2027-06-30'), '30 Jun 2027')
  })

  it('durations are short and exact enough', () => {
    const cases: [number, string][] = [
      [0, '0 ms'],
      [-340, '−340 ms'],
      [999.6, '1.00 s'],
      [9_999, '10.0 s'],
      [59_960, '1 min'],
      [250_000, '4 min 10 s'],
      [3_600_000, '1 h'],
      [7_500_000, '2 h 5 min'],
    ]
    for (const [ms, text] of cases) assert.equal(duration(ms), text)
  })

  it('between is null where an end is missing', () => {
    assert.equal(between('2026-11-22T08:30:15.000Z', '2026-11-22T08:30:16.500Z'), 1_500)
    assert.equal(between(null, '2026-11-22T08:30:16.500Z'), null)
  })
})
