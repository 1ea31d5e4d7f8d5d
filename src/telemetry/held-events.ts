/** Events that were counted, but are made only for who asks for them. */
import type { Needs, OriginsOf } from '../model/needs.ts'
import { recordedAt } from './drift.ts'
import { type NormaliseOptions, normalise } from './normalise.ts'
import type { RecordedEvent } from './read-events.ts'
import type { HeldRecords } from './scan/held-records.ts'
import type { RecordScanner } from './scan/record-scanner.ts'

export interface HeldEvents {
  countFor(who: number): number
  /** Those that one of those whom the sifter knows may want, as far as they may have what is needed. */
  eventsFor(who: number, needsOf: ((originsOf: OriginsOf) => Needs) | null): Iterable<RecordedEvent>
}

/** The events of held records. `numberOf` gives an event's number by that of its record in the text. */
export const heldEvents = (
  held: HeldRecords,
  scanner: RecordScanner,
  options: NormaliseOptions,
  numberOf: (record: number) => number,
): HeldEvents => ({
  countFor: (who) => held.countFor(who),
  *eventsFor(who, needsOf) {
    for (const { value, record } of held.recordsFor(who, scanner, needsOf && ((originsOf) => [needsOf(originsOf)]))) {
      const event = normalise(value, options)
      if (event !== null) yield { ...event, record: numberOf(record), recorded: recordedAt(event.document) }
    }
  },
})
