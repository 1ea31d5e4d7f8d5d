/** Says of each record who may want its event, and counts those that nobody wants without reading them. */
import { Gates, type GatesOfKind, type NeedsOf } from './gates.ts'
import { type Channel, type RecordClass, RecordClasses } from './record-classes.ts'
import { RecordHeader } from './record-header.ts'
import { type LearnedByScanner, type RecordScanner, SOMEBODY } from './record-scanner.ts'
import type { Skimmed, SkimmedCounts } from './skimmed.ts'
import { type PassedListener, Skimmer } from './skimmer.ts'

/** Whether one who looks for events can wait for an input's end; see `HeldRecords`. */
export type CanWait = (who: number) => boolean

/**
 * All that a sieve learned of records, as data that `v8.serialize` takes. It holds for another sieve that is asked the same,
 * whatever it reads: headers that are alike are of one kind everywhere.
 */
export interface Learned {
  scanner: LearnedByScanner
  channels: Channel[]
  rows: RecordClass[]
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
  readonly #canWait: CanWait
  #kind: RecordClass | null = null
  /** Whether that of the record that was asked about last is known by its row, and its header was not read. */
  #isByRow = false

  /** @param learned with what the scanner learned */
  constructor(scanner: RecordScanner, needsOf: NeedsOf, canWait: CanWait, learned: Learned | null = null) {
    this.#canWait = canWait
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

  /** Goes through records that nobody wants at once, from a position in the scanner's text on. It stops where `wanted` is to be asked. */
  skim(at: number, end: number, listener: PassedListener): Skimmed {
    return this.#skimmer.skim(at, end, listener)
  }

  /** Tells of rows that were met, also by another thread. */
  meet(skimmed: Skimmed, from: SkimmedCounts, to: SkimmedCounts, listener: PassedListener): void {
    this.#skimmer.meet(skimmed, from.met, to.met, listener)
  }

  /** Counts records that were skimmed, also by another thread. */
  tell(skimmed: Skimmed, from: number, to: number, listener: PassedListener): void {
    this.#skimmer.tell(skimmed, from, to, listener)
  }

  /** The kind of one of them. */
  kindOf({ rows }: Skimmed, index: number): RecordClass {
    return this.#skimmer.kindOf(rows[index]!)
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
    if (this.#scanner.row !== null) return
    const { all, some, any } = this.#ofClass.get(this.#kind!)!
    const asked = [...all.map((who) => ({ who, gate: SOMEBODY })), ...some]
    const gates = asked.map(({ who, gate }) => ({ who, node: gate, canWait: this.#canWait(who) }))
    this.#skimmer.learn(this.#kind!, this.#classes.eventTimeSlot, all.length > 0 ? SOMEBODY : any, gates)
  }

  /** Counts the record that was asked about last, which is not read, or not yet. Not to be called when everybody wants it. */
  pass(listener: PassedListener): void {
    if (this.#isByRow && this.#header.read()) this.#classes.classOf()
    listener.event({ kind: this.#kind!, eventTime: this.#classes.eventTime, recordTime: this.#header.recordTime })
  }

  /** By its row, if it is like others of it; else its header is read. */
  #kindOf(): RecordClass | null {
    const { row, isTimed } = this.#scanner
    this.#isByRow = row !== null && isTimed
    if (this.#isByRow) return this.#skimmer.kindOf(row!)
    return this.#header.read() ? this.#classes.classOf() : null
  }
}
