/** Events as hits show them. */
import { valuesOf } from '../../model/event.ts'
import { instantOf } from '../../model/instant.ts'
import { printable } from '../printable.ts'
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

/** Who wrote an event, and its id there; empty when neither is known. */
export const sourceOf = ({ provider, code }: Pick<HitEvent, 'provider' | 'code'>): string =>
  [provider, code].filter((part) => part !== null).join(' ')

const DETAIL_WIDTH = 100

/** An event in one line, after where it is found. */
export function eventLine(place: string, event: HitEvent & { tells: string }): string {
  const what = [place, event['@timestamp'], event.host ?? 'no host', sourceOf(event)].map((part) => printable(part))
  return `${what.join('  ')}  ${printable(event.tells, DETAIL_WIDTH)}`.trimEnd()
}

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

/** Documents may write their time in other ways, such as with a zone. */
function inUtc(time: string): string {
  const instant = UTC.test(time) ? null : instantOf(time)
  return instant === null || Math.abs(instant) > 8.64e15 ? time : new Date(instant).toISOString()
}
