import assert from 'node:assert/strict'
import { hexPairs, printableOf, Watch } from '../../src/wire/views.ts'
import type { Watched } from '../../src/wire/wire-types.ts'

const UUID = '86d35949-83c9-4044-b424-db363231fd0c'

function found(bytes: Buffer, ...watched: Watched[]): [string, number][] {
  const padded = Buffer.concat([Buffer.alloc(3, 0x41), bytes, Buffer.alloc(3, 0x41)])
  return [...new Watch(watched).find(padded, 3, 3 + bytes.length, [])].map(({ view, pduOffset }) => [view, pduOffset])
}

describe('the views of a sensor', () => {
  it('decoded: each context of the interface, whatever the letters of the UUID', () => {
    const watch = new Watch([{ view: 'decoded', pattern: UUID.toUpperCase() }])
    const context = { id: 0, version: '1.0', transferSyntax: 'NDR32' }
    const contexts = [
      { ...context, uuid: UUID, uuidOffset: 32 },
      { ...context, uuid: UUID.replace('8', '9'), uuidOffset: 76 },
      { ...context, uuid: UUID, uuidOffset: 120 },
    ]
    assert.deepEqual(
      [...watch.find(Buffer.alloc(0), 0, 0, contexts)],
      [32, 120].map((pduOffset) => ({ view: 'decoded', pattern: UUID, pduOffset })),
    )
  })

  it('raw: every place, also where one begins in another, and none beyond the PDU', () => {
    const watched: Watched = { view: 'raw', pattern: '41 42 41' }
    assert.deepEqual(found(Buffer.from('_ABABA_ABA'), watched), [
      ['raw', 1],
      ['raw', 3],
      ['raw', 7],
    ])
    assert.deepEqual(found(Buffer.from('_AB'), watched), [])
  })

  it('printable: what is contiguous once the other bytes are left out, with the place of its first', () => {
    const watched: Watched = { view: 'printable', pattern: 'IY D' }
    assert.deepEqual(found(Buffer.from('\x00I\x01Y\x7f\xff \nD\x1fI\x80Y D', 'latin1'), watched), [
      ['printable', 1],
      ['printable', 10],
    ])
    assert.deepEqual(found(Buffer.from('I\x20\x20Y D', 'latin1'), watched), [])
    assert.deepEqual(found(Buffer.from('IY '), watched), [])
  })

  it('printable bytes are those from blank to tilde, of messages of any length', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(0x20 + at)).join('')
    assert.equal(printableOf(all), printable)
    const long = Buffer.alloc(70_000, 'ab\0')
    assert.equal(printableOf(long), long.toString('latin1').replaceAll('\0', ''))
  })

  it('hex pairs as the document writes them', () => {
    assert.equal(hexPairs(Buffer.from([0x49, 0x59, 0xd3, 0x06])), '49 59 d3 06')
    assert.equal(hexPairs(Buffer.alloc(0)), '')
  })
})
