import assert from 'node:assert/strict'
import fc from 'fast-check'
import { RecordScanner } from '../../../src/telemetry/scan/record-scanner.ts'

const scanner = new RecordScanner(1 << 16)
const slot = scanner.slotOf('text')!

function scan(record: string): void {
  const length = scanner.text.write(record, 'utf8')
  scanner.endAt(length)
  assert.equal(scanner.scan(0, length), length, record)
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
        const search = scanner.searchFor(slot, JSON.stringify(wanted).slice(1, -1))
        if (search !== null) assert.equal(search(), holds, `${value} has ${wanted}`)
      }),
      { numRuns: 3000 },
    )
    assert.ok(found.held > 300 && found.not > 300, JSON.stringify(found))
  })

  it('does not look past the text, nor at the last record', () => {
    const search = scanner.searchFor(slot, 'needle')!
    scan('{"text":"needle"}')
    assert.equal(search(), true)
    scan('{"text":"needl","e":"needle"}')
    assert.equal(search(), false)
    scan('{"other":"needle"}')
    assert.equal(search(), false)
  })

  it('is sure of no value that may be spelled otherwise, or read otherwise', () => {
    const search = scanner.searchFor(slot, '1000')!
    const may = ['"\\u0031000"', '"tens\u212a"', '["a"]', '{"a":1}', '1e3', '1E3', '10.0', '21000']
    for (const value of [...may, 'null', '"100"', '100', '-999']) {
      scan(`{"text":${value}}`)
      assert.equal(search(), may.includes(value), value)
    }
  })

  it('has no room for texts without end', () => {
    const small = new RecordScanner(64)
    const place = small.slotOf('text')!
    let kept = 0
    while (small.searchFor(place, `${kept}`.padStart(500, 'x')) !== null) kept += 1
    assert.ok(kept > 20 && kept < 200, `${kept}`)
    assert.equal(small.slotOf('y'.repeat(600)), null)
  })
})
