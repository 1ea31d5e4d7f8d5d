import assert from 'node:assert/strict'
import fc from 'fast-check'
import { FlowTable } from '../../../src/wire/tcp/flow-table.ts'

const CAPACITY = 4

/** Two addresses of four words, which differ in their last. */
const addresses = (source: number, destination: number) =>
  Uint32Array.of(0, 0, 0xffff, source, 0, 0, 0xffff, destination)

describe('the table of flows', () => {
  it('knows a flow by both ends in both directions, and gives away the place of the one that was quiet for longest', () => {
    const number = fc.integer({ min: 1, max: 2 })
    const packet = fc.tuple(number, number, number, number)
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 60 }), (packets) => {
        const evicted: string[] = []
        /** Flows by key in the order of use, with what was made of each and who sent first. */
        const known = new Map<string, { mark: number; first: string; direction: number }>()
        const keys = new Map<number, string>()
        const table = new FlowTable(CAPACITY, (slot) => evicted.push(keys.get(slot)!))
        for (const [index, [from, fromPort, to, toPort]] of packets.entries()) {
          const [source, destination] = [`${from} ${fromPort}`, `${to} ${toPort}`]
          const key = [source, destination].sort().join(' – ')
          const slot = table.slotOf(addresses(from, to), fromPort, toPort)
          const before = known.get(key)
          assert.equal(table.state[slot], before?.mark ?? 0)
          if (before !== undefined && source !== destination) {
            assert.equal(table.direction === before.direction, source === before.first)
          }
          if (before === undefined && known.size === CAPACITY) {
            const [oldest] = known.keys()
            assert.equal(evicted.pop(), oldest)
            known.delete(oldest!)
          }
          assert.deepEqual(evicted, [])
          const mark = (index % 255) + 1
          table.state[slot] = mark
          keys.set(slot, key)
          known.delete(key)
          known.set(key, { mark, first: before?.first ?? source, direction: before?.direction ?? table.direction })
          const order: string[] = []
          for (let at = table.oldest; at !== -1; at = table.newerThan(at)) order.push(keys.get(at)!)
          assert.deepEqual(order, [...known.keys()])
        }
      }),
      { numRuns: 300 },
    )
  })
})
