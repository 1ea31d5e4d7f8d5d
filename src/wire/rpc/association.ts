/** One DCE/RPC connection: its presentation contexts, its calls, and what its PDUs mean in their light. */
import { interfaceName } from '../../telemetry/rpc/interfaces.ts'
import type { Memory } from '../block-splitter.ts'
import { type ClientMessage, documentOf } from '../events/client-message.ts'
import type { Watch } from '../views.ts'
import type { Endpoint, Occurrence, WirePdu } from '../wire-types.ts'
import { bindAnswerOf, type Context, contextsOf, faultStatusOf, nakReasonOf } from './bind.ts'
import type { EndpointMap } from './endpoint-map.ts'
import { EPT_MAP } from './ept-map.ts'
import { FIRST_FRAGMENT, HEADER_LENGTH, LAST_FRAGMENT, OBJECT_UUID, u16, uuidAt } from './header.ts'
import { MapAnswer } from './map-answer.ts'
import { addFrame, OpenMessages } from './open-messages.ts'
import type { PduPlace } from './pdu-stream.ts'
import { messageOf, nameCall, type Seen, seenPdu } from './seen.ts'

const ENDPOINT_MAPPER = 'e1af8308-5d1f-11c9-91a4-08002b14a0fa'
const MOST_CONTEXTS = 512
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
  /** What an endpoint mapper answers; null of other calls. */
  map: MapAnswer | null
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
    const ends = this.#ends.endpoints
    const seen = seenPdu(
      { source: ends[from], destination: ends[from === 0 ? 1 : 0], pipe: this.#pipe },
      bytes,
      at,
      end,
      place,
    )
    this.#understand(seen)
    this.#surroundings.onPdu(seen.pdu)
    this.#look(seen)
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
    nameCall(pdu, { contextId, opnum, uuid })
    if (pdu.flags & OBJECT_UUID && at + BODY + 16 <= end) pdu.object = uuidAt(bytes, at + BODY, little)
    const open = pdu.flags & FIRST_FRAGMENT ? undefined : this.#calls.get(pdu.callId)
    if (open !== undefined) {
      addFrame(open.message, pdu.frame)
      open.message.length += end - at
      return
    }
    const message = messageOf(seen, pdu.operation ?? 'dce_rpc_request', uuid === null ? [] : [uuid])
    const wide = this.#contexts.get(contextId)?.transferSyntax === 'NDR64'
    const map = uuid === ENDPOINT_MAPPER && opnum === EPT_MAP ? new MapAnswer(wide) : null
    this.#calls.add(pdu.callId, { message, uuid, opnum, map })
  }

  #answer({ pdu, bytes, at, end, little, timeMs }: Seen): void {
    const contextId = u16(bytes, at + HEADER_LENGTH + 4, little)
    const call = this.#calls.get(pdu.callId)
    const uuid = call?.uuid ?? this.#interfaceOf(contextId, pdu.source)
    nameCall(pdu, { contextId, opnum: call?.opnum ?? null, uuid })
    if (pdu.type === 'fault') pdu.status = faultStatusOf(bytes, at, end, little)
    if (call === undefined) return
    addFrame(call.message, pdu.frame)
    const isLast = (pdu.flags & LAST_FRAGMENT) !== 0
    if (pdu.type === 'response') {
      call.map?.add(bytes.subarray(at + BODY, end))
      if (isLast) call.map?.learn(this.#surroundings.endpoints, pdu.source, little)
      if (!isLast) return
    }
    const outcome = pdu.type === 'fault' ? 'failure' : 'success'
    this.#calls.answer(pdu.callId, { timeMs, outcome, status: pdu.status ?? null })
  }

  /** By the bind; where it was not seen, by what the endpoint mapper said of the server's port. */
  #interfaceOf(contextId: number, server: Endpoint): string | null {
    const context = this.#contexts.get(contextId)
    if (context !== undefined) return context.uuid
    return this.#pipe === null ? this.#surroundings.endpoints.interfaceAt(server.ip, server.port) : null
  }

  #look({ pdu, bytes, at, end }: Seen): void {
    const ports: [number, number] = [pdu.source.port, pdu.destination.port]
    for (const found of this.#surroundings.watch.find(bytes, at, end, pdu.contexts ?? [])) {
      const streamOffset = pdu.streamOffset + found.pduOffset
      this.#surroundings.onOccurrence({ ...found, frame: pdu.frame, streamOffset, pdu: pdu.type, ports })
    }
  }
}
