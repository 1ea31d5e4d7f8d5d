/** Says of each record who may want its event, and counts those that nobody wants without reading them. */
import { Gates, type GatesOfKind, type NeedsOf } from './gates.ts'
import { type Channel, type RecordClass, RecordClasses } from './record-classes.ts'
import { RecordHeader } from './record-header.ts'
import type { LearnedByScanner, RecordScanner } from './record-scanner.ts'
import type { Passed } from './scanner-memory.ts'
import { type LearnedRow, type PassedListener, Skimmer } from './skimmer.ts'

/** Whether one who looks for events can wait for an input's end; see `HeldRecords`. */
export type CanWait = (who: number) => boolean

/**
 * All that a sieve learned of records, as data that `v8.serialize` takes. It holds for another sieve that is asked the same,
 * whatever it reads: headers that are alike are of one kind everywhere.
 */
export interface Learned {
  scanner: LearnedByScanner
  channels: Channel[]
  rows: LearnedRow[]
  ofClass: Map<RecordClass, GatesOfKind>
  ofKind: Map<string, GatesOfKind>
}

export class Sieve {
  readonly #header: RecordHeader
  readonly #classes: RecordClasses
  readonly #scanner: RecordScanner
  readonly #skimmer: Skimmer
  /** Classes of one kind share them. */
  readonly #gates: Gates
  readonly #ofClass: Map<RecordClass, GatesOfKind>
  #kind: RecordClass | null = null
  /** Whether the record that was asked about last is of a row, and its times were noted. */
  #isNoted = false

  /** @param learned with what the scanner learned */
  constructor(scanner: RecordScanner, needsOf: NeedsOf, learned: Learned | null = null) {
    this.#header = new RecordHeader(scanner)
    this.#classes = new RecordClasses(scanner, this.#header, learned?.channels)
    this.#scanner = scanner
    this.#skimmer = new Skimmer(scanner, this.#header, learned?.rows)
    this.#ofClass = learned?.ofClass ?? new Map()
    this.#gates = new Gates(scanner, needsOf, learned?.ofKind)
  }

  /** How many headers it has learned. */
  get headers(): number {
    return this.#ofClass.size + this.#skimmer.learned.length
  }

  get learned(): Learned {
    const [channels, rows] = [this.#classes.learned, this.#skimmer.learned]
    return { scanner: this.#scanner.learned, channels, rows, ofClass: this.#ofClass, ofKind: this.#gates.known }
  }

  /** Counts records that nobody wants, from a position in the scanner's text on. It stops where `wanted` is to be asked. */
  skim(at: number, end: number, listener: PassedListener): number {
    return this.#skimmer.skim(at, end, listener)
  }

  /** Counts records that another thread skimmed. */
  tell(passed: Passed, from: number, to: number, listener: PassedListener): void {
    this.#skimmer.tell(passed, from, to, listener)
  }

  /** Who may want the record at which `skim` stopped; null for everybody. */
  wanted(): readonly number[] | null {
    this.#kind = this.#kindOf()
    if (this.#kind === null) return null
    const gates = this.#ofClass.get(this.#kind)
    if (gates === undefined) {
      this.#ofClass.set(this.#kind, this.#gates.of(this.#kind))
      // The fields that they look at may not have been noted in this record.
      return null
    }
    const { all, some } = gates
    return [...all, ...some.filter(({ gate }) => this.#scanner.asks(gate)).map(({ who }) => who)]
  }

  /** The kind of that record. Not to be asked for when everybody wants it. */
  get kind(): RecordClass {
    return this.#kind!
  }

  /** Lets `skim` pass records like the one that was asked about last. Not to be called when everybody wants it. */
  learn(): void {
    const { all, any } = this.#ofClass.get(this.#kind!)!
    if (all.length === 0 && !this.#scanner.isOfRow) this.#skimmer.learn(this.#kind!, this.#classes.eventTimeSlot, any)
  }

  /** Counts the record that was asked about last, which is not read, or not yet. Not to be called when everybody wants it. */
  pass(listener: PassedListener): void {
    if (this.#isNoted) this.#skimmer.tell(this.#scanner.passed, 0, 1, listener)
    else this.#skimmer.tellOne(this.#kind!, this.#classes.eventTime, this.#header.recordTime, listener)
  }

  /** By its row, if it is of one; else its header is read. */
  #kindOf(): RecordClass | null {
    this.#isNoted = this.#scanner.noteRow()
    if (this.#isNoted) return this.#skimmer.learned[this.#scanner.passed.rows[0]!]!.kind
    return this.#header.read() ? this.#classes.classOf() : null
  }
}
