import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Pieces } from '../../src/wire/pieces.ts'

const LONGEST = 40

describe('pieces', () => {
  it('however they overlap: of bytes that come twice the first count, and nothing is kept twice', () => {
    const piece = fc.tuple(fc.nat(LONGEST - 1), fc.integer({ min: 1, max: 12 }), fc.nat(4))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (inserted) => {
        const pieces = new Pieces()
        /** What a place holds, the frame that brought it. */
        const wanted: (number | undefined)[] = []
        for (const [number, [start, length, from]] of inserted.entries()) {
          const frame = number + 1
          pieces.insert(start, start + length, Buffer.alloc(from + length, frame), from, frame, frame)
          for (let place = start; place < start + length; place += 1) wanted[place] ??= frame
        }
        const holes = Array.from({ length: LONGEST + 12 }, (_, place) => wanted[place] === undefined)
        const firstHole = holes.indexOf(true)
        assert.equal(pieces.covers(firstHole), true)
        assert.equal(pieces.covers(firstHole + 1), false)
        assert.equal(pieces.size, wanted.filter((frame) => frame !== undefined).length)

        const held: (number | undefined)[] = []
        let last = 0
        for (let one = pieces.shift(); one !== undefined; one = pieces.shift()) {
          assert.ok(one.start >= last && one.end - one.start === one.bytes.length)
          last = one.end
          for (const [index, byte] of one.bytes.entries()) {
            assert.equal(byte, one.frame)
            held[one.start + index] = byte
          }
        }
        assert.deepEqual(held, wanted)
        assert.deepEqual([pieces.size, pieces.count], [0, 0])
      }),
      { numRuns: 400 },
    )
  })
})
