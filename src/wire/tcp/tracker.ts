/** TCP segments to connections; those that carry no RPC are known by a number in a table and cost nothing more. */

import { communityId } from '../../telemetry/network/community-id.ts'
import { addressText } from '../address-text.ts'
import { u16, u32 } from '../big-endian.ts'
import type { Datagram } from '../packet/datagram.ts'
import type { Ends, Surroundings } from '../rpc/association.ts'
import { Conversation, mayCarryRpc } from './conversation.ts'
import { FlowTable } from './flow-table.ts'

const SHORTEST_HEADER = 20
const FIN = 0x01
const SYN = 0x02
const RST = 0x04
const ACK = 0x10

/** States of a flow. */
const NEW = 0
const UNDECIDED = 1
const FOLLOWED = 2
const OTHER = 3

/** A connection whose beginning was not captured may be in the middle of a PDU: it gets more chances. */
const CHANCES = 64
const CHANCES_FROM_START = 8

/** What is known of each side of a flow. */
const SYN_SEEN = 1
const DATA_SEEN = 2

export interface TrackerLimits {
  /** Flows that are known at once: a power of two. */
  flows: number
  /** Connections that are read at once. */
  conversations: number
  /** Bytes that may wait over all connections. */
  heldBytes: number
}

export class TcpTracker {
  /** Connections that were given up to stay within the limits. */
  dropped = 0
  readonly #surroundings: Surroundings
  readonly #limits: TrackerLimits
  readonly #flows: FlowTable
  readonly #conversations = new Map<number, Conversation>()
  readonly #chances: Uint8Array
  /** Two of each a flow, one a side. */
  readonly #sides: Uint8Array
  readonly #firstNumbers: Uint32Array

  constructor(surroundings: Surroundings, limits: TrackerLimits) {
    this.#surroundings = surroundings
    this.#limits = limits
    this.#flows = new FlowTable(limits.flows, (slot) => this.#drop(slot))
    this.#chances = new Uint8Array(limits.flows)
    this.#sides = new Uint8Array(limits.flows * 2)
    this.#firstNumbers = new Uint32Array(limits.flows * 2)
  }

  take(datagram: Datagram, frame: number, timeMs: number): void {
    const { bytes, start, end, wireEnd } = datagram
    if (end - start < SHORTEST_HEADER) return
    const headerLength = (bytes[start + 12]! >> 4) * 4
    const dataStart = start + headerLength
    if (headerLength < SHORTEST_HEADER || dataStart > wireEnd) return
    const slot = this.#flows.slotOf(datagram.addresses, u16(bytes, start), u16(bytes, start + 2))
    const from = this.#flows.direction as 0 | 1
    const flags = bytes[start + 13]!
    const state = this.#flows.state
    if (state[slot] === OTHER && (flags & SYN) === 0) return

    const number = u32(bytes, start + 4)
    if (state[slot] === NEW) this.#begin(slot)
    if (flags & SYN) this.#syn(slot, from, (number + 1) >>> 0, (flags & ACK) !== 0)
    if (dataStart < end) {
      const first = flags & SYN ? (number + 1) >>> 0 : number
      this.#data(slot, from, first, datagram, dataStart, end, frame, timeMs)
    }
    if (state[slot] === FOLLOWED) {
      const conversation = this.#conversations.get(slot)!
      if (flags & ACK) conversation.knownStream(from === 0 ? 1 : 0)?.acknowledged(u32(bytes, start + 8))
      if (flags & FIN) conversation.knownStream(from)?.fin((number + wireEnd - dataStart) >>> 0)
      if (flags & RST || conversation.isFinished) this.#end(slot)
      else if (conversation.isOther) this.#reconsider(slot)
      if (this.#surroundings.memory.held > this.#limits.heldBytes) this.#makeRoom()
    }
  }

  /** The capture is over. */
  end(): void {
    for (const slot of [...this.#conversations.keys()]) this.#end(slot)
  }

  #begin(slot: number): void {
    this.#flows.state[slot] = UNDECIDED
    this.#chances[slot] = CHANCES
    this.#sides[slot * 2] = 0
    this.#sides[slot * 2 + 1] = 0
  }

  /** A connection begins, perhaps on the ports of one that was. `first`: number of the side's first byte. */
  #syn(slot: number, from: 0 | 1, first: number, isAnswer: boolean): void {
    const side = slot * 2 + from
    const repeated = (this.#sides[side]! & SYN_SEEN) !== 0 && this.#firstNumbers[side] === first
    if (!isAnswer && !repeated) {
      this.#end(slot)
      this.#begin(slot)
    }
    this.#sides[side]! |= SYN_SEEN
    this.#firstNumbers[side] = first
    this.#chances[slot] = CHANCES_FROM_START
  }

  #data(
    slot: number,
    from: 0 | 1,
    number: number,
    datagram: Datagram,
    start: number,
    end: number,
    frame: number,
    timeMs: number,
  ): void {
    const { bytes, wireEnd } = datagram
    const side = slot * 2 + from
    const seen = this.#sides[side]!
    this.#sides[side]! |= DATA_SEEN
    const fromStart = seen === SYN_SEEN
    const first = fromStart ? this.#firstNumbers[side]! : number
    if (this.#flows.state[slot] === UNDECIDED) {
      // A side that begins with a later segment is read in order before it is judged.
      const isWanted = first === number ? mayCarryRpc(bytes, start, end) : fromStart
      if (!isWanted || (!fromStart && end - start < 16)) {
        this.#miss(slot)
        return
      }
      this.#follow(slot, endsOf(datagram, from))
    }
    if (this.#flows.state[slot] !== FOLLOWED) return
    const stream = this.#conversations.get(slot)!.stream(from, first)
    stream.take(number, bytes, start, end, wireEnd, frame, timeMs)
  }

  #follow(slot: number, ends: Ends): void {
    if (this.#conversations.size >= this.#limits.conversations) {
      this.dropped += 1
      this.#end(this.#conversations.keys().next().value!)
    }
    this.#flows.state[slot] = FOLLOWED
    this.#conversations.set(slot, new Conversation(this.#surroundings, ends))
  }

  #end(slot: number): void {
    this.#flows.state[slot] = OTHER
    const conversation = this.#conversations.get(slot)
    this.#conversations.delete(slot)
    conversation?.end()
  }

  /** What comes only looked like RPC so far: RPC may follow it, as behind the greetings of a proxy. */
  #reconsider(slot: number): void {
    this.#end(slot)
    this.#miss(slot)
  }

  /** Something else came on a flow. */
  #miss(slot: number): void {
    this.#chances[slot]! -= 1
    this.#flows.state[slot] = this.#chances[slot] === 0 ? OTHER : UNDECIDED
  }

  #drop(slot: number): void {
    if (this.#flows.state[slot] === FOLLOWED) this.dropped += 1
    this.#end(slot)
  }

  /** Too much waits: the connections that were quiet for longest are given up. */
  #makeRoom(): void {
    const goal = this.#limits.heldBytes * 0.75
    for (let slot = this.#flows.oldest; slot !== -1; slot = this.#flows.newerThan(slot)) {
      if (this.#flows.state[slot] === FOLLOWED) this.#drop(slot)
      if (this.#surroundings.memory.held <= goal) return
    }
  }
}

/** The ends of a flow in the table's order; this packet goes from the one with number `from`. */
function endsOf({ addresses, bytes, start }: Datagram, from: 0 | 1): Ends {
  const source = { ip: addressText(addresses, 0), port: u16(bytes, start) }
  const destination = { ip: addressText(addresses, 4), port: u16(bytes, start + 2) }
  return {
    endpoints: from === 0 ? [source, destination] : [destination, source],
    communityId: communityId({ source, destination, transport: 'tcp' }),
  }
}
