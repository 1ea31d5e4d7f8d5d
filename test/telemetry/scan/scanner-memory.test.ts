import assert from 'node:assert/strict'
import { RecordScanner } from '../../../src/telemetry/scan/record-scanner.ts'
import { ScannerMemory } from '../../../src/telemetry/scan/scanner-memory.ts'

describe('the memory of a scanner', () => {
  const scan = (scanner: RecordScanner, text: string) => {
    scanner.text.write(text)
    scanner.endAt(text.length)
    assert.equal(scanner.scan(0, text.length), text.length)
  }

  it('takes over what another one knows, but not what it saw last', () => {
    const [from, to] = [ScannerMemory.of(64), ScannerMemory.of(64)]
    const [one, other] = [new RecordScanner(from), new RecordScanner(to)]
    const slot = one.slotOf('a')!
    scan(one, '{"a":1}')
    assert.equal(to.copyTables(from), from.changes)
    scan(other, '{"b":1}')
    assert.equal(other.first(slot), 0)
    scan(other, '{"a":1}')
    assert.equal(other.first(slot), '1'.charCodeAt(0))
  })

  it('is changed by one thread at a time, whatever comes of the change', () => {
    const memory = ScannerMemory.of(64)
    assert.throws(() => memory.exclusively(() => assert.fail()))
    assert.equal(
      memory.exclusively(() => 1),
      1,
    )
  })
})
