/** What a network sensor saw, in the words and lines that every format shows. */
import type { RunRecord, WireExchange, WireMark, WireMessage } from '../../model/run-record.ts'

type Endpoint = WireExchange['client']

/** `192.0.2.1:49671`, `[2001:db8::1]:49671`. */
export const endpointText = ({ ip, port }: Endpoint): string => `${ip.includes(':') ? `[${ip}]` : ip}:${port}`

/** `bind`, `alter context`, or the operation with its number. */
export function messageName({ action, opnum }: WireMessage): string {
  if (opnum !== null) return `${action} (${opnum})`
  return action.replace(/^dce_rpc_/, '').replaceAll('_', ' ')
}

/** What a bind offers and what became of it: `context 0 NDR32 accepted, 1 NDR64 rejected`. */
export function contextsText({ contexts }: WireMessage): string {
  // Of features that both sides know the server says `features`, too.
  const each = contexts.map(({ id, transferSyntax, result }) =>
    [id, ...new Set([transferSyntax, result])].filter((part) => part !== null && part !== '').join(' '),
  )
  return each.length === 0 ? '' : `context ${each.join(', ')}`
}

/** One byte of a message: its two digits, its character where it has one, and whether a mark covers it. */
export interface ShownByte {
  hex: string
  character: string | null
  marked: boolean
}

export interface ByteLine {
  /** Of its first byte, in the message. */
  offset: number
  bytes: ShownByte[]
  /** Lines before it are left out. */
  gap: boolean
}

const BYTES_PER_LINE = 16

const characterOf = (byte: number): string | null => (byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : null)

/** The lines of a message's bytes that hold a mark. */
export function byteLines({ hex, marks }: WireMessage): ByteLine[] {
  const bytes = Buffer.from(hex, 'hex')
  const isMarked = (at: number) => marks.some(({ offset, length }) => at >= offset && at < offset + length)
  const lines: ByteLine[] = []
  let last = -BYTES_PER_LINE
  for (let offset = 0; offset < bytes.length; offset += BYTES_PER_LINE) {
    const shown = [...bytes.subarray(offset, offset + BYTES_PER_LINE)].map((byte, index) => ({
      hex: byte.toString(16).padStart(2, '0'),
      character: characterOf(byte),
      marked: isMarked(offset + index),
    }))
    if (!shown.some(({ marked }) => marked)) continue
    lines.push({ offset, bytes: shown, gap: offset > last + BYTES_PER_LINE })
    last = offset
  }
  return lines
}

/** The printable bytes of a mark alone, as a sensor for text sees them; empty where there are none. */
export function printableOf({ hex }: WireMessage, { offset, length }: WireMark): string {
  const bytes = Buffer.from(hex, 'hex').subarray(offset, offset + length)
  return [...bytes].map((byte) => characterOf(byte) ?? '').join('')
}

export interface Conversation {
  test: string
  exchange: WireExchange
  /** Analytics whose logic matches a message of it. */
  matchedBy: string[]
}

/** Every conversation of the tests in which an analytic matched, each once. */
export function matchedConversations(record: RunRecord): Conversation[] {
  const found = new Map<string, Conversation>()
  for (const { id, checks } of record.tests) {
    for (const { analytic, exchange } of checks) {
      for (const one of exchange) {
        if (!one.messages.some(({ matched }) => matched)) continue
        const key = JSON.stringify([id, one.sensor, one.client, one.server])
        const known = found.get(key) ?? { test: id, exchange: one, matchedBy: [] }
        known.matchedBy.push(analytic)
        found.set(key, known)
      }
    }
  }
  return [...found.values()]
}
