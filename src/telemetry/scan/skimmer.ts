/** Lets the scanner pass records by itself whose header it has met before and that nobody wants. */
import type { RecordClass } from './record-classes.ts'
import { nxlogTime, type RecordHeader } from './record-header.ts'
import type { RecordScanner } from './record-scanner.ts'

/** Sees each event that nobody wants, with its times in milliseconds since 1970, NaN where it does not say. */
export type OnPassed = (kind: RecordClass, eventTime: number, recordTime: number) => void

/** What the times of a row's records are. */
interface Row {
  kind: RecordClass
  hasEventTime: boolean
  recordTime: 'none' | 'own' | 'nxlog'
}

/** An event id as it is written is compared eight bytes at a time. */
const ID_BYTES = 8

export class Skimmer {
  readonly #scanner: RecordScanner
  readonly #header: RecordHeader
  readonly #rows: Row[] = []

  constructor(scanner: RecordScanner, header: RecordHeader) {
    this.#scanner = scanner
    this.#header = header
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
    this.#rows[number] = { kind, hasEventTime: eventTime !== null, recordTime }
  }

  /** Passes what comes next in the scanner's text, as far as it can. Gives the number of records. */
  skim(at: number, end: number, onPassed: OnPassed): number {
    const scanner = this.#scanner
    const count = scanner.skim(at, end)
    for (let index = 0; index < count; index += 1) {
      const { kind, hasEventTime, recordTime } = this.#rows[scanner.passedRow(index)]!
      const time = (place: number) => scanner.passedTime(index, place)
      const written =
        recordTime === 'own' ? time(1) : recordTime === 'nxlog' ? nxlogTime(time(1), time(2), time(3)) : Number.NaN
      onPassed(kind, hasEventTime ? time(0) : Number.NaN, written)
    }
    return count
  }
}
