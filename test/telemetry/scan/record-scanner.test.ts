import assert from 'node:assert/strict'
import { RecordScanner } from '../../../src/telemetry/scan/record-scanner.ts'
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
})
