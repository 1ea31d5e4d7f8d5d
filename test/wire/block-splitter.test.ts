import assert from 'node:assert/strict'
import fc from 'fast-check'
import { BlockSplitter } from '../../src/wire/block-splitter.ts'

/**
 * `<`, its kind, its length in one digit, and the rest: `<A5..`; `!` alone is one, too, shorter than a head. Those of kind
 * `X` are passed over.
 */
function splitter() {
  const taken: [offset: number, text: string][] = []
  const memory = { held: 0 }
  const lengthAt = (bytes: Buffer, at: number) => {
    if (bytes[at] === 0x21) return 1
    const length = bytes[at + 2]! - 0x30
    return bytes[at] === 0x3c && length >= 3 && length <= 9 ? length : 0
  }
  const blocks = new BlockSplitter(
    {
      headLength: 3,
      lengthAt,
      skipsAt: (bytes, at) => bytes[at + 1] === 0x58,
      find: (bytes, at, end) => {
        const place = bytes.indexOf('<', at)
        return place === -1 || place + 3 > end ? -1 : place
      },
      take: (bytes, at, end, offset) => taken.push([offset, bytes.toString('latin1', at, end)]),
    },
    memory,
  )
  let offset = 0
  const push = (text: string) => {
    const bytes = Buffer.from(`..${text}..`, 'latin1')
    blocks.push(bytes, 2, bytes.length - 2, offset)
    offset += text.length
  }
  return { blocks, taken, memory, push, skip: (length: number) => (offset += length) }
}

describe('blocks of a stream', () => {
  it('come out whole, each with its place, however the stream is cut', () => {
    const block = fc.tuple(fc.constantFrom('A', 'X', '!'), fc.integer({ min: 3, max: 9 }))
    fc.assert(
      fc.property(fc.array(block), fc.array(fc.integer({ min: 1, max: 6 })), (blocks, cuts) => {
        const { taken, memory, push } = splitter()
        const wanted: [number, string][] = []
        let stream = ''
        for (const [kind, length] of blocks) {
          const text = kind === '!' ? '!' : `<${kind}${length}`.padEnd(length, kind)
          if (kind !== 'X') wanted.push([stream.length, text])
          stream += text
        }
        let at = 0
        for (const cut of cuts) {
          push(stream.slice(at, at + cut))
          at += cut
          assert.ok(memory.held <= 9)
        }
        push(stream.slice(at))
        // The last may wait for as many bytes as a head has.
        push('<A3')
        assert.deepEqual(taken, [...wanted, [stream.length, '<A3']])
        assert.equal(memory.held, 0)
      }),
      { numRuns: 300 },
    )
  })

  it('after a gap go on at the next that is found, whatever was held or passed over', () => {
    for (const before of ['', '<A', '<A6.', '<X9.', '<X']) {
      const { blocks, taken, memory, push, skip } = splitter()
      push(before)
      blocks.gap()
      assert.deepEqual([blocks.lost, memory.held], [true, 0], before)
      skip(2)
      push('....<A5..')
      assert.equal(blocks.lost, false)
      push('<A3')
      const from = before.length + 2
      assert.deepEqual(taken, [
        [from + 4, '<A5..'],
        [from + 9, '<A3'],
      ])
    }
  })

  it('are looked for where none begins, from the next byte on, however the stream is cut', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 4 }))
    for (const [stream, place] of [
      ['<A1<A3', 3],
      ['..<A3', 2],
      ['<<A3', 1],
      ['<A<A3', 2],
    ] as const) {
      fc.assert(
        fc.property(cuts, (lengths) => {
          const { blocks, taken, memory, push } = splitter()
          let at = 0
          for (const length of lengths) {
            push(stream.slice(at, at + length))
            at += length
          }
          push(stream.slice(at))
          push('<A4.')
          assert.deepEqual(taken.at(-1), [stream.length, '<A4.'])
          // A head that is cut where it is looked for is passed over.
          assert.ok(taken.length === 1 || (taken.length === 2 && taken[0]![0] === place), JSON.stringify(taken))
          assert.deepEqual([blocks.lost, memory.held], [false, 0])
        }),
      )
    }
    for (const pieces of [['<A1<A3'], ['<A', '1<A3'], ['<', '<A3'], ['<A', '<A3']]) {
      const { taken, push } = splitter()
      for (const piece of pieces) push(piece)
      assert.deepEqual(
        taken.map(([, text]) => text),
        ['<A3'],
        pieces.join(' '),
      )
    }
  })

  it('that are held are known by place and length, and can be given up', () => {
    const { blocks, taken, memory, push } = splitter()
    push('<A3<A')
    assert.deepEqual([blocks.heldLength, blocks.heldOffset, blocks.wanted], [2, 3, 0])
    push('7.')
    assert.deepEqual([blocks.heldLength, blocks.heldOffset, blocks.wanted, memory.held], [4, 3, 7, 7])
    blocks.release()
    assert.deepEqual([blocks.heldLength, memory.held], [0, 0])
    assert.deepEqual(taken, [[0, '<A3']])
  })
})
