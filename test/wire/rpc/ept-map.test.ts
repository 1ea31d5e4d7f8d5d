import assert from 'node:assert/strict'
import { towersOf } from '../../../src/wire/rpc/ept-map.ts'
import { towerAt } from '../../../src/wire/rpc/tower.ts'
import { eptMapAnswer, ipFloor, MAPPER_UUID, TASK_SCHEDULER_UUID, tcpFloor, tower } from '../pdu-maker.ts'

const uuid = TASK_SCHEDULER_UUID
const OVER_TCP = tower(uuid, tcpFloor(49_671), ipFloor('10.0.0.6'))
const FOUND = { uuid, port: 49_671, ip: '10.0.0.6' }
const port = Buffer.from([0xc2, 0x07])
const PIPE = Buffer.from('\\PIPE\\atsvc\0')

describe('towers', () => {
  const TOWERS: [name: string, bytes: Buffer, found: object | null][] = [
    ['TCP and IP', OVER_TCP, FOUND],
    ['no address', tower(uuid, tcpFloor(49_671)), { ...FOUND, ip: null }],
    ['the address that stands for any', tower(uuid, tcpFloor(49_671), ipFloor('0.0.0.0')), { ...FOUND, ip: null }],
    ['UDP', tower(uuid, [0x08, port], ipFloor('10.0.0.6')), { ...FOUND, port: null }],
    ['HTTP', tower(uuid, [0x1f, port], ipFloor('10.0.0.6')), { ...FOUND, port: null }],
    ['a pipe', tower(uuid, [0x0f, PIPE], [0x11, Buffer.from('SRV1\0')]), { uuid, port: null, ip: null }],
    ['a floor that is cut', OVER_TCP.subarray(0, -1), null],
    ['no floor', Buffer.alloc(2), null],
    ['nothing', Buffer.alloc(0), null],
    ['something else on the first floor', Buffer.from([1, 0, 1, 0, 0x07, 2, 0, 1, 2]), null],
  ]
  for (const [name, bytes, found] of TOWERS) {
    it(name, () => assert.deepEqual(towerAt(bytes, 0, bytes.length), found))
  }
})

describe('answers of an endpoint mapper', () => {
  for (const wide of [false, true]) {
    for (const little of [true, false]) {
      const options = { wide, little }
      it(`in ${wide ? 'NDR64' : 'NDR32'}, ${little ? 'little' : 'big'} endian`, () => {
        const other = tower(MAPPER_UUID, tcpFloor(135), [0x0f, PIPE])
        // The lengths of the towers differ by one: what follows has to be aligned.
        const towers = [OVER_TCP, null, other, tower(uuid, tcpFloor(1))]
        assert.deepEqual(towersOf(eptMapAnswer(towers, options), options), [
          FOUND,
          { uuid: MAPPER_UUID, port: 135, ip: null },
          { uuid, port: 1, ip: null },
        ])
        assert.deepEqual(towersOf(eptMapAnswer([], options), options), [])
      })
    }
  }

  it('that are cut, encrypted or none give what is there', () => {
    const options = { wide: false, little: true }
    const two = eptMapAnswer([OVER_TCP, OVER_TCP])
    for (let length = 0; length < two.length; length += 1) {
      const found = towersOf(two.subarray(0, length), options)
      assert.ok(found.length < 2 || length > two.length - 8, `${length} bytes`)
      assert.deepEqual(found, Array(found.length).fill(FOUND))
    }
    const longer = eptMapAnswer([OVER_TCP])
    // A tower longer than it says it may be.
    longer.writeUInt32LE(OVER_TCP.length - 1, 40)
    assert.deepEqual(towersOf(longer, options), [])
    assert.deepEqual(towersOf(Buffer.alloc(200, 0xff), options), [])
  })
})
