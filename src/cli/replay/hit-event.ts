/** Events as hits show them. */
import { valuesOf } from '../../model/event.ts'
import { instantOf } from '../../model/instant.ts'
import type { HitEvent } from './result.ts'

/** An event as a hit shows it. */
export function hitEvent(
  input: number,
  { record, source, tells }: { record: number | null; source: Record<string, unknown>; tells: string },
): HitEvent & { tells: string } {
  const text = (field: string) => {
    const value = valuesOf(source, field)[0]
    return value === undefined ? null : String(value)
  }
  return {
    input,
    record,
    '@timestamp': inUtc(text('@timestamp') ?? ''),
    host: text('host.name'),
    provider: text('event.provider') ?? text('winlog.provider_name'),
    code: text('event.code'),
    tells,
  }
}

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

/** Documents may write their time in other ways, such as with a zone. */
function inUtc(time: string): string {
  const instant = UTC.test(time) ? null : instantOf(time)
  return instant === null || Math.abs(instant) > 8.64e15 ? time : new Date(instant).toISOString()
}
