/** Needs of queries, ready to be asked of the record that was scanned last. */
import type { Needs } from '../../model/needs.ts'
import type { RecordScanner } from './record-scanner.ts'

/** Whether a record may have what is needed; false only when it certainly has not. */
export type Gate = () => boolean

const QUOTE = 0x22
const NULL = 0x6e
const OPEN_ARRAY = 0x5b
const OPEN_OBJECT = 0x7b

export class Gates {
  readonly #scanner: RecordScanner
  /** By slot: the value's text in lower case, and the record that it is of. */
  readonly #texts: ({ record: number; text: string } | undefined)[] = []
  #record = 0

  constructor(scanner: RecordScanner) {
    this.#scanner = scanner
  }

  /** Another record was scanned: what is known of the last one's values is void. */
  next(): void {
    this.#record += 1
  }

  /** Null when every record may have it. */
  compile(needs: Needs): Gate | null {
    switch (needs.kind) {
      case 'nothing':
        return null
      case 'impossible':
        return () => false
      case 'literal':
        return this.#literal(needs.fields, needs.text)
      case 'all': {
        const gates = needs.of.map((one) => this.compile(one)).filter((gate) => gate !== null)
        return gates.length === 0 ? null : () => everyOne(gates)
      }
      case 'any': {
        const gates = needs.of.map((one) => this.compile(one)).filter((gate) => gate !== null)
        return gates.length < needs.of.length ? null : () => anyOne(gates)
      }
    }
  }

  #literal(fields: readonly string[], text: string): Gate | null {
    const slots = fields.map((field) => this.#scanner.slotOf(field))
    if (slots.includes(null)) return null
    // As JSON writes it: a backslash is two.
    const wanted = JSON.stringify(text).slice(1, -1)
    const [only] = slots
    if (slots.length === 1) return () => this.#holds(only!, wanted)
    return () => slots.some((slot) => this.#holds(slot!, wanted))
  }

  #holds(slot: number, wanted: string): boolean {
    const scanner = this.#scanner
    switch (scanner.first(slot)) {
      case 0:
      case NULL:
        return false
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        return true
      case QUOTE:
        return wanted === '' || scanner.isRespelled(slot) || this.#textOf(slot).includes(wanted)
      default: {
        // A number may be written in other ways than it is read: 1e3 is 1000.
        const text = this.#textOf(slot)
        return text.includes(wanted) || /[.e]/.test(text)
      }
    }
  }

  #textOf(slot: number): string {
    this.#texts[slot] ??= { record: -1, text: '' }
    const known = this.#texts[slot]
    if (known.record !== this.#record) {
      const scanner = this.#scanner
      known.record = this.#record
      known.text = scanner.text.toString('latin1', scanner.begin(slot), scanner.end(slot)).toLowerCase()
    }
    return known.text
  }
}

function everyOne(gates: readonly Gate[]): boolean {
  for (const gate of gates) if (!gate()) return false
  return true
}

function anyOne(gates: readonly Gate[]): boolean {
  for (const gate of gates) if (gate()) return true
  return false
}
