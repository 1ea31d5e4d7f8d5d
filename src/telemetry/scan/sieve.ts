/** Lets through the records that a query may match, and counts the others without reading them. */
import type { Needs, OriginsOf } from '../../model/needs.ts'
import { type Gate, Gates } from './gate.ts'
import { originsIn } from './origins.ts'
import { type RecordClass, RecordClasses } from './record-classes.ts'
import { RecordHeader } from './record-header.ts'
import type { RecordScanner } from './record-scanner.ts'

/** What a record needs for any query to match it, given where the fields of its kind come from. */
export type NeedsOf = (originsOf: OriginsOf) => Needs

/** Sees each event that was passed over, with its times in milliseconds since 1970, NaN where it does not say. */
export type OnPassed = (kind: RecordClass, eventTime: number, recordTime: number) => void

export class Sieve {
  readonly #header: RecordHeader
  readonly #classes: RecordClasses
  readonly #gates: Gates
  readonly #needsOf: NeedsOf
  readonly #gateOf = new Map<RecordClass, Gate | null>()
  /** The gates by channel and id, which several classes share. */
  readonly #gateOfKind = new Map<string, Gate | null>()

  constructor(scanner: RecordScanner, needsOf: NeedsOf) {
    this.#header = new RecordHeader(scanner)
    this.#classes = new RecordClasses(scanner, this.#header)
    this.#gates = new Gates(scanner)
    this.#needsOf = needsOf
  }

  /** Whether the record that was scanned last can be passed over; if so it is counted. */
  passes(onPassed: OnPassed): boolean {
    if (!this.#header.read()) return false
    const kind = this.#classes.classOf()
    if (kind === null) return false
    const gate = this.#gateOf.get(kind)
    if (gate === undefined) {
      this.#gateOf.set(kind, this.#gateFor(kind))
      // The fields that it looks at may not have been noted in this record.
      return false
    }
    this.#gates.next()
    if (gate === null || gate()) return false
    onPassed(kind, this.#classes.eventTime, this.#header.recordTime)
    return true
  }

  #gateFor({ channel, eventId }: RecordClass): Gate | null {
    const name = `${eventId} ${channel}`
    let gate = this.#gateOfKind.get(name)
    if (gate === undefined) {
      gate = this.#gates.compile(this.#needsOf(originsIn(channel, eventId)))
      this.#gateOfKind.set(name, gate)
    }
    return gate
  }
}
