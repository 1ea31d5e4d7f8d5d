/** Says of each record who may want its event, and counts those that nobody wants without reading them. */
import type { Needs, OriginsOf } from '../../model/needs.ts'
import { compileGate, type Gate } from './gate.ts'
import { originsIn } from './origins.ts'
import { type RecordClass, RecordClasses } from './record-classes.ts'
import { RecordHeader } from './record-header.ts'
import type { RecordScanner } from './record-scanner.ts'

/** What each of those who look for events needs of a record, given where the fields of its kind come from. */
export type NeedsOf = (originsOf: OriginsOf) => readonly Needs[]

/** Whether one who looks for events can wait for an input's end; see `HeldRecords`. */
export type CanWait = (who: number) => boolean

/** Sees each event that nobody wants, with its times in milliseconds since 1970, NaN where it does not say. */
export type OnPassed = (kind: RecordClass, eventTime: number, recordTime: number) => void

/** For events of one kind: who has a gate, and who wants them all; the others want none. */
interface GatesOfKind {
  all: number[]
  some: { who: number; gate: Gate }[]
}

const NOBODY: readonly number[] = []

export class Sieve {
  readonly #header: RecordHeader
  readonly #classes: RecordClasses
  readonly #scanner: RecordScanner
  readonly #needsOf: NeedsOf
  readonly #ofClass = new Map<RecordClass, GatesOfKind>()
  /** By channel and id, which several classes share. */
  readonly #ofKind = new Map<string, GatesOfKind>()
  #kind: RecordClass | null = null

  constructor(scanner: RecordScanner, needsOf: NeedsOf) {
    this.#header = new RecordHeader(scanner)
    this.#classes = new RecordClasses(scanner, this.#header)
    this.#scanner = scanner
    this.#needsOf = needsOf
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
    return this.#who(gates)
  }

  /** Counts the record that was asked about last, which is not read, or not yet. Not to be called when everybody wants it. */
  pass(onPassed: OnPassed): void {
    onPassed(this.#kind!, this.#classes.eventTime, this.#header.recordTime)
  }

  #who({ all, some }: GatesOfKind): readonly number[] {
    if (some.length === 0) return all
    let found: number[] | null = null
    for (const { who, gate } of some) {
      if (!gate()) continue
      found ??= [...all]
      found.push(who)
    }
    return found ?? (all.length === 0 ? NOBODY : all)
  }

  #gatesOf({ channel, eventId }: RecordClass): GatesOfKind {
    const name = `${eventId} ${channel}`
    let gates = this.#ofKind.get(name)
    if (gates === undefined) {
      gates = { all: [], some: [] }
      for (const [who, needs] of this.#needsOf(originsIn(channel, eventId)).entries()) {
        if (needs.kind === 'impossible') continue
        const gate = compileGate(needs, this.#scanner)
        if (gate === null) gates.all.push(who)
        else gates.some.push({ who, gate })
      }
      this.#ofKind.set(name, gates)
    }
    return gates
  }
}
