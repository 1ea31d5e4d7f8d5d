/** How long to wait between two looks at the SIEM. Lab milliseconds throughout. */

const LONGEST_MS = 30_000
/** How many looks the shortest rule interval holds. */
const LOOKS_PER_INTERVAL = 10
const LONGEST_BACK_OFF_MS = 60_000

export interface PaceFacts {
  /** Intervals of the rules that are waited for. */
  intervals: number[]
  /** Until the time of a check is over. */
  untilDeadline: number
  /** Looks that failed in a row. */
  failures: number
  /** The least that the caller allows. */
  pollMs: number
}

/** A part of the shortest interval, at most until the next deadline; after failures twice as long each time. */
export function pauseMs({ intervals, untilDeadline, failures, pollMs }: PaceFacts): number {
  const regular = Math.max(pollMs, Math.min(LONGEST_MS, Math.min(...intervals) / LOOKS_PER_INTERVAL))
  if (failures > 0) return Math.min(regular * 2 ** failures, Math.max(regular, LONGEST_BACK_OFF_MS))
  return Math.max(1, Math.min(regular, untilDeadline))
}
