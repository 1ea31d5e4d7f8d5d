/** The times of recorded events, as ISO 8601 in UTC with milliseconds. */

import { instantOf } from '../model/instant.ts'

const STAMP = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/

/** The instant that a text names, without a zone in UTC; finer digits than milliseconds are cut. Null for no time, or one that no calendar has. */
export function instant(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const stamp = value.trim()
  const found = STAMP.exec(stamp)
  if (!found || instantOf(stamp) === null) return null
  const [, day, time, fraction = '', zone = 'Z'] = found
  const milliseconds = fraction.slice(1, 4).padEnd(3, '0')
  const text = `${day}T${time}.${milliseconds}`
  if (zone === 'Z') return `${text}Z`
  return new Date(Date.parse(text + zone)).toISOString()
}

const QUARTER_HOUR_MS = 900_000
const SHIPPING_MS = 300_000

/**
 * The instant of a local time without a zone. The zone is what lies between two clocks that stamped one moment, a local
 * and a UTC one, if that is whole quarters of an hour but for some minutes of shipping; else the text is taken as UTC.
 */
export function localInstant(local: unknown, stampedLocal: unknown, stampedUtc: unknown): string | null {
  const time = instant(local)
  const here = instant(stampedLocal)
  const there = instant(stampedUtc)
  if (time === null || here === null || there === null) return time
  const offset = zoneOffset(Date.parse(here), Date.parse(there))
  const moved = Date.parse(time) + offset
  return offset === 0 || Number.isNaN(moved) ? time : new Date(moved).toISOString()
}

/**
 * What has to be added to the local clock, in milliseconds, when both clocks stamped one moment; 0 when it cannot be told,
 * also for NaN.
 */
export function zoneOffset(local: number, utc: number): number {
  const apart = utc - local
  const offset = Math.round(apart / QUARTER_HOUR_MS) * QUARTER_HOUR_MS
  return Math.abs(apart - offset) <= SHIPPING_MS ? offset : 0
}

/** Beyond this a number counts milliseconds: as seconds it would be a time after the year 5000. */
const LATEST_SECOND = 1e11
/** In milliseconds: seconds with six digits are not exact in binary, and must not fall into the millisecond before. */
const HALF_MICROSECOND = 0.0005

/** The instant of a count of seconds or milliseconds since 1970, or of a text as `instant` takes it. Null for no time. */
export function epoch(value: unknown): string | null {
  if (typeof value !== 'number') return instant(value)
  const milliseconds = Math.floor(Math.abs(value) < LATEST_SECOND ? value * 1000 + HALF_MICROSECOND : value)
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : null
}
