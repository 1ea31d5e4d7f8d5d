/** One RPC connection: what its client and its server send each other, as PDUs over whatever carries them. */
import { randomInt, randomUUID } from 'node:crypto'
import type { Timeline } from '../machine/timeline.ts'
import { missingTo, opaque } from './packets/bytes.ts'
import {
  auth3,
  bind,
  bindAnswer,
  type Context,
  FRAGMENT,
  fault,
  HEADER,
  request,
  response,
  type Trailer,
} from './packets/dcerpc.ts'
import type { RpcInterface } from './packets/interfaces.ts'
import { PRIVACY, type Security } from './packets/security.ts'
import type { Side } from './packets/tcp-stream.ts'
import type { RpcDialect } from './rpc-dialect.ts'

/** Brings bytes from one side to the other: a TCP connection, or a pipe inside one. */
export interface Carrier {
  send(from: Side, bytes: Buffer): void
}

/** Windows' answer to whom it does not let in. */
const ACCESS_DENIED = 5

export interface RpcOptions {
  carrier: Carrier
  timeline: Timeline
  dialect: RpcDialect
  /** Null: neither authenticated nor encrypted, as questions to the endpoint mapper are. */
  security: Security | null
  /** Where the server says it listens: its port, or its pipe. */
  secondaryAddress: string
}

/** A call that waits for its answer. */
export interface PendingCall {
  /** Parameters of the answer, or how many bytes of them where they are encrypted. */
  answer(parameters: Buffer | number): void
}

export class RpcConnection {
  readonly #options: RpcOptions
  readonly #group = randomInt(1, 0x10000)
  /** The one object that is called. */
  readonly #object = randomUUID()
  #callId: number
  #contextId: number
  #interface: RpcInterface | null = null
  #offered = 0
  #verified = false

  constructor(options: RpcOptions) {
    this.#options = options
    this.#callId = options.dialect.firstCall
    this.#contextId = options.dialect.offers.indexOf(options.dialect.accepted)
  }

  /** Offers an interface in every way to write that the client knows; with the first two legs of its authentication. */
  bind(offered: RpcInterface): void {
    const { offers, accepted } = this.#options.dialect
    const contexts = offers.map((transfer, id): Context => ({ id, interface: offered, transfer }))
    this.#interface = offered
    this.#offered = contexts.length
    const tokens = this.#options.security?.tokens
    this.#send('client', bind('bind', contexts, this.#bindOptions(0, tokens?.start)))
    const secondaryAddress = this.#options.secondaryAddress
    const answer = { ...this.#bindOptions(this.#group, tokens?.answer), secondaryAddress }
    this.#send('server', bindAnswer('bindAck', contexts, accepted, answer))
  }

  /** The last legs of the authentication around the server's own work on it; whom it refuses gets a fault. */
  authenticate<T>(logon: () => T): T {
    const { security } = this.#options
    if (security === null) return logon()
    const { proof, done } = security.tokens
    if (done === null) {
      this.#send('client', auth3(this.#callId, trailerOf(security, proof)))
      return logon()
    }
    const contexts = [this.#context()]
    this.#send('client', bind('alterContext', contexts, this.#bindOptions(0, proof)))
    try {
      const session = logon()
      this.#answerAlteration(contexts, done)
      return session
    } catch (error) {
      this.#send('server', fault(this.#callId, 0, ACCESS_DENIED))
      throw error
    }
  }

  /** Goes on with another interface on the same connection. */
  addContext(added: RpcInterface): void {
    this.#interface = added
    this.#contextId = this.#offered
    this.#offered += 1
    const contexts = [this.#context()]
    this.#send('client', bind('alterContext', contexts, this.#bindOptions(0)))
    this.#answerAlteration(contexts)
  }

  /** Calls an operation: with parameters in clear, or with so many bytes of them where they are encrypted. */
  call(opnum: number, parameters: Buffer | number): PendingCall {
    const { security, dialect } = this.#options
    const callId = this.#callId
    const contextId = this.#contextId
    this.#callId += 1
    const object = this.#interface?.component ? this.#object : undefined
    const extra = security !== null && !this.#verified ? dialect.verification : 0
    this.#verified = true
    const length = sizeOf(parameters)
    const size = length + (extra === 0 ? 0 : missingTo(length, 4) + extra)
    this.#fragments('client', typeof parameters === 'number' ? size : parameters, (part) =>
      request({ callId, contextId, opnum, object, ...part }),
    )
    return {
      answer: (result) => this.#fragments('server', result, (part) => response({ callId, contextId, ...part })),
    }
  }

  #context(): Context {
    return { id: this.#contextId, interface: this.#interface!, transfer: this.#options.dialect.accepted }
  }

  #answerAlteration(contexts: Context[], token?: Buffer): void {
    const options = { ...this.#bindOptions(this.#group, token), secondaryAddress: '' }
    this.#send('server', bindAnswer('alterContextResponse', contexts, this.#options.dialect.accepted, options))
  }

  #bindOptions(group: number, token?: Buffer) {
    const { security, dialect } = this.#options
    const trailer = security === null || token === undefined ? undefined : trailerOf(security, token)
    return { callId: this.#callId, largest: dialect.largest, group, trailer }
  }

  /** Sends parameters in as many fragments as they take; each is sealed for itself. */
  #fragments(from: Side, parameters: Buffer | number, encode: (part: Part) => Buffer): void {
    const { security } = this.#options
    const size = sizeOf(parameters)
    const room = this.#room(security)
    for (let at = 0; at === 0 || at < size; at += room) {
      const length = Math.min(room, size - at)
      const fragment = (at === 0 ? FRAGMENT.first : 0) | (at + room >= size ? FRAGMENT.last : 0)
      const padding = security === null ? 0 : missingTo(length, security.alignment)
      const stub = typeof parameters === 'number' ? opaque(length + padding) : parameters.subarray(at, at + length)
      const trailer = security === null ? undefined : { ...trailerOf(security, security.seal(from)), padding }
      this.#send(from, encode({ fragment, hint: size - at, stub, trailer }))
    }
  }

  /** Bytes of parameters in one fragment. */
  #room(security: Security | null): number {
    const head = HEADER + 8 + (this.#interface?.component ? 16 : 0)
    const tail = security === null ? 0 : TRAILER_HEAD + security.sealLength
    const room = this.#options.dialect.largest - head - tail
    return room - (room % (security?.alignment ?? 8))
  }

  #send(from: Side, pdu: Buffer): void {
    if (from === 'client') this.#options.timeline.step(1)
    this.#options.carrier.send(from, pdu)
  }
}

interface Part {
  fragment: number
  hint: number
  stub: Buffer
  trailer: Trailer | undefined
}

const TRAILER_HEAD = 8

const sizeOf = (parameters: Buffer | number): number =>
  typeof parameters === 'number' ? parameters : parameters.length

const trailerOf = ({ type }: Security, value: Buffer): Trailer => ({ type, level: PRIVACY, padding: 0, value })
