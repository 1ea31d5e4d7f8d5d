import assert from 'node:assert/strict'
import fc from 'fast-check'
import { NOBODY, RecordScanner, SOMEBODY } from '../../../src/telemetry/scan/record-scanner.ts'
import { ScannerMemory } from '../../../src/telemetry/scan/scanner-memory.ts'

const scanner = new RecordScanner(ScannerMemory.of(1 << 16))
const slot = scanner.slotOf('text')!

function scan(record: string): void {
  const length = scanner.text.write(record, 'utf8')
  scanner.endAt(length)
  assert.equal(scanner.scan(0, length), length, record)
}

function searchFor(wanted: string): () => boolean {
  const node = scanner.node(slot, wanted, SOMEBODY, NOBODY)
  return () => scanner.asks(node)
}

/** Few letters, so that parts repeat; among them what lies beside the letters in ASCII. */
const text = fc.string({ unit: fc.constantFrom(...'aAbB@[`{zZ9 \\'), maxLength: 60 })

describe('the search in a value', () => {
  it('finds texts in any case, wherever they stand', () => {
    const found = { held: 0, not: 0 }
    fc.assert(
      fc.property(text, text, fc.nat(60), fc.nat(12), (value, other, begin, length) => {
        // Half of the texts are a part of the value.
        const wanted = (length % 2 === 0 ? value.slice(begin % (value.length + 1)) : other)
          .slice(0, length)
          .toLowerCase()
        scan(JSON.stringify({ before: value, text: value, after: wanted }))
        const holds = value.toLowerCase().includes(wanted)
        found[holds ? 'held' : 'not'] += 1
        const [search] = scanner.briefly(() => [searchFor(JSON.stringify(wanted).slice(1, -1))])
        assert.equal(search!(), holds, `${value} has ${wanted}`)
      }),
      { numRuns: 3000 },
    )
    assert.ok(found.held > 300 && found.not > 300, JSON.stringify(found))
  })

  it('does not look past the text, nor at the last record', () => {
    const search = searchFor('needle')
    scan('{"text":"needle"}')
    assert.equal(search(), true)
    scan('{"text":"needl","e":"needle"}')
    assert.equal(search(), false)
    scan('{"other":"needle"}')
    assert.equal(search(), false)
  })

  it('is sure of no value that may be spelled otherwise, or read otherwise', () => {
    const search = searchFor('1000')
    const may = ['"\\u0031000"', '"tens\u212a"', '["a"]', '{"a":1}', '1e3', '1E3', '10.0', '21000']
    for (const value of [...may, 'null', '"100"', '100', '-999']) {
      scan(`{"text":${value}}`)
      assert.equal(search(), may.includes(value), value)
    }
  })

  it('overlooks nothing when there is no room for more texts', () => {
    const small = new RecordScanner(ScannerMemory.of(64))
    const place = small.slotOf('text')!
    small.text.write('{}')
    small.endAt(2)
    small.scan(0, 2)
    const isSure = (text: string) => !small.asks(small.node(place, text, SOMEBODY, NOBODY))
    let kept = 0
    while (isSure(`${kept}`.padStart(9000, 'x'))) kept += 1
    assert.ok(kept > 400 && kept < 500, `${kept}`)
    assert.ok(!isSure('y'.repeat(9000)))
    assert.ok(isSure('x'.repeat(100)))
  })

  it('forgets what was needed briefly', () => {
    const small = new RecordScanner(ScannerMemory.of(64))
    const place = small.slotOf('text')!
    for (let round = 0; round < 1000; round += 1) {
      const [node] = small.briefly(() => [small.node(place, `${round}`.padStart(9000, 'x'), SOMEBODY, NOBODY)])
      assert.notEqual(node, SOMEBODY)
    }
  })
})
