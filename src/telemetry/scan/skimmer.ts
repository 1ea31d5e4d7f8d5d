/** Lets the scanner pass records by itself whose header it has met before and that nobody wants at once. */
import type { RecordClass } from './record-classes.ts'
import type { RecordHeader } from './record-header.ts'
import type { RecordScanner } from './record-scanner.ts'
import type { Gate } from './row-table.ts'
import type { Skimmed } from './skimmed.ts'

/** Sees the events that nobody wants at once. */
export interface PassedListener {
  /** Meets a row for the first time; its events come later. */
  row(row: number, kind: RecordClass): void
  /** Events in the order of their records. To be read at once: the next ones are put in the same place. */
  events(events: PassedEvents): void
  /** An event of no row. */
  event(event: PassedEvent): void
}

export interface PassedEvents {
  rows: Int32Array
  /** In milliseconds since 1970, NaN where it does not say. */
  eventTimes: Float64Array
  recordTimes: Float64Array
}

export interface PassedEvent {
  kind: RecordClass
  eventTime: number
  recordTime: number
}

/** An event id as it is written is compared eight bytes at a time. */
const ID_BYTES = 8

export class Skimmer {
  readonly #scanner: RecordScanner
  readonly #header: RecordHeader
  /** The kinds of its rows. */
  readonly #rows: RecordClass[]
  #listener: PassedListener | null = null
  /** The rows that it knows: each thread meets them for itself, in each segment. */
  readonly #met = new Set<number>()

  constructor(scanner: RecordScanner, header: RecordHeader, learned: RecordClass[] = []) {
    this.#rows = learned
    this.#scanner = scanner
    this.#header = header
  }

  get learned(): RecordClass[] {
    return this.#rows
  }

  kindOf(row: number): RecordClass {
    return this.#rows[row]!
  }

  /** Passes records from now on that are like the last one, whose header was read, and asks about each as is given. */
  learn(kind: RecordClass, eventTime: number | null, any: number, gates: readonly Gate[]): void {
    const scanner = this.#scanner
    const { idSlot, hasChannel, channelSlot, providers, recordTimeSlots } = this.#header
    const id = Buffer.alloc(ID_BYTES)
    scanner.text.copy(id, 0, scanner.begin(idSlot), scanner.end(idSlot))
    const channel = { slot: channelSlot, text: kind.channel }
    const number = scanner.rows.add({
      present: scanner.present,
      texts: scanner.texts,
      id,
      fixed: [...(hasChannel ? [channel] : []), ...(providers ?? [])],
      times: [eventTime, ...(recordTimeSlots ?? [])],
      any,
      gates,
    })
    if (number !== null) this.#rows[number] = kind
  }

  /** Passes what comes next in the scanner's text, as far as it can. */
  skim(at: number, end: number, listener: PassedListener): Skimmed {
    this.#listenTo(listener)
    return this.#scanner.skim(at, end)
  }

  /** Tells of rows that were met. */
  meet(skimmed: Skimmed, from: number, to: number, listener: PassedListener): void {
    this.#listenTo(listener)
    for (let index = from; index < to; index += 1) {
      const row = skimmed.met(index)
      if (this.#met.has(row)) continue
      this.#met.add(row)
      listener.row(row, this.kindOf(row))
    }
  }

  /** Tells of records that were passed. */
  tell({ rows, eventTimes, recordTimes }: Skimmed, from: number, to: number, listener: PassedListener): void {
    if (from === to) return
    listener.events({
      rows: rows.subarray(from, to),
      eventTimes: eventTimes.subarray(from, to),
      recordTimes: recordTimes.subarray(from, to),
    })
  }

  #listenTo(listener: PassedListener): void {
    if (listener === this.#listener) return
    this.#listener = listener
    this.#met.clear()
    this.#scanner.beginReading()
  }
}
