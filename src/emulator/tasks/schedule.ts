/** When a task is due. Times here are host-local, as milliseconds that would be UTC if the zone were. */
import { DAYS, MONTHS } from './calendar.ts'
import type { TaskDefinition, Trigger } from './definition.ts'

const DAY_MS = 86_400_000
/** How far ahead a calendar is searched: every month comes back within a year, 29 February within eight. */
const SEARCH_DAYS = 8 * 366

/** Milliseconds of an ISO 8601 duration such as `PT1M` or `P1DT2H`; null when it is none. */
export function parseIsoDuration(text: string): number | null {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text)
  if (found === null) return null
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = found
  return Number(days) * DAY_MS + Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1_000
}

/** A boundary as local milliseconds; one with a zone is turned into the host's. NaN when it is none. */
export function parseBoundary(text: string, timeZoneMinutes: number): number {
  return /(Z|[+-]\d\d:\d\d)$/i.test(text) ? Date.parse(text) + timeZoneMinutes * 60_000 : Date.parse(`${text}Z`)
}

/** Local milliseconds as a boundary is written: `2026-11-22T19:00:00`. */
export const formatBoundary = (local: number): string => new Date(local).toISOString().slice(0, 19)

/** The first time after `after` at which one of the triggers is due, or null. */
export function nextRun(definition: TaskDefinition, after: number, timeZoneMinutes: number): number | null {
  if (!definition.settings.enabled) return null
  const times = definition.triggers
    .filter(({ enabled }) => enabled)
    .map((trigger) => nextOf(trigger, after, timeZoneMinutes))
    .filter((time) => time !== null)
  return times.length === 0 ? null : Math.min(...times)
}

type Timed = Extract<Trigger, { kind: 'time' | 'daily' | 'weekly' | 'monthly' }>

/** Whether a clock alone sets it off; other triggers may have a start too, before which they do nothing. */
export const isTimed = (trigger: Trigger): trigger is Timed =>
  trigger.kind === 'time' || trigger.kind === 'daily' || trigger.kind === 'weekly' || trigger.kind === 'monthly'

function nextOf(trigger: Trigger, after: number, timeZoneMinutes: number): number | null {
  if (!isTimed(trigger)) return null
  const start = parseBoundary(trigger.startBoundary, timeZoneMinutes)
  if (Number.isNaN(start)) return null
  switch (trigger.kind) {
    case 'time': {
      const end = trigger.endBoundary === undefined ? Infinity : parseBoundary(trigger.endBoundary, timeZoneMinutes)
      const next = start > after ? start : repeated(trigger, start, after)
      return next !== null && next <= end ? next : null
    }
    case 'daily':
      return search(start, after, (day) => day % trigger.daysInterval === 0)
    case 'weekly':
      return search(start, after, (day, date) => {
        const inWeek = Math.floor(day / 7) % trigger.weeksInterval === 0
        return inWeek && trigger.daysOfWeek.includes(DAYS[date.getUTCDay()]!)
      })
    case 'monthly':
      return search(start, after, (_, date) => {
        const inMonth = trigger.months.length === 0 || trigger.months.includes(MONTHS[date.getUTCMonth()]!)
        return inMonth && trigger.daysOfMonth.includes(date.getUTCDate())
      })
  }
}

function repeated(trigger: Extract<Trigger, { kind: 'time' }>, start: number, after: number): number | null {
  const interval = parseIsoDuration(trigger.repetition?.interval ?? '')
  if (!interval) return null
  const next = start + (Math.floor((after - start) / interval) + 1) * interval
  const duration = parseIsoDuration(trigger.repetition?.duration ?? '')
  return duration !== null && next > start + duration ? null : next
}

/** The first day that fits, at the time of day of `start`. Days are counted from the start. */
function search(start: number, after: number, fits: (day: number, date: Date) => boolean): number | null {
  const first = Math.max(0, Math.ceil((after + 1 - start) / DAY_MS))
  for (let day = first; day < first + SEARCH_DAYS; day += 1) {
    if (fits(day, new Date(start + day * DAY_MS))) return start + day * DAY_MS
  }
  return null
}
