/** The clock of a lab whose hosts run elsewhere: the same in every process that reads its lab file. */
import type { Clock } from '../model/clock.ts'
import type { Lab } from '../model/lab.ts'
import { ScaledClock } from './scaled-clock.ts'

/** Null when the lab file gives no origin. */
export const anchoredClock = ({ clock }: Lab): Clock | null =>
  clock?.origin === undefined ? null : new ScaledClock({ scale: clock.scale, origin: Date.parse(clock.origin) })
