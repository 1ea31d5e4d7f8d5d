/** One DCE/RPC connection: its presentation contexts, its calls, and what its PDUs mean in their light. */
import { interfaceName, operationName } from '../../telemetry/rpc/interfaces.ts'
import type { Memory } from '../block-splitter.ts'
import { type ClientMessage, documentOf, VIEWED_BYTES } from '../events/client-message.ts'
import { hexPairs, printableOf, type Watch } from '../views.ts'
import type { Endpoint, Occurrence, WirePdu } from '../wire-types.ts'
import { bindAnswerOf, type Context, contextsOf, faultStatusOf, nakReasonOf } from './bind.ts'
import type { EndpointMap } from './endpoint-map.ts'
import { EPT_MAP, towersOf } from './ept-map.ts'
import {
  FIRST_FRAGMENT,
  HEADER_LENGTH,
  isLittle,
  LAST_FRAGMENT,
  OBJECT_UUID,
  TRAILER_LENGTH,
  typeAt,
  u16,
  u32,
  uuidAt,
} from './header.ts'
import { addFrame, OpenMessages } from './open-messages.ts'
import type { PduPlace } from './pdu-stream.ts'

const ENDPOINT_MAPPER = 'e1af8308-5d1f-11c9-91a4-08002b14a0fa'
const MOST_CONTEXTS = 512
const LONGEST_MAP_ANSWER = 64 << 10
/** Where the body of a request or a response begins. */
const BODY = 24

/** What all connections of a capture share. */
export interface Surroundings {
  memory: Memory
  endpoints: EndpointMap
  watch: Watch
  observer: string
  onPdu(pdu: WirePdu): void
  onOccurrence(occurrence: Occurrence): void
  onDocument(document: Record<string, unknown>): void
}

/** The two ends; which of them is the client is told by the first PDU. */
export interface Ends {
  endpoints: [Endpoint, Endpoint]
  communityId: string | null
}

interface Call {
  message: ClientMessage
  uuid: string | null
  opnum: number
  /** Whether it is encoded in NDR64. */
  wide: boolean
  /** The answer of an endpoint mapper as far as it came. */
  stub: Buffer[]
}

/** A PDU with the bytes it was read from. */
interface Seen {
  pdu: WirePdu
  bytes: Buffer
  at: number
  end: number
  little: boolean
  timeMs: number
}

export class Association {
  readonly #surroundings: Surroundings
  readonly #ends: Ends
  readonly #pipe: string | null
  readonly #contexts = new Map<number, Context>()
  readonly #offers: OpenMessages<{ message: ClientMessage; contexts: Context[] }>
  readonly #calls: OpenMessages<Call>

  constructor(surroundings: Surroundings, ends: Ends, pipe: string | null = null) {
    const { memory, observer, onDocument } = surroundings
    const emit = (message: ClientMessage) =>
      onDocument(documentOf(message, { communityId: ends.communityId, observer }))
    this.#surroundings = surroundings
    this.#ends = ends
    this.#pipe = pipe
    this.#offers = new OpenMessages(memory, emit)
    this.#calls = new OpenMessages(memory, emit)
  }

  /** A whole PDU from one end, 0 or 1. */
  take(from: 0 | 1, bytes: Buffer, at: number, end: number, place: PduPlace): void {
    const little = isLittle(bytes, at)
    const pdu: WirePdu = {
      frame: place.frame,
      type: typeAt(bytes, at)!,
      interface: null,
      opnum: null,
      operation: null,
      callId: u32(bytes, at + 12, little),
      contextId: null,
      flags: bytes[at + 3]!,
      source: this.#ends.endpoints[from],
      destination: this.#ends.endpoints[from === 0 ? 1 : 0],
      pipe: this.#pipe,
      streamOffset: place.streamOffset,
      length: end - at,
    }
    const authLength = u16(bytes, at + 10, little)
    if (authLength > 0) {
      const trailer = end - authLength - TRAILER_LENGTH
      pdu.authentication = { type: bytes[trailer]!, level: bytes[trailer + 1]! }
    }
    this.#understand({ pdu, bytes, at, end, little, timeMs: place.timeMs })
    this.#surroundings.onPdu(pdu)
    this.#look(pdu, bytes, at, end)
  }

  /** The connection is over: what waits for an answer gets none. */
  end(): void {
    this.#offers.end()
    this.#calls.end()
  }

  #understand(seen: Seen): void {
    switch (seen.pdu.type) {
      case 'bind':
      case 'alter_context':
        this.#offer(seen)
        break
      case 'bind_ack':
      case 'alter_context_resp':
      case 'bind_nak':
        this.#conclude(seen)
        break
      case 'request':
        this.#request(seen)
        break
      case 'response':
      case 'fault':
        this.#answer(seen)
    }
  }

  #offer(seen: Seen): void {
    const { pdu, bytes, at, end, little } = seen
    const contexts = contextsOf(bytes, at, end, little)
    pdu.contexts = contexts
    const [first] = contexts
    if (first !== undefined) {
      pdu.interface = interfaceName(first.uuid)
      pdu.contextId = first.id
    }
    for (const context of contexts) {
      if (this.#contexts.size < MOST_CONTEXTS || this.#contexts.has(context.id)) this.#contexts.set(context.id, context)
    }
    const uuids = [...new Set(contexts.map(({ uuid }) => uuid))]
    const message = messageOf(seen, `dce_rpc_${pdu.type}`, uuids)
    message.contexts = contexts.map(({ id, uuid, transferSyntax, uuidOffset }) => ({
      id,
      interface: interfaceName(uuid),
      transfer_syntax: transferSyntax,
      uuid_offset: uuidOffset,
    }))
    this.#offers.add(pdu.callId, { contexts, message })
  }

  /** Ends the bind or alter_context that this answers. */
  #conclude({ pdu, bytes, at, end, little, timeMs }: Seen): void {
    let accepted = false
    let status: number | null = null
    if (pdu.type === 'bind_nak') {
      status = nakReasonOf(bytes, at, end, little)
      pdu.status = status
    } else {
      pdu.results = bindAnswerOf(bytes, at, end, little).results
      accepted = pdu.results.some(({ result }) => result === 'accepted')
      if (!accepted) status = pdu.results.find(({ result }) => result === 'rejected')?.reason ?? null
    }
    const offer = this.#offers.get(pdu.callId)
    if (offer === undefined) return
    const [first] = offer.contexts
    if (first !== undefined) pdu.interface = interfaceName(first.uuid)
    for (const [index, { result }] of (pdu.results ?? []).entries()) {
      const context = offer.message.contexts[index]
      if (context !== undefined) context.result = result
    }
    addFrame(offer.message, pdu.frame)
    this.#offers.answer(pdu.callId, { timeMs, outcome: accepted ? 'success' : 'failure', status })
  }

  #request(seen: Seen): void {
    const { pdu, bytes, at, end, little } = seen
    const contextId = u16(bytes, at + HEADER_LENGTH + 4, little)
    const opnum = u16(bytes, at + HEADER_LENGTH + 6, little)
    const uuid = this.#interfaceOf(contextId, pdu.destination)
    name(pdu, { contextId, opnum, uuid })
    if (pdu.flags & OBJECT_UUID && at + BODY + 16 <= end) pdu.object = uuidAt(bytes, at + BODY, little)
    const open = pdu.flags & FIRST_FRAGMENT ? undefined : this.#calls.get(pdu.callId)
    if (open !== undefined) {
      addFrame(open.message, pdu.frame)
      open.message.length += end - at
      return
    }
    const message = messageOf(seen, pdu.operation ?? 'dce_rpc_request', uuid === null ? [] : [uuid])
    const wide = this.#contexts.get(contextId)?.transferSyntax === 'NDR64'
    this.#calls.add(pdu.callId, { message, uuid, opnum, wide, stub: [] })
  }

  #answer({ pdu, bytes, at, end, little, timeMs }: Seen): void {
    const contextId = u16(bytes, at + HEADER_LENGTH + 4, little)
    const call = this.#calls.get(pdu.callId)
    const uuid = call?.uuid ?? this.#interfaceOf(contextId, pdu.source)
    name(pdu, { contextId, opnum: call?.opnum ?? null, uuid })
    if (pdu.type === 'fault') pdu.status = faultStatusOf(bytes, at, end, little)
    if (call === undefined) return
    addFrame(call.message, pdu.frame)
    const isLast = (pdu.flags & LAST_FRAGMENT) !== 0
    if (pdu.type === 'response') {
      if (call.uuid === ENDPOINT_MAPPER && call.opnum === EPT_MAP) {
        this.#gather(call, bytes.subarray(at + BODY, end))
        if (isLast) this.#learn(call, pdu.source, little)
      }
      if (!isLast) return
    }
    const outcome = pdu.type === 'fault' ? 'failure' : 'success'
    this.#calls.answer(pdu.callId, { timeMs, outcome, status: pdu.status ?? null })
  }

  #gather({ stub }: Call, part: Buffer): void {
    const gathered = stub.reduce((sum, { length }) => sum + length, 0)
    if (gathered + part.length <= LONGEST_MAP_ANSWER) stub.push(Buffer.from(part))
  }

  /** Keeps what an endpoint mapper says about ports. */
  #learn({ stub, wide }: Call, server: Endpoint, little: boolean): void {
    const { endpoints } = this.#surroundings
    for (const { uuid, ip, port } of towersOf(Buffer.concat(stub), { wide, little })) {
      if (port === null) continue
      endpoints.add(server.ip, port, uuid)
      if (ip !== null && ip !== server.ip) endpoints.add(ip, port, uuid)
    }
  }

  /** By the bind; where it was not seen, by what the endpoint mapper said of the server's port. */
  #interfaceOf(contextId: number, server: Endpoint): string | null {
    const context = this.#contexts.get(contextId)
    if (context !== undefined) return context.uuid
    return this.#pipe === null ? this.#surroundings.endpoints.interfaceAt(server.ip, server.port) : null
  }

  #look(pdu: WirePdu, bytes: Buffer, at: number, end: number): void {
    const ports: [number, number] = [pdu.source.port, pdu.destination.port]
    for (const found of this.#surroundings.watch.find(bytes, at, end, pdu.contexts ?? [])) {
      const streamOffset = pdu.streamOffset + found.pduOffset
      this.#surroundings.onOccurrence({ ...found, frame: pdu.frame, streamOffset, pdu: pdu.type, ports })
    }
  }
}

function name(pdu: WirePdu, call: { contextId: number; opnum: number | null; uuid: string | null }): void {
  pdu.contextId = call.contextId
  pdu.opnum = call.opnum
  if (call.uuid === null) return
  pdu.interface = interfaceName(call.uuid)
  pdu.operation = call.opnum === null ? null : (operationName(call.uuid, call.opnum) ?? null)
}

function messageOf({ pdu, bytes, at, end, timeMs }: Seen, action: string, uuids: string[]): ClientMessage {
  const viewed = bytes.subarray(at, Math.min(end, at + VIEWED_BYTES))
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
