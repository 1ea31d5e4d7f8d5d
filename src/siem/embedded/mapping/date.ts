/** Dates as Elasticsearch reads and writes them: formats, rounding of partial dates, date math. */

/** An instant: milliseconds since 1970, and the nanoseconds of that millisecond (0–999999). */
export interface Instant {
  ms: number
  nanos: number
}

export const DEFAULT_DATE_FORMAT = 'strict_date_optional_time||epoch_millis'

const ISO =
  /^([+-]?\d{4,9})(?:-(\d\d?)(?:-(\d\d?))?)?(?:[T ](\d\d?)?(?::(\d\d?)(?::(\d\d?)(?:[.,](\d{1,9}))?)?)?(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/
const STRICT_ISO =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T(\d\d)?(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/

type Parts = [number, number, number, number, number, number]

interface Reading {
  /** Milliseconds to subtract from UTC texts without their own zone. */
  zoneMs: number
  /** Missing parts take their largest value instead of their smallest. */
  roundUp: boolean
}

const PLAIN: Reading = { zoneMs: 0, roundUp: false }

/** Offset of `+02:00`, `-0500` or `Z` in milliseconds; null when it is none. */
export function zoneOffset(zone: string): number | null {
  if (/^(z|utc|gmt)$/i.test(zone)) return 0
  const found = /^([+-])(\d\d)(?::?(\d\d))?$/.exec(zone)
  if (found === null) return null
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3] ?? 0)) * 60_000
}

function fromIso(found: RegExpExecArray, { zoneMs, roundUp }: Reading): Instant | null {
  const texts = found.slice(1, 7)
  const given = texts.filter((text) => text !== undefined).length
  const parts = texts.map((text, at) => (text === undefined ? [0, 1, 1, 0, 0, 0][at]! : Number(text))) as Parts
  const fraction = found[7] ?? (roundUp ? '999999999' : '')
  if (roundUp) fillUp(parts, given)
  const [year, month, day, hour, minute, second] = parts
  const ms = Date.UTC(year, month - 1, day, hour, minute, second)
  const read = new Date(ms)
  if (Number.isNaN(ms) || read.getUTCMonth() !== month - 1 || read.getUTCDate() !== day) return null
  if (hour > 23 || minute > 59 || second > 59) return null
  const nanos = Number(fraction.padEnd(9, roundUp && found[7] === undefined ? '9' : '0'))
  const offset = found[8] === undefined ? zoneMs : zoneOffset(found[8])
  if (offset === null) return null
  return { ms: ms - offset + Math.floor(nanos / 1e6), nanos: nanos % 1e6 }
}

/** Sets the parts of the day after the first `given` to their largest value. Month and day stay the first, as on the server. */
function fillUp(parts: Parts, given: number): void {
  if (given < 4) parts[3] = 23
  if (given < 5) parts[4] = 59
  if (given < 6) parts[5] = 59
}

function epoch(text: string, unitMs: number): Instant | null {
  const found = /^(-?\d{1,19})(?:\.(\d+))?$/.exec(text)
  if (found === null) return null
  const exact = Number(text) * unitMs
  const ms = Math.floor(exact)
  return { ms, nanos: Math.round((exact - ms) * 1e6) % 1e6 }
}

const PATTERN_PARTS: Record<string, string> = {
  yyyy: '(?<year>\\d{4})',
  uuuu: '(?<year>\\d{4})',
  MM: '(?<month>\\d\\d)',
  dd: '(?<day>\\d\\d)',
  HH: '(?<hour>\\d\\d)',
  mm: '(?<minute>\\d\\d)',
  ss: '(?<second>\\d\\d)',
  SSS: '(?<fraction>\\d{3})',
  SSSSSS: '(?<fraction>\\d{6})',
  SSSSSSSSS: '(?<fraction>\\d{9})',
  XXX: '(?<zone>Z|[+-]\\d\\d:\\d\\d)',
  X: '(?<zone>Z|[+-]\\d\\d(?:\\d\\d)?)',
  Z: '(?<zone>[+-]\\d{4})',
}
const PATTERN_TOKEN = /'([^']*)'|y+|u+|M+|d+|H+|m+|s+|S+|X+|Z+|[^A-Za-z']/g

const patterns = new Map<string, RegExp | null>()

/** The regular expression of a pattern such as `yyyy/MM/dd HH:mm:ss`; null when it has letters that we do not know. */
function patternOf(format: string): RegExp | null {
  let known = patterns.get(format)
  if (known === undefined) {
    const tokens = format.match(PATTERN_TOKEN) ?? []
    const parts = tokens.map((token) => {
      if (token.startsWith("'")) return literally(token.slice(1, -1))
      return /[A-Za-z]/.test(token) ? PATTERN_PARTS[token] : literally(token)
    })
    const whole = tokens.join('').length === format.length && parts.every((part) => part !== undefined)
    known = whole ? new RegExp(`^${parts.join('')}$`) : null
    patterns.set(format, known)
  }
  return known
}

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

function fromPattern(text: string, pattern: RegExp, reading: Reading): Instant | null {
  const groups = pattern.exec(text)?.groups
  if (groups === undefined) return null
  const { year = '1970', month, day, hour, minute, second, fraction, zone } = groups
  return fromIso([text, year, month, day, hour, minute, second, fraction, zone] as unknown as RegExpExecArray, reading)
}

function parseWith(text: string, format: string, reading: Reading): Instant | null {
  switch (format) {
    case 'epoch_millis':
      return epoch(text, 1)
    case 'epoch_second':
      return epoch(text, 1000)
    case 'strict_date_optional_time':
    case 'strict_date_optional_time_nanos':
    case 'strict_date_time':
    case 'strict_date_time_no_millis':
    case 'strict_date': {
      const found = STRICT_ISO.exec(text)
      return found && fromIso(found, reading)
    }
    case 'date_optional_time':
    case 'date_time':
    case 'date_time_no_millis':
    case 'date':
    case 'iso8601': {
      const found = ISO.exec(text)
      return found && fromIso(found, reading)
    }
    default: {
      const pattern = patternOf(format)
      return pattern && fromPattern(text, pattern, reading)
    }
  }
}

/** Reads a date by the first format that takes it (`a||b`); null when none does. */
export function parseDate(text: string, formats: string, reading: Reading = PLAIN): Instant | null {
  for (const format of formats.split('||')) {
    const read = parseWith(text, format.trim(), reading)
    if (read !== null) return read
  }
  return null
}

/** Writes an instant in the first of the formats. */
export function formatDate({ ms, nanos }: Instant, formats: string): string {
  const format = formats.split('||')[0]!.trim()
  if (format === 'epoch_millis')
    return nanos === 0 ? String(ms) : `${ms}.${String(nanos).padStart(6, '0')}`.replace(/0+$/, '')
  if (format === 'epoch_second') return String(ms / 1000)
  const iso = new Date(ms).toISOString()
  if (format === 'strict_date' || format === 'date') return iso.slice(0, 10)
  if (format.endsWith('no_millis')) return `${iso.slice(0, 19)}Z`
  if (/^[a-z_0-9]+$/.test(format)) {
    return nanos === 0 ? iso : `${iso.slice(0, -1)}${String(nanos).padStart(6, '0').replace(/0+$/, '')}Z`
  }
  return format.replace(PATTERN_TOKEN, (token, literal?: string) => {
    if (literal !== undefined) return literal
    const part = FORMAT_PARTS[token]
    return part === undefined ? token : part(iso)
  })
}

const FORMAT_PARTS: Record<string, (iso: string) => string> = {
  yyyy: (iso) => iso.slice(0, 4),
  uuuu: (iso) => iso.slice(0, 4),
  MM: (iso) => iso.slice(5, 7),
  dd: (iso) => iso.slice(8, 10),
  HH: (iso) => iso.slice(11, 13),
  mm: (iso) => iso.slice(14, 16),
  ss: (iso) => iso.slice(17, 19),
  SSS: (iso) => iso.slice(20, 23),
  XXX: () => 'Z',
  X: () => 'Z',
  Z: () => '+0000',
}
