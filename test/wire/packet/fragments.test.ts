import assert from 'node:assert/strict'
import { FragmentTable } from '../../../src/wire/packet/fragments.ts'

interface Given {
  key?: string
  text?: string
  timeMs?: number
}

describe('the table of fragments', () => {
  let table: FragmentTable

  beforeEach(() => {
    table = new FragmentTable()
  })

  function take(offset: number, more: boolean, { key = 'one', text = 'abcdefgh', timeMs = 0 }: Given = {}) {
    const bytes = Buffer.from(text)
    const end = bytes.length
    return table.take(key, { offset, more, bytes, start: 0, end, frame: 1, timeMs })?.toString() ?? null
  }

  it('gives a datagram once it is whole, and forgets it', () => {
    assert.equal(take(16, false), null)
    assert.equal(take(0, true), null)
    assert.equal(take(8, true, { text: 'ABCDEFGH' }), 'abcdefghABCDEFGHabcdefgh')
    assert.equal(take(8, true), null)
  })

  it('gives up after a minute: a number is used again', () => {
    assert.equal(take(0, true, { text: 'old half', timeMs: 1_000 }), null)
    assert.equal(take(8, false, { text: 'new half', timeMs: 61_001 }), null)
    assert.equal(take(0, true, { text: 'its half', timeMs: 61_002 }), 'its halfnew half')
    assert.equal(take(0, true, { text: 'in time,', timeMs: 1_000 }), null)
    assert.equal(take(8, false, { text: 'just so.', timeMs: 61_000 }), 'in time,just so.')
  })

  it('ends a datagram where the first that claims to be last ends it', () => {
    assert.equal(take(8, false), null)
    assert.equal(take(24, false), null)
    assert.equal(take(0, true), 'abcdefghabcdefgh')
  })

  it('leaves out what would be longer than a datagram may be', () => {
    assert.equal(take(65_528, false), null)
    const whole = Buffer.alloc(65_528, 'x').toString()
    assert.equal(take(0, true, { text: whole }), null)
    assert.equal(take(65_528, false, { text: '1234567' }), `${whole}1234567`)
  })

  it('keeps 64 datagrams, and of each 1,024 pieces', () => {
    for (let number = 0; number <= 64; number += 1) take(0, true, { key: `datagram ${number}` })
    assert.equal(take(8, false, { key: 'datagram 1' }), 'abcdefghabcdefgh')
    assert.equal(take(8, false, { key: 'datagram 0' }), null)

    for (let number = 0; number < 1_026; number += 1) take(16 * number, true, { text: 'odd ones' })
    assert.equal(take(16 * 1_026, false), null)
    let whole: string | null = null
    for (let number = 0; number < 1_026; number += 1) whole ??= take(16 * number + 8, true)
    assert.equal(whole, null)
  })
})
