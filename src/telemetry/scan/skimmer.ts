/** Lets the scanner pass records by itself whose header it has met before and that nobody wants. */
import type { RecordClass } from './record-classes.ts'
import { nxlogTime, type RecordHeader } from './record-header.ts'
import type { RecordScanner } from './record-scanner.ts'
import { Passed } from './scanner-memory.ts'
import { MOST_PASSED_OF_SEGMENT } from './segment-room.ts'

/** Sees the events that nobody wants, many at a time. */
export interface PassedListener {
  /** Meets a kind of event for the first time, and gives it a number from 0 on. */
  kind(kind: RecordClass): number
  events(events: PassedEvents): void
}

/** Events in the order of their records. To be read at once: the next ones are put in the same place. */
export interface PassedEvents {
  count: number
  /** The number of each one's kind. */
  kinds: Int32Array
  /** In milliseconds since 1970, NaN where it does not say. */
  eventTimes: Float64Array
  recordTimes: Float64Array
}

/** What the times of a row's records are. */
export interface LearnedRow {
  kind: RecordClass
  hasEventTime: boolean
  recordTime: 'none' | 'own' | 'nxlog'
  /** Its kind's number for the listener. */
  number: number | null
}

/** An event id as it is written is compared eight bytes at a time. */
const ID_BYTES = 8

export class Skimmer {
  readonly #scanner: RecordScanner
  readonly #header: RecordHeader
  readonly #rows: LearnedRow[]
  #listener: PassedListener | null = null
  readonly #told: PassedEvents = {
    count: 0,
    kinds: new Int32Array(MOST_PASSED_OF_SEGMENT),
    eventTimes: new Float64Array(MOST_PASSED_OF_SEGMENT),
    recordTimes: new Float64Array(MOST_PASSED_OF_SEGMENT),
  }

  constructor(scanner: RecordScanner, header: RecordHeader, learned: LearnedRow[] = []) {
    this.#rows = learned
    this.#scanner = scanner
    this.#header = header
  }

  get learned(): LearnedRow[] {
    return this.#rows
  }

  /** Passes records from now on that are like the last one, whose header was read; `gate` asks whether somebody wants one. */
  learn(kind: RecordClass, eventTime: number | null, gate: number): void {
    const scanner = this.#scanner
    const { idSlot, hasChannel, channelSlot, recordTimeSlots, isNxlog } = this.#header
    const id = Buffer.alloc(ID_BYTES)
    scanner.text.copy(id, 0, scanner.begin(idSlot), scanner.end(idSlot))
    const channel = { slot: channelSlot, text: Buffer.from(kind.channel, 'latin1') }
    const number = scanner.learn({
      present: scanner.present,
      texts: scanner.texts,
      id,
      channel: hasChannel ? channel : null,
      times: [eventTime, ...(recordTimeSlots ?? [])],
      gate,
    })
    if (number === null) return
    const recordTime = recordTimeSlots === null ? 'none' : isNxlog ? 'nxlog' : 'own'
    this.#rows[number] = { kind, hasEventTime: eventTime !== null, recordTime, number: null }
  }

  /** Passes what comes next in the scanner's text, as far as it can. Gives the number of records. */
  skim(at: number, end: number, listener: PassedListener): number {
    const count = this.#scanner.skim(at, end)
    this.tell(this.#scanner.passed, 0, count, listener)
    return count
  }

  /** Tells of records that were passed, also in another thread. */
  tell({ rows, times }: Passed, from: number, to: number, listener: PassedListener): void {
    if (from === to) return
    this.#listenTo(listener)
    const told = this.#told
    told.count = to - from
    for (let index = from; index < to; index += 1) {
      const row = this.#rows[rows[index * Passed.rowStride]!]!
      const first = index * Passed.timeStride
      told.kinds[index - from] = row.number ??= listener.kind(row.kind)
      told.eventTimes[index - from] = row.hasEventTime ? times[first]! : Number.NaN
      told.recordTimes[index - from] =
        row.recordTime === 'own'
          ? times[first + 1]!
          : row.recordTime === 'none'
            ? Number.NaN
            : nxlogTime(times[first + 1]!, times[first + 2]!, times[first + 3]!)
    }
    listener.events(told)
  }

  /** Tells of a record that was asked about. */
  tellOne(kind: RecordClass, eventTime: number, recordTime: number, listener: PassedListener): void {
    const told = this.#told
    told.count = 1
    told.kinds[0] = listener.kind(kind)
    told.eventTimes[0] = eventTime
    told.recordTimes[0] = recordTime
    listener.events(told)
  }

  #listenTo(listener: PassedListener): void {
    if (listener === this.#listener) return
    this.#listener = listener
    for (const row of this.#rows) row.number = null
  }
}
