/** A PDU with the bytes it was read from, and what is made of it. */
import { interfaceName, operationName } from '../../telemetry/rpc/interfaces.ts'
import { type ClientMessage, VIEWED_BYTES } from '../events/client-message.ts'
import { hexPairs, printableOf } from '../views.ts'
import type { WirePdu } from '../wire-types.ts'
import { isLittle, TRAILER_LENGTH, typeAt, u16, u32 } from './header.ts'
import type { PduPlace } from './pdu-stream.ts'

/** Of a context with one transfer syntax, from its UUID on. */
const CONTEXT_REST = 40

export interface Seen {
  pdu: WirePdu
  bytes: Buffer
  at: number
  end: number
  little: boolean
  timeMs: number
}

/** Reads what every PDU has. */
export function seenPdu(
  ends: Pick<WirePdu, 'source' | 'destination' | 'pipe'>,
  bytes: Buffer,
  at: number,
  end: number,
  { frame, timeMs, streamOffset }: PduPlace,
): Seen {
  const little = isLittle(bytes, at)
  const pdu: WirePdu = {
    frame,
    type: typeAt(bytes, at)!,
    interface: null,
    opnum: null,
    operation: null,
    callId: u32(bytes, at + 12, little),
    contextId: null,
    flags: bytes[at + 3]!,
    ...ends,
    streamOffset,
    length: end - at,
  }
  const authLength = u16(bytes, at + 10, little)
  if (authLength > 0) {
    const trailer = end - authLength - TRAILER_LENGTH
    pdu.authentication = { type: bytes[trailer]!, level: bytes[trailer + 1]! }
  }
  return { pdu, bytes, at, end, little, timeMs }
}

/** Names the call that a request or an answer is about, as far as it is known. */
export function nameCall(pdu: WirePdu, call: { contextId: number; opnum: number | null; uuid: string | null }): void {
  pdu.contextId = call.contextId
  pdu.opnum = call.opnum
  if (call.uuid === null) return
  pdu.interface = interfaceName(call.uuid)
  pdu.operation = call.opnum === null ? null : (operationName(call.uuid, call.opnum) ?? null)
}

/** The client message that begins with this PDU. */
export function messageOf({ pdu, bytes, at, end, timeMs }: Seen, action: string, uuids: string[]): ClientMessage {
  const viewed = bytes.subarray(at, Math.min(end, at + viewedLength(pdu)))
  return {
    action,
    interfaces: [...new Set(uuids.map(interfaceName))],
    uuids,
    opnum: pdu.opnum,
    operation: pdu.operation,
    callId: pdu.callId,
    contextId: pdu.contextId,
    contexts: [],
    pipe: pdu.pipe,
    client: pdu.source,
    server: pdu.destination,
    timeMs,
    frames: [pdu.frame],
    streamOffset: pdu.streamOffset,
    raw: hexPairs(viewed),
    printable: printableOf(viewed),
    length: pdu.length,
    answer: null,
  }
}

/** What the views of sensors look at: of a bind all that it offers, however much stands before what is looked for. */
const viewedLength = ({ contexts }: WirePdu): number =>
  Math.max(VIEWED_BYTES, (contexts?.at(-1)?.uuidOffset ?? 0) + CONTEXT_REST)
