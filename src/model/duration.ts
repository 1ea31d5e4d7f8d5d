/** Durations as people write them in files: `1500ms`, `30s`, `6m`, `2h`, `1d`. */
import { z } from 'zod'

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of a duration text, or null when it is none. */
export function parseDuration(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim())
  return found ? Number(found[1]) * UNIT_MS[found[2]!]! : null
}

/** The shortest exact text of a duration: 60000 → `1m`, 90000 → `90s`. */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms !== 0 && ms % UNIT_MS[unit]! === 0) return `${ms / UNIT_MS[unit]!}${unit}`
  }
  return `${ms}ms`
}

export const Duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, 'a duration is a number with a unit: 500ms, 30s, 6m, 2h')
