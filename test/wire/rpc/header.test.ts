import assert from 'node:assert/strict'
import { mayBeginPdu, pduLength } from '../../../src/wire/rpc/header.ts'
import { auth3, bind, bindAck, bindNak, fault, pdu, request, response, TASK_SCHEDULER_UUID } from '../pdu-maker.ts'

const authentication: [number, number, Buffer] = [9, 6, Buffer.alloc(20, 1)]

/** As short as they may be. */
const PDUS: [name: string, bytes: Buffer][] = [
  ['bind', bind([])],
  ['bind_ack', bindAck([], { address: '' })],
  ['bind_nak of an old server', pdu('bind_nak', Buffer.from([4, 0]))],
  ['bind_nak', bindNak(4)],
  ['request', request(0, { stub: Buffer.alloc(0) })],
  ['response', response({ stub: Buffer.alloc(0) })],
  ['fault', fault(5)],
  ['auth3', auth3({ authentication })],
  ['auth3 without its padding', pdu('auth3', Buffer.alloc(0), { authentication })],
]

/** A request with a byte that no header has there. */
function changed(at: number, value: number): Buffer {
  const bytes = request(1, { authentication })
  bytes[at] = value
  return bytes
}

const NONE: [name: string, bytes: Buffer][] = [
  ['another version', changed(0, 4)],
  ['another minor version', changed(1, 2)],
  ['a type of the connectionless protocol', changed(2, 1)],
  ['a type that is not there', changed(2, 21)],
  ['an order of bytes that is not there', changed(4, 0x20)],
  ['characters that are not there', changed(4, 0x12)],
  ['floats that are not there', changed(5, 4)],
  ['a reserved byte', changed(6, 1)],
  ['the other reserved byte', changed(7, 1)],
  ['less than a header', changed(8, 15)],
  ['less than a request', changed(8, 23)],
  ['less than its authentication', changed(10, 200)],
]

describe('headers', () => {
  for (const [name, bytes] of PDUS) {
    it(`of a PDU: ${name}`, () => {
      assert.equal(pduLength(bytes, 0), bytes.length)
      for (let length = 1; length <= bytes.length; length += 1)
        assert.ok(mayBeginPdu(bytes, 0, length), `${length} bytes`)
    })
  }

  for (const [name, bytes] of NONE) {
    it(`of none: ${name}`, () => {
      assert.equal(pduLength(bytes, 0), 0)
      assert.equal(mayBeginPdu(bytes, 0, bytes.length), false)
    })
  }

  it('that are cut may begin one while nothing speaks against it', () => {
    const begins = NONE.map(([, bytes]) => [1, 2, 3, 5].filter((length) => mayBeginPdu(bytes, 0, length)).length)
    assert.deepEqual(begins, [0, 1, 2, 2, 3, 3, 4, 4, 4, 4, 4, 4])
    assert.equal(mayBeginPdu(Buffer.of(5), 0, 0), false)
  })

  it('of one PDU in either order of bytes', () => {
    const big = bind([{ id: 0, uuid: TASK_SCHEDULER_UUID }], { little: false })
    assert.equal(pduLength(big, 0), big.length)
  })
})
