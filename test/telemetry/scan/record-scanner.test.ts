import assert from 'node:assert/strict'
import fc from 'fast-check'
import { CUT, RecordScanner } from '../../../src/telemetry/scan/record-scanner.ts'
import { ScannerMemory } from '../../../src/telemetry/scan/scanner-memory.ts'

describe('the scanner of records', () => {
  const scanner = new RecordScanner(ScannerMemory.of(4096))
  scanner.mark(scanner.slotOf('Channel')!, 1)
  scanner.mark(scanner.slotOf('Payload')!, 2)

  const ROWS: [record: string, present: number, texts: number][] = [
    ['{}', 0, 0],
    ['{"Channel":"x","EventID":1}', 1, 1],
    ['{"Channel":null}', 1, 0],
    ['{"Payload":"","Channel":{"Channel":"x"}}', 3, 2],
    ['{"a":{"Channel":"x"}}', 0, 0],
    // Of a field that is there twice the last value counts.
    ['{"Channel":"x","Channel":1}', 1, 0],
    ['{"Channel":1,"Channel":"x"}', 1, 1],
  ]
  for (const [record, present, texts] of ROWS) {
    it(`marks the fields of ${record}`, () => {
      scanner.text.write(record, 'latin1')
      scanner.endAt(record.length)
      assert.equal(scanner.scan(0, record.length), record.length)
      assert.deepEqual([scanner.present, scanner.texts], [present, texts])
    })
  }

  /** Parts of a string as it is written, those that JSON does not know among them. */
  const usual = [
    'a',
    'Z',
    '\\\\',
    '\\\\',
    '\\n',
    '\\r',
    '\\t',
    '\\"',
    '\\/',
    '\\b',
    '\\f',
    '\\u0041',
    'é',
    ' ',
    'xxxxxxx',
  ]
  const parts = [...usual, ...usual, ...usual, '\\', '"', '\\x', '\\u00g0', '\n', '\u0000', '\\N']
  const written = fc.array(fc.constantFrom(...parts), { maxLength: 50 }).map((all) => all.join(''))

  it('takes for an object just what JSON.parse does, wherever in its strings something is escaped', () => {
    const large = new RecordScanner(ScannerMemory.of(4096))
    let taken = 0
    fc.assert(
      fc.property(written, written, (key, value) => {
        const record = `{"before":"${value}","after":1,"a${key.replaceAll('\\', '')}":"${value}"}`
        const length = large.text.write(record)
        large.endAt(length)
        const found = large.scan(0, length)
        assert.equal(found === length, isObject(record), record)
        taken += Number(found === length)
      }),
      { numRuns: 5000 },
    )
    assert.ok(taken > 500 && taken < 4500, `${taken}`)
  })

  it('finds the end of a string wherever in sixteen bytes it is', () => {
    for (let length = 0; length < 70; length += 1) {
      for (const end of ['', '\\n', '\\\\', '\\"', '\\/', '\\u0041']) {
        const record = `{"Channel":"${'x'.repeat(length)}${end}","b":2}`
        scanner.text.write(record, 'latin1')
        scanner.endAt(record.length)
        assert.equal(scanner.scan(0, record.length), record.length, record)
        assert.equal(scanner.end(scanner.slotOf('Channel')!), record.indexOf('","b"'))
        const cut = record.indexOf('","b"')
        scanner.endAt(cut)
        assert.equal(scanner.scan(0, cut), CUT)
      }
    }
  })
})

function isObject(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
