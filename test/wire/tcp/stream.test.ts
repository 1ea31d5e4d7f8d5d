import assert from 'node:assert/strict'
import fc from 'fast-check'
import { TcpStream } from '../../../src/wire/tcp/stream.ts'

/** What is delivered, in order: bytes with their place, or `gap`. */
type Delivered = { text: string; offset: number; frame: number } | 'gap'

/** A stream whose first byte has that number, and what it delivers. */
function streamFrom(first = 1_000) {
  const delivered: Delivered[] = []
  const memory = { held: 0 }
  const stream = new TcpStream(
    first,
    {
      data: (bytes, start, end, offset, frame) =>
        delivered.push({ text: bytes.toString('latin1', start, end), offset, frame }),
      gap: () => delivered.push('gap'),
    },
    memory,
  )
  let frame = 0
  return {
    delivered,
    memory,
    stream,
    /** Takes a segment at a place; `missing` of its bytes were not captured. */
    take(place: number, text: string, missing = 0) {
      frame += 1
      const bytes = Buffer.from(`..${text}`, 'latin1')
      stream.take((first + place) >>> 0, bytes, 2, bytes.length, bytes.length + missing, frame, frame)
    },
    text: () => delivered.map((one) => (one === 'gap' ? '|' : one.text)).join(''),
  }
}

describe('a TCP stream', () => {
  it('in any order, repeated and overlapping: its bytes once, each with its place and the packet that brought it', () => {
    const SAID = Array.from({ length: 60 }, (_, at) => String.fromCharCode(0x30 + at)).join('')
    const cut = fc.tuple(fc.nat(SAID.length - 1), fc.integer({ min: 1, max: 20 }))
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 30 }), fc.constantFrom(1_000, 0xffff_fff0), (cuts, first) => {
        const { take, delivered, memory } = streamFrom(first)
        const broughtBy: number[] = []
        for (const [index, [at, length]] of [...cuts, [0, SAID.length] as const].entries()) {
          for (let place = at; place < Math.min(SAID.length, at + length); place += 1) broughtBy[place] ??= index + 1
          take(at, SAID.slice(at, at + length))
        }
        let next = 0
        for (const one of delivered) {
          assert.ok(one !== 'gap')
          assert.equal(one.offset, next)
          assert.equal(one.text, SAID.slice(next, next + one.text.length))
          assert.ok([...one.text].every((_, index) => broughtBy[next + index] === one.frame))
          next += one.text.length
        }
        assert.equal(next, SAID.length)
        assert.equal(memory.held, 0)
      }),
      { numRuns: 300 },
    )
  })

  it('of bytes that come twice the first count, whether they were delivered or wait', () => {
    const { take, text } = streamFrom()
    take(0, 'abc')
    take(1, 'XXde')
    take(7, 'hi')
    take(6, 'gXXj')
    take(4, 'Xf')
    assert.equal(text(), 'abcdefghij')
  })

  it('what waits for what is missing counts as held, and its place is kept', () => {
    const { take, memory, delivered, stream } = streamFrom()
    take(4, 'later')
    take(6, 'terer')
    assert.equal(memory.held, 7)
    assert.deepEqual(delivered, [])
    stream.release()
    assert.equal(memory.held, 0)
  })

  it('a segment that was cut when captured leaves a gap as long as what is missing', () => {
    const { take, delivered } = streamFrom()
    take(0, 'abc', 2)
    take(5, 'fg')
    take(3, 'de')
    assert.deepEqual(delivered, [{ text: 'abc', offset: 0, frame: 1 }, 'gap', { text: 'fg', offset: 5, frame: 2 }])
  })

  it('what was cut off may have come otherwise', () => {
    const { take, text } = streamFrom()
    take(3, 'de')
    take(7, 'h')
    take(0, 'abc', 5)
    take(8, 'i')
    assert.equal(text(), 'abcde|hi')
  })

  it('a cut repeat of what is known leaves none', () => {
    const { take, text } = streamFrom()
    take(0, 'abcdef')
    take(0, 'abc', 3)
    take(6, 'gh')
    assert.equal(text(), 'abcdefgh')
  })

  it('what is missing is given up when the other side has acknowledged it three times', () => {
    const { take, text, stream } = streamFrom(1_000)
    take(0, 'ab')
    take(4, 'ef')
    take(8, 'ij')
    for (const number of [1_002, 1_002, 1_002, 1_004, 1_004]) stream.acknowledged(number)
    assert.equal(text(), 'ab')
    stream.acknowledged(1_006)
    assert.equal(text(), 'ab|ef')
    stream.acknowledged(1_010)
    stream.acknowledged(1_010)
    take(6, 'gh')
    assert.equal(text(), 'ab|efghij')
  })

  it('a hole is filled in time although it was acknowledged twice, and counting begins anew', () => {
    const { take, text, stream } = streamFrom(1_000)
    take(2, 'cd')
    take(6, 'gh')
    stream.acknowledged(1_008)
    stream.acknowledged(1_008)
    take(0, 'ab')
    stream.acknowledged(1_008)
    assert.equal(text(), 'abcd')
    stream.acknowledged(1_008)
    stream.acknowledged(1_008)
    assert.equal(text(), 'abcd|gh')
  })

  it('what is missing is given up when more than 256 KiB, or 256 pieces, wait behind it', () => {
    const { take, text } = streamFrom()
    const quarter = 'x'.repeat(64 << 10)
    for (let at = 0; at < 4; at += 1) take(1 + at * quarter.length, quarter)
    assert.equal(text(), '')
    take(1 + 4 * quarter.length, 'y')
    assert.equal(text(), `|${quarter.repeat(4)}y`)

    const filled = streamFrom()
    for (let at = 0; at < 4; at += 1) filled.take(1 + at * quarter.length, quarter)
    filled.take(0, '_')
    assert.equal(filled.text(), `_${quarter.repeat(4)}`)

    const pieces = streamFrom()
    for (let number = 1; number <= 256; number += 1) pieces.take(number * 2, 'z')
    assert.equal(pieces.text(), '')
    pieces.take(600, 'z')
    assert.equal(pieces.text(), '|z')
  })

  it('numbers far from where they were begin anew: what waited is delivered first', () => {
    const { take, delivered } = streamFrom()
    take(0, 'ab')
    take(4, 'ef')
    take(1 << 30, 'new')
    take((1 << 30) + 3, 'er')
    assert.deepEqual(
      delivered.map((one) => (one === 'gap' ? one : [one.text, one.offset])),
      [['ab', 0], 'gap', ['ef', 4], 'gap', ['new', 6], ['er', 9]],
    )
  })

  it('is finished when all before its end has come', () => {
    const { take, stream } = streamFrom(1_000)
    take(0, 'ab')
    stream.fin(1_004)
    assert.equal(stream.finished, false)
    take(2, 'cd')
    assert.equal(stream.finished, true)
  })
})
