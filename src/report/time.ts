/** Times and durations for people. All times are shown in UTC, so that a report reads the same everywhere. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `22 Nov 2026` of an ISO date or instant. */
export function day(iso: string): string {
  const [year, month, date] = iso.slice(0, 10).split('-')
  return `${Number(date)} ${MONTHS[Number(month) - 1] ?? month} ${year}`
}

/** `22 Nov 2026, 08:30:15 UTC` of an instant. */
export const instant = (iso: string): string => `${day(utc(iso))}, ${utc(iso).slice(11, 19)} UTC`

/** `08:30:15.120` of an instant. */
export const timeOfDay = (iso: string): string => utc(iso).slice(11, 23)

const utc = (iso: string): string => new Date(iso).toISOString()

/** `840 ms`, `12.3 s`, `4 min 10 s`, `2 h 5 min`; a negative duration has a minus sign. */
export function duration(ms: number): string {
  const sign = ms < 0 ? '−' : ''
  const size = Math.abs(ms)
  if (size < 999.5) return `${sign}${Math.round(size)} ms`
  if (size < 59_950) return `${sign}${(size / 1000).toFixed(size < 9_995 ? 2 : 1)} s`
  const seconds = Math.round(size / 1000)
  if (seconds < 3600) return `${sign}${pair(Math.floor(seconds / 60), 'min', seconds % 60, 's')}`
  const minutes = Math.round(seconds / 60)
  return `${sign}${pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min')}`
}

const pair = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`

/** Milliseconds between two instants of a record; null when one is missing. */
export const between = (start: string | null, end: string | null): number | null =>
  start === null || end === null ? null : Date.parse(end) - Date.parse(start)
