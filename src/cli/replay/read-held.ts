/** The events of an input that matter only together with others: read as far as a match can still come of them. */
import type { HeldEvents } from '../../telemetry/held-events.ts'
import type { RecordedEvent } from '../../telemetry/read-events.ts'
import type { Joining } from './joining.ts'

/**
 * Shows one contender what was held for it. The rarest stage is read first: when it has no event there is no match, and
 * when it has some, of the others only what may join with these is read.
 * @param whoOf the number that the sifter knows a stage by
 */
export function readHeld(
  joining: Joining,
  held: HeldEvents,
  whoOf: (stage: number) => number,
  take: (event: RecordedEvent) => void,
): void {
  const stages = [...joining.stages.keys()]
  const required = stages.filter((stage) => joining.isRequired(stage))
  required.sort((a, b) => held.countFor(whoOf(a)) - held.countFor(whoOf(b)))
  const [rarest] = required
  const taken = new Set<number>()
  const read = (stage: number, needsOf: Parameters<HeldEvents['eventsFor']>[1]) => {
    for (const event of held.eventsFor(whoOf(stage), needsOf)) {
      if (taken.has(event.record)) continue
      taken.add(event.record)
      take(event)
    }
  }
  for (const stage of required) {
    read(stage, stage === rarest ? null : joining.needsWith(stage, rarest!))
    if (!joining.hasSeen(stage)) return
  }
  for (const stage of stages) if (!joining.isRequired(stage)) read(stage, joining.needsWith(stage, rarest!))
}
