/** The three views that a sensor may have of a message: decoded, raw bytes, printable bytes only. */
import type { Context } from './rpc/bind.ts'
import type { View, Watched } from './wire-types.ts'

interface Found {
  view: View
  pattern: string
  /** Where it begins in the PDU. */
  pduOffset: number
}

/** Looks for patterns in PDUs. */
export class Watch {
  readonly #decoded: string[] = []
  readonly #raw: { pattern: string; bytes: Buffer }[] = []
  readonly #printable: string[] = []

  constructor(watched: readonly Watched[]) {
    for (const { view, pattern } of watched) {
      if (view === 'decoded') this.#decoded.push(pattern.toLowerCase())
      else if (view === 'printable') this.#printable.push(pattern)
      else this.#raw.push({ pattern, bytes: Buffer.from(pattern.replaceAll(' ', ''), 'hex') })
    }
  }

  /** What is found in a PDU, which has these contexts if it offers any. */
  *find(bytes: Buffer, at: number, end: number, contexts: readonly Context[]): Generator<Found> {
    for (const pattern of this.#decoded) {
      for (const { uuid, uuidOffset } of contexts) {
        if (uuid === pattern) yield { view: 'decoded', pattern, pduOffset: uuidOffset }
      }
    }
    const pdu = bytes.subarray(at, end)
    for (const { pattern, bytes: wanted } of this.#raw) {
      for (let place = pdu.indexOf(wanted); place !== -1; place = pdu.indexOf(wanted, place + 1)) {
        yield { view: 'raw', pattern, pduOffset: place }
      }
    }
    if (this.#printable.length === 0) return
    const text = printableOf(pdu)
    for (const pattern of this.#printable) {
      for (let place = text.indexOf(pattern); place !== -1; place = text.indexOf(pattern, place + 1)) {
        yield { view: 'printable', pattern, pduOffset: offsetOfPrintable(pdu, place) }
      }
    }
  }
}

const isPrintable = (byte: number) => byte >= 0x20 && byte <= 0x7e

let scratch = Buffer.alloc(1 << 16)

/** The printable bytes alone, as a sensor for ASCII sees them. */
export function printableOf(bytes: Buffer): string {
  if (bytes.length > scratch.length) scratch = Buffer.alloc(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!
    if (isPrintable(byte)) scratch[length++] = byte
  }
  return scratch.toString('latin1', 0, length)
}

/** Offset of the printable byte with this number, from 0. */
function offsetOfPrintable(bytes: Buffer, number: number): number {
  let seen = 0
  for (let at = 0; at < bytes.length; at += 1) {
    if (isPrintable(bytes[at]!) && seen++ === number) return at
  }
  return bytes.length
}

const DIGITS = Buffer.from('0123456789abcdef', 'latin1')

/** The bytes as the document writes them: `49 59 d3 86`. */
export function hexPairs(bytes: Buffer): string {
  const text = Buffer.alloc(bytes.length * 3, ' ')
  for (let at = 0; at < bytes.length; at += 1) {
    text[at * 3] = DIGITS[bytes[at]! >> 4]!
    text[at * 3 + 1] = DIGITS[bytes[at]! & 15]!
  }
  return text.toString('latin1', 0, Math.max(0, text.length - 1))
}
