/** The clock of a real lab: the system's. */
import type { Clock } from '../model/clock.ts'
import { type Anchor, ScaledClock } from './scaled-clock.ts'

const REAL: Anchor = { scale: 1, origin: 0 }

export const systemClock = (): Clock => new ScaledClock(REAL)
