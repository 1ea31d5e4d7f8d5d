import assert from 'node:assert/strict'
import fc from 'fast-check'
import { stampAt } from '../../../src/telemetry/scan/stamp.ts'
import { instant } from '../../../src/telemetry/times.ts'

/** What `times.ts` makes of a text, as a number. */
const expected = (text: string) => Date.parse(instant(text) ?? '')

const digits = (count: number) => fc.nat({ max: 10 ** count - 1 }).map((number) => String(number).padStart(count, '0'))
const stamp = fc
  .tuple(
    fc.date({ min: new Date('1970-01-01'), max: new Date('2400-01-01'), noInvalidDate: true }),
    fc.constantFrom('T', ' ', '_'),
    fc.oneof(
      fc.constantFrom('', '.', '.5'),
      digits(3).map((text) => `.${text}`),
      digits(7).map((text) => `.${text}`),
    ),
    fc.constantFrom('', 'Z', '+01:00', 'z'),
  )
  .map(([date, separator, fraction, zone]) => date.toISOString().slice(0, 19).replace('T', separator) + fraction + zone)
/** With a letter or two changed: days that do not exist, and what is no time at all. */
const spoilt = fc
  .tuple(stamp, fc.array(fc.tuple(fc.nat({ max: 25 }), fc.constantFrom(...'0123456789-:.Z x')), { maxLength: 2 }))
  .map(([text, changes]) =>
    changes.reduce((rest, [at, letter]) => rest.slice(0, at) + letter + rest.slice(at + 1), text),
  )

describe('times in bytes', () => {
  it('are what the texts are, or left to those who read texts', () => {
    let read = 0
    fc.assert(
      fc.property(fc.oneof(stamp, spoilt), (text) => {
        const bytes = Buffer.from(`"${text}"`)
        const time = stampAt(bytes, 1, bytes.length - 1)
        if (Number.isNaN(time)) return
        read += 1
        assert.equal(time, expected(text), text)
      }),
      { numRuns: 2000 },
    )
    assert.ok(read > 200, `only ${read} were read`)
  })

  for (const text of [
    '2024-02-29 23:59:59.999',
    '1970-01-01T00:00:00Z',
    '2000-12-31 00:00:00',
    '2100-03-01T12:00:00.1Z',
  ]) {
    it(`reads ${text}`, () => {
      const bytes = Buffer.from(text)
      assert.equal(stampAt(bytes, 0, bytes.length), expected(text))
    })
  }
})
