/** Says of each record who may want its event, and counts those that nobody wants without reading them. */
import type { Needs, OriginsOf } from '../../model/needs.ts'
import { compileGate } from './gate.ts'
import { originsIn } from './origins.ts'
import { type Channel, type RecordClass, RecordClasses } from './record-classes.ts'
import { RecordHeader } from './record-header.ts'
import { type LearnedByScanner, NOBODY, type RecordScanner, SOMEBODY } from './record-scanner.ts'
import type { Passed } from './scanner-memory.ts'
import { type LearnedRow, type PassedListener, Skimmer } from './skimmer.ts'

/** What each of those who look for events needs of a record, given where the fields of its kind come from. */
export type NeedsOf = (originsOf: OriginsOf) => readonly Needs[]

/** Whether one who looks for events can wait for an input's end; see `HeldRecords`. */
export type CanWait = (who: number) => boolean

/** For events of one kind: who wants them all, who has a node that asks, and the node that asks for all of these; the others want none. */
interface GatesOfKind {
  all: number[]
  some: { who: number; gate: number }[]
  any: number
}

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
  readonly #needsOf: NeedsOf
  readonly #ofClass: Map<RecordClass, GatesOfKind>
  /** By channel and id, which several classes share. */
  readonly #ofKind: Map<string, GatesOfKind>
  #kind: RecordClass | null = null

  /** @param learned with what the scanner learned */
  constructor(scanner: RecordScanner, needsOf: NeedsOf, learned: Learned | null = null) {
    this.#header = new RecordHeader(scanner)
    this.#classes = new RecordClasses(scanner, this.#header, learned?.channels)
    this.#scanner = scanner
    this.#skimmer = new Skimmer(scanner, this.#header, learned?.rows)
    this.#ofClass = learned?.ofClass ?? new Map()
    this.#ofKind = learned?.ofKind ?? new Map()
    this.#needsOf = needsOf
  }

  /** How many headers it has learned. */
  get headers(): number {
    return this.#ofClass.size + this.#skimmer.learned.length
  }

  get learned(): Learned {
    const [channels, rows] = [this.#classes.learned, this.#skimmer.learned]
    return { scanner: this.#scanner.learned, channels, rows, ofClass: this.#ofClass, ofKind: this.#ofKind }
  }

  /** Counts records that nobody wants, from a position in the scanner's text on. It stops where `wanted` is to be asked. */
  skim(at: number, end: number, listener: PassedListener): number {
    return this.#skimmer.skim(at, end, listener)
  }

  /** Counts records that another thread skimmed. */
  tell(passed: Passed, from: number, to: number, listener: PassedListener): void {
    this.#skimmer.tell(passed, from, to, listener)
  }

  /** Who may want the record that was scanned last; null for everybody. */
  wanted(): readonly number[] | null {
    if (!this.#header.read()) return null
    const kind = this.#classes.classOf()
    if (kind === null) return null
    const gates = this.#ofClass.get(kind)
    if (gates === undefined) {
      this.#ofClass.set(kind, this.#gatesOf(kind))
      // The fields that they look at may not have been noted in this record.
      return null
    }
    this.#kind = kind
    const { all, some } = gates
    return [...all, ...some.filter(({ gate }) => this.#scanner.asks(gate)).map(({ who }) => who)]
  }

  /** Lets `skim` pass records like the one that was asked about last. Not to be called when everybody wants it. */
  learn(): void {
    const { all, any } = this.#ofClass.get(this.#kind!)!
    if (all.length === 0 && !this.#scanner.isOfRow) this.#skimmer.learn(this.#kind!, this.#classes.eventTimeSlot, any)
  }

  /** Counts the record that was asked about last, which is not read, or not yet. Not to be called when everybody wants it. */
  pass(listener: PassedListener): void {
    this.#skimmer.tellOne(this.#kind!, this.#classes.eventTime, this.#header.recordTime, listener)
  }

  #gatesOf({ channel, eventId }: RecordClass): GatesOfKind {
    const name = `${eventId} ${channel}`
    let gates = this.#ofKind.get(name)
    if (gates === undefined) {
      gates = { all: [], some: [], any: NOBODY }
      for (const [who, needs] of this.#needsOf(originsIn(channel, eventId)).entries()) {
        const gate = compileGate(needs, this.#scanner)
        if (gate === SOMEBODY) gates.all.push(who)
        else if (gate !== NOBODY) {
          gates.some.push({ who, gate })
          gates.any = compileGate(needs, this.#scanner, SOMEBODY, gates.any)
        }
      }
      this.#ofKind.set(name, gates)
    }
    return gates
  }
}
