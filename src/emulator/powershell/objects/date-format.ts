/** .NET's date formats, culture en-US. */
import { DAYS, MONTHS } from '../../tasks/calendar.ts'

/** What a date is made of: milliseconds of the host's local time, counted as if it were UTC. */
export interface LocalTime {
  ms: number
  kind: 'Utc' | 'Local' | 'Unspecified'
  offsetMinutes: number
}

/** Standard formats of one letter. */
const STANDARD: Record<string, string> = {
  d: 'M/d/yyyy',
  D: 'dddd, MMMM d, yyyy',
  f: 'dddd, MMMM d, yyyy h:mm tt',
  F: 'dddd, MMMM d, yyyy h:mm:ss tt',
  g: 'M/d/yyyy h:mm tt',
  G: 'M/d/yyyy h:mm:ss tt',
  o: "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
  O: "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
  s: "yyyy-MM-dd'T'HH:mm:ss",
  t: 'h:mm tt',
  T: 'h:mm:ss tt',
  u: "yyyy-MM-dd HH:mm:ss'Z'",
}

export function formatDate(date: LocalTime, format: string): string {
  const pattern = STANDARD[format] ?? format
  const at = new Date(date.ms)
  return pattern.replace(
    /'([^']*)'|"([^"]*)"|\\(.)|%?(d{1,4}|M{1,4}|y{1,5}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|f{1,7}|t{1,2}|K|z{1,3})/g,
    (whole, a, b, c, token) => (token === undefined ? (a ?? b ?? c ?? whole) : part(token, at, date)),
  )
}

function part(token: string, at: Date, date: LocalTime): string {
  const pad = (value: number) => String(value).padStart(Math.min(token.length, 4), '0')
  switch (token[0]) {
    case 'd':
      return token.length > 2
        ? DAYS[at.getUTCDay()]!.slice(0, token.length === 3 ? 3 : undefined)
        : pad(at.getUTCDate())
    case 'M':
      return token.length > 2
        ? MONTHS[at.getUTCMonth()]!.slice(0, token.length === 3 ? 3 : undefined)
        : pad(at.getUTCMonth() + 1)
    case 'y':
      return token.length <= 2 ? pad(at.getUTCFullYear() % 100) : pad(at.getUTCFullYear())
    case 'H':
      return pad(at.getUTCHours())
    case 'h':
      return pad(at.getUTCHours() % 12 || 12)
    case 'm':
      return pad(at.getUTCMinutes())
    case 's':
      return pad(at.getUTCSeconds())
    case 'f':
      return String(at.getUTCMilliseconds()).padStart(3, '0').padEnd(7, '0').slice(0, token.length)
    case 't':
      return (at.getUTCHours() < 12 ? 'AM' : 'PM').slice(0, token.length)
    case 'K':
      return date.kind === 'Utc' ? 'Z' : date.kind === 'Local' ? offset(date.offsetMinutes, 3) : ''
    default:
      return offset(date.offsetMinutes, token.length)
  }
}

function offset(minutes: number, length: number): string {
  const sign = minutes < 0 ? '-' : '+'
  const hours = Math.floor(Math.abs(minutes) / 60)
  if (length === 1) return `${sign}${hours}`
  const text = `${sign}${String(hours).padStart(2, '0')}`
  return length === 2 ? text : `${text}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`
}
