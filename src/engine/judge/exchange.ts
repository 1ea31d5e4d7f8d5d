/** What client and server said to each other, from the events of a network sensor: the evidence of a check on the wire. */
import { type EventDocument, fieldOf, valuesOf } from '../../model/event.ts'
import type { WireExchange, WireMark, WireMessage } from '../../model/run-record.ts'
import type { TestEvent } from './correlate.ts'

/** Most conversations of one check, and most messages of one conversation, that a record keeps. */
const MOST_EXCHANGES = 6
const MOST_MESSAGES = 40

/**
 * The conversations that a check's events are messages of: those with a message that the logic matches come first, then the
 * others in the order in which they began. Empty for events that are no remote procedure calls.
 */
export function exchangeOf(read: readonly TestEvent[], matches: readonly (readonly TestEvent[])[]): WireExchange[] {
  const matched = new Set(matches.flat())
  const conversations = new Map<string, { exchange: WireExchange; matched: boolean }>()
  for (const event of read) {
    const { document } = event
    const client = endpointOf(document, 'source')
    const server = endpointOf(document, 'destination')
    if (client === null || server === null || fieldOf(document.source, 'rpc') === undefined) continue
    const sensor = text(document, 'observer.name')
    const key = JSON.stringify([sensor, client, server])
    const known = conversations.get(key) ?? {
      exchange: { sensor, client, server, messages: [], more: 0 },
      matched: false,
    }
    conversations.set(key, known)
    if (matched.has(event)) known.matched = true
    if (known.exchange.messages.length === MOST_MESSAGES) known.exchange.more += 1
    else known.exchange.messages.push(messageOf(event, matched.has(event)))
  }
  return [...conversations.values()]
    .sort((a, b) => Number(b.matched) - Number(a.matched))
    .slice(0, MOST_EXCHANGES)
    .map(({ exchange }) => exchange)
}

function messageOf({ document, at }: TestEvent, matched: boolean): WireMessage {
  const contexts = contextsOf(document)
  const bytes = Buffer.from((text(document, 'wire.raw') ?? '').replaceAll(' ', ''), 'hex')
  const marks = marksOf(document, contexts).filter(({ offset, length }) => offset + length <= bytes.length)
  const shown = Math.max(0, ...marks.map(({ offset, length }) => offset + length))
  return {
    at: new Date(at).toISOString(),
    event: { index: document.index, id: document.id },
    action: text(document, 'event.action') ?? 'message',
    interface: text(document, 'rpc.interface'),
    opnum: whole(document, 'rpc.opnum'),
    callId: whole(document, 'rpc.call_id'),
    contexts: contexts.map(({ offset, ...context }) => context),
    answer: answerOf(document),
    matched,
    frames: numbers(document, 'wire.frames'),
    length: whole(document, 'wire.length'),
    hex: bytes.subarray(0, shown).toString('hex'),
    marks,
  }
}

interface OfferedContext {
  id: number
  interface: string
  transferSyntax: string | null
  result: string | null
  /** Of the interface's UUID in the message. */
  offset: number
}

/** The contexts that a bind or alter_context offers, as the sensor lists them. */
function contextsOf(document: EventDocument): OfferedContext[] {
  return valuesOf(document.source, 'wire.contexts').flatMap((context) => {
    const at = (path: string) => fieldOf(context, path)
    const [id, name, offset] = [at('id'), at('interface'), at('uuid_offset')]
    if (typeof id !== 'number' || typeof name !== 'string' || typeof offset !== 'number') return []
    const known = (value: unknown) => (typeof value === 'string' ? value : null)
    return [{ id, interface: name, transferSyntax: known(at('transfer_syntax')), result: known(at('result')), offset }]
  })
}

const UUID_LENGTH = 16

/** Of a request's header (C706, 12.6.4.9): the context that stands for the interface, then the operation number. */
const CONTEXT_ID = { offset: 20, length: 2 }
const OPNUM = { offset: 22, length: 2 }

/** Where a message says what its event says: a bind by the interface's UUID, a request by the context that was bound to it. */
function marksOf(document: EventDocument, contexts: readonly OfferedContext[]): WireMark[] {
  const interfaces = valuesOf(document.source, 'rpc.interface')
  if (contexts.length > 0) {
    return contexts
      .filter((context) => interfaces.includes(context.interface))
      .map(({ interface: name, id, offset }) => ({ what: `${name}, context ${id}`, offset, length: UUID_LENGTH }))
  }
  const opnum = whole(document, 'rpc.opnum')
  if (opnum === null) return []
  const context = whole(document, 'rpc.context_id')
  const bound = `context ${context}, bound to ${interfaces.join(' or ')}`
  return [
    ...(context === null ? [] : [{ what: bound, ...CONTEXT_ID }]),
    { what: `operation number ${opnum}`, ...OPNUM },
  ]
}

function answerOf(document: EventDocument): string | null {
  const outcome = text(document, 'event.outcome')
  const status = whole(document, 'rpc.status')
  if (outcome === null || status === null) return outcome
  return `${outcome} 0x${(status >>> 0).toString(16).padStart(8, '0')}`
}

const numbers = ({ source }: EventDocument, path: string): number[] =>
  valuesOf(source, path).filter((value): value is number => Number.isInteger(value))

function endpointOf(document: EventDocument, side: 'source' | 'destination'): WireExchange['client'] | null {
  const ip = text(document, `${side}.ip`)
  const port = whole(document, `${side}.port`)
  return ip === null || port === null ? null : { ip, port }
}

function text({ source }: EventDocument, path: string): string | null {
  const value = valuesOf(source, path)[0]
  return typeof value === 'string' ? value : null
}

function whole({ source }: EventDocument, path: string): number | null {
  const value = valuesOf(source, path)[0]
  return typeof value === 'number' && Number.isInteger(value) ? value : null
}
