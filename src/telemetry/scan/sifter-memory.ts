/** The memory of a sifter's scanner: a room for what is read, and before it place for what was left. */
import { ScannerMemory } from './scanner-memory.ts'
import { REACH, SEGMENT } from './segment-room.ts'

/** A longer record is not waited for here. */
export const LONGEST = 1 << 20
/** What is read at a time: a segment and the beginning of the next. */
export const READ = SEGMENT + REACH

export const createSifterMemory = (): ScannerMemory => ScannerMemory.of(LONGEST + READ)
