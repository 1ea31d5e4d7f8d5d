/** Dates as documents write them. */

const DATE =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?(?:Z|([+-])(\d\d):?(\d\d))?)?)?)?$/

/** A whole number of this many digits counts milliseconds; one of fewer is a year. */
const EPOCH = /^-?\d{5,}$/

/**
 * Milliseconds since 1970 of a date, whole or in part, or of a number that counts them; fractions of a millisecond are
 * kept, and no zone is UTC. Null for what is no date, also for one that no calendar has.
 * Elasticsearch's `strict_date_optional_time||epoch_millis`, and a blank for the T.
 */
export function instantOf(value: unknown): number | null {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return null
  if (EPOCH.test(value)) return Number(value)
  const found = DATE.exec(value)
  if (found === null) return null
  const part = (index: number, missing: number) => (found[index] === undefined ? missing : Number(found[index]))
  const [year, month, day] = [part(1, 0), part(2, 1), part(3, 1)]
  const [hour, minute, second] = [part(4, 0), part(5, 0), part(6, 0)]
  const [zoneHour, zoneMinute] = [part(9, 0), part(10, 0)]
  if (month > 12 || hour > 23 || minute > 59 || second > 59 || zoneHour > 23 || zoneMinute > 59) return null
  const midnight = new Date(0)
  midnight.setUTCFullYear(year, month - 1, day)
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return null
  const digits = found[7] ?? ''
  const milliseconds = Number(digits.slice(0, 3).padEnd(3, '0')) + Number(`0.${digits.slice(3)}`)
  const offset = (found[8] === '-' ? -1 : 1) * (zoneHour * 60 + zoneMinute)
  return midnight.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + milliseconds
}
