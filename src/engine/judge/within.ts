/** How long after the test's last event an alert may come. */
import { parseDuration } from '../../model/duration.ts'
import type { PlannedCheck } from '../plan/planned.ts'

const DEFAULT_MS = 600_000

/** Lab milliseconds. */
export const withinMs = ({ expected }: PlannedCheck): number =>
  (expected.within === undefined ? null : parseDuration(expected.within)) ?? DEFAULT_MS
