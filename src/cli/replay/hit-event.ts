/** Events as hits show them. */
import { valuesOf } from '../../model/event.ts'
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
    '@timestamp': text('@timestamp') ?? '',
    host: text('host.name'),
    provider: text('event.provider') ?? text('winlog.provider_name'),
    code: text('event.code'),
    tells,
  }
}
