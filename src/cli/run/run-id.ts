/** Names of runs: they sort by time, and two of one second differ. */
import { randomBytes } from 'node:crypto'

/** Such as `2026-11-22T08-30-15-3f9a`; real time, UTC. */
export function newRunId(now: Date = new Date()): string {
  return `${now.toISOString().slice(0, 19).replaceAll(':', '-')}-${randomBytes(2).toString('hex')}`
}
