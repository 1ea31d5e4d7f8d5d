/** The two clocks of a recording in a replay: which one orders its events, and what the other would change. */
import { valuesOf } from '../../model/event.ts'
import type { DriftMeter } from '../../telemetry/drift.ts'
import type { RecordedEvent } from '../../telemetry/read-events.ts'
import type { RecordClass } from '../../telemetry/scan/record-classes.ts'
import type { PassedEvent, PassedEvents, PassedListener } from '../../telemetry/scan/skimmer.ts'
import type { ClockedEvent, InputFinds } from './contender.ts'
import type { InputDrift } from './result.ts'

type Clock = 'event' | 'record'

/** Both clocks of one input. */
export class InputClocks implements PassedListener {
  readonly #clock: Clock
  readonly #meter: DriftMeter
  readonly #kinds = new Set<RecordClass>()

  /** @param meter that serves one input after the other */
  constructor(clock: Clock, meter: DriftMeter) {
    this.#clock = clock
    this.#meter = meter
    meter.forget()
  }

  /** Takes an event that shows its own time; gives it with the time of the clock that orders. */
  take(event: RecordedEvent): ClockedEvent {
    const { document, recorded } = event
    const happened = document['@timestamp']
    if (recorded !== null) this.#meter.add(this.#kindOf(document), Date.parse(String(happened)), Date.parse(recorded))
    return this.ordered(event)
  }

  /** Gives an event that was counted before with the time of the clock that orders. */
  ordered(event: RecordedEvent): ClockedEvent {
    const { document, recorded } = event
    const happened = document['@timestamp']
    if (recorded === null) return { ...event, otherTime: happened }
    if (this.#clock === 'event') return { ...event, otherTime: recorded }
    document['@timestamp'] = recorded
    return { ...event, otherTime: happened }
  }

  /** The kinds of the events that nobody wants. */
  get passedKinds(): Iterable<RecordClass> {
    return this.#kinds
  }

  row(row: number, kind: RecordClass): void {
    this.#kinds.add(kind)
    this.#meter.row(row, this.#kindOf(kind.document))
  }

  events({ rows, eventTimes, recordTimes }: PassedEvents): void {
    this.#meter.addAll(rows, eventTimes, recordTimes)
  }

  event({ kind, eventTime, recordTime }: PassedEvent): void {
    this.#kinds.add(kind)
    this.#meter.add(this.#kindOf(kind.document), eventTime, recordTime)
  }

  /** Null when no event has both times, or none was asked for and no result changes. */
  result(found: readonly (InputFinds & { id: string; language: string })[], always: boolean): InputDrift | null {
    const changes = found.flatMap(({ id, language, matches, byOtherClock: other }) => {
      if (other === undefined) return []
      const [event, record] = this.#clock === 'event' ? [matches, other.matches] : [other.matches, matches]
      return [{ id, language, codes: other.codes, matches: { event, record } }]
    })
    if (changes.length === 0 && !always) return null
    const drift = this.#meter.result()
    return drift === null ? null : { ...drift, changes }
  }

  #kindOf(document: Record<string, unknown>) {
    const text = (field: string) => {
      const [value] = valuesOf(document, field)
      return value === undefined ? null : String(value)
    }
    return this.#meter.kind(text('event.provider'), text('event.code'))
  }
}
