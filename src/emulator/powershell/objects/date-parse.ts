/** Dates as .NET reads them, culture en-US. */
import { DateTime } from '../values.ts'

const ISO = /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/
const AMERICAN = /^(\d\d?)\/(\d\d?)\/(\d{4})(?:\s+(\d\d?):(\d\d)(?::(\d\d))?\s*(am|pm)?)?$/i
const CLOCK = /^(\d\d?):(\d\d)(?::(\d\d))?\s*(am|pm)?$|^(\d\d?)\s*(am|pm)$/i

/** Null when the text is no date. A text without a date is of `today`, a day of the host's local time. */
export function parseDate(text: string, offsetMinutes: number, today = 0): DateTime | null {
  const plain = text.trim()
  const iso = ISO.exec(plain)
  if (iso !== null) {
    const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', zone] = iso
    const ms =
      Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) +
      Math.floor(Number(`0.${fraction}`) * 1000)
    if (zone === undefined) return new DateTime(ms, 'Unspecified', offsetMinutes)
    // A text with a zone is shown in the host's own.
    return new DateTime(ms - zoneMinutes(zone) * 60_000 + offsetMinutes * 60_000, 'Local', offsetMinutes)
  }
  const american = AMERICAN.exec(plain)
  if (american !== null) {
    const [, month, day, year, hour = '0', minute = '0', second = '0', half] = american
    return new DateTime(
      Date.UTC(Number(year), Number(month) - 1, Number(day), hours(hour, half), Number(minute), Number(second)),
      'Unspecified',
      offsetMinutes,
    )
  }
  const clock = CLOCK.exec(plain)
  if (clock === null) return null
  const [, hour = clock[5]!, minute = '0', second = '0', half = clock[6]] = clock
  const midnight = Math.floor(today / 86_400_000) * 86_400_000
  return new DateTime(
    midnight + hours(hour, half) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1000,
    'Unspecified',
    offsetMinutes,
  )
}

const hours = (text: string, half: string | undefined): number =>
  half === undefined ? Number(text) : (Number(text) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0
  const digits = zone.replace(':', '')
  return (digits.startsWith('-') ? -1 : 1) * (Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3)))
}
