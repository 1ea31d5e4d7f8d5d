import assert from 'node:assert/strict'
import fc from 'fast-check'
import { RecordScanner } from '../../../src/telemetry/scan/record-scanner.ts'
import { ScannerMemory } from '../../../src/telemetry/scan/scanner-memory.ts'
import { instant } from '../../../src/telemetry/times.ts'

const scanner = new RecordScanner(ScannerMemory.of(4096))
const slot = scanner.slotOf('time')!

/** The time of a record's field. */
function stampOf(text: string): number {
  const bytes = Buffer.from(`{"time":"${text}"}`)
  bytes.copy(scanner.text)
  scanner.endAt(bytes.length)
  assert.equal(scanner.scan(0, bytes.length), bytes.length)
  return scanner.stamp(slot)
}

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
        const time = stampOf(text)
        if (Number.isNaN(time)) return
        read += 1
        assert.equal(time, expected(text), text)
      }),
      { numRuns: 2000 },
    )
    assert.ok(read > 200, `only ${read} were read`)
  })

  it('are none of what is no text, or not there', () => {
    for (const record of ['{"time":20240229}', '{"time":null}', '{"other":"2024-02-29 23:59:59"}']) {
      scanner.text.write(record, 'latin1')
      scanner.endAt(record.length)
      assert.equal(scanner.scan(0, record.length), record.length)
      assert.ok(Number.isNaN(scanner.stamp(slot)))
    }
  })

  for (const text of [
    '2024-02-29 23:59:59.999',
    '1970-01-01T00:00:00Z',
    '2000-12-31 00:00:00',
    '2100-03-01T12:00:00.1Z',
  ]) {
    it(`reads ${text}`, () => {
      assert.equal(stampOf(text), expected(text))
    })
  }
})
