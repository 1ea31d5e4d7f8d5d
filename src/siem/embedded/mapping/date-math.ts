/** Date math: `now-9m`, `now/d`, `2026-01-01||+1M/d`. */
import { type Instant, parseDate } from './date.ts'

interface Options {
  formats: string
  now: number
  /** Rounding goes to the end of the unit, and missing parts of a date take their largest value. */
  roundUp?: boolean
  zoneMs?: number
}

const FIXED: Record<string, number> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, H: 3_600_000, m: 60_000, s: 1_000 }

/** The instant that a text means; null when it is no date in these formats or its math is broken. */
export function resolveDate(text: string, { formats, now, roundUp = false, zoneMs = 0 }: Options): Instant | null {
  if (text.startsWith('now')) return applyMath({ ms: now, nanos: 0 }, text.slice(3), roundUp, zoneMs)
  const [date, math] = text.split('||', 2)
  const instant = parseDate(date!, formats, { zoneMs, roundUp: roundUp && math === undefined })
  return instant === null || math === undefined ? instant : applyMath(instant, math, roundUp, zoneMs)
}

function applyMath(start: Instant, math: string, roundUp: boolean, zoneMs: number): Instant | null {
  let { ms, nanos } = start
  const term = /([+-])(\d*)([yMwdhHms])|\/([yMwdhHms])/y
  while (term.lastIndex < math.length) {
    const found = term.exec(math)
    if (found === null) return null
    const [, sign, count, unit, rounding] = found
    if (rounding !== undefined) {
      ms = floorTo(ms + zoneMs, rounding) - zoneMs
      nanos = 0
      if (roundUp) {
        ms = add(ms, 1, rounding) - 1
        nanos = 999_999
      }
    } else ms = add(ms, (sign === '-' ? -1 : 1) * (count === '' ? 1 : Number(count)), unit!)
  }
  return { ms, nanos }
}

function add(ms: number, count: number, unit: string): number {
  if (unit !== 'y' && unit !== 'M') return ms + count * FIXED[unit]!
  const date = new Date(ms)
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + (unit === 'y' ? 12 : 1) * count
  const lastDay = new Date(Date.UTC(Math.floor(months / 12), (months % 12) + 1, 0)).getUTCDate()
  const day = Math.min(date.getUTCDate(), lastDay)
  return Date.UTC(Math.floor(months / 12), months % 12, day) + (ms - floorTo(ms, 'd'))
}

/** The start of the unit that an instant lies in; weeks start on Monday. */
export function floorTo(ms: number, unit: string): number {
  const date = new Date(ms)
  if (unit === 'y') return Date.UTC(date.getUTCFullYear(), 0)
  if (unit === 'q') return Date.UTC(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / 3) * 3)
  if (unit === 'M') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
  // 1970-01-01 was a Thursday: weeks of Monday start three days before it.
  const shift = unit === 'w' ? 3 * FIXED.d! : 0
  const size = FIXED[unit]!
  return Math.floor((ms + shift) / size) * size - shift
}
