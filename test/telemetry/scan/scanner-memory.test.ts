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

  it('takes over no minute, of which only a part may be written', () => {
    const [from, to] = [ScannerMemory.of(64), ScannerMemory.of(64)]
    const [one, other] = [new RecordScanner(from), new RecordScanner(to)]
    const slot = one.slotOf('a')!
    const record = '{"a":"2031-03-04T05:06:07Z"}'
    scan(one, record)
    const time = one.stamp(slot)
    assert.equal(time, Date.UTC(2031, 2, 4, 5, 6, 7))
    // The text of the minute is there, and the minute is not yet.
    from.words.fill(0, slot + 14, slot + 16)
    to.copyTables(from)
    scan(other, record)
    assert.equal(other.stamp(slot), time)
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
