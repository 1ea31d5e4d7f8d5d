/** A client message in the few words that a person is shown of it. */
import { fieldOf, valuesOf } from '../../model/event.ts'

export interface Message {
  /** Index of the capture. */
  input: number
  /** `source → destination` */
  ends: string
  /** The packet that it began in. */
  frame: number
  /** `bind`, or the operation with its number. */
  call: string
  interfaces: string
  /** What went wrong; empty when nothing did. */
  outcome: string
  pipe: string
}

type Document = Record<string, unknown>

export const messageOf = (input: number, document: Document): Message => ({
  input,
  ends: `${endOf(document, 'source')} → ${endOf(document, 'destination')}`,
  frame: Number(valuesOf(document, 'wire.frames')[0]),
  call: callOf(document),
  interfaces: valuesOf(document, 'rpc.interface').join(', '),
  outcome: outcomeOf(document),
  pipe: String(fieldOf(document, 'rpc.endpoint') ?? ''),
})

function endOf(document: Document, side: 'source' | 'destination'): string {
  const ip = String(fieldOf(document, `${side}.ip`))
  return `${ip.includes(':') ? `[${ip}]` : ip}:${fieldOf(document, `${side}.port`)}`
}

function callOf(document: Document): string {
  const action = String(fieldOf(document, 'event.action')).replace(/^dce_rpc_/, '')
  const opnum = fieldOf(document, 'rpc.opnum')
  return opnum === undefined ? action : `${action} (${opnum})`
}

function outcomeOf(document: Document): string {
  const outcome = fieldOf(document, 'event.outcome')
  if (outcome === undefined) return 'no answer'
  if (outcome !== 'failure') return ''
  const status = fieldOf(document, 'rpc.status')
  const isCall = fieldOf(document, 'rpc.opnum') !== undefined
  if (typeof status !== 'number') return isCall ? 'fault' : 'refused'
  return isCall ? `fault 0x${status.toString(16).padStart(8, '0')}` : `refused, reason ${status}`
}
