/** The memory of a sifter's scanner: a room for what is read, and before it place for what was left. */
import { ScannerMemory } from './scanner-memory.ts'
import { REACH, SEGMENT } from './segment-room.ts'

/** A longer record is not waited for here. */
export const LONGEST = 1 << 20
/** What is read at a time: a segment and the beginning of the next. */
export const READ = SEGMENT + REACH

/**
 * What is made with such memory; null where the system gives none: WebAssembly reserves far more addresses than it uses, and
 * some limit these (`ulimit -v`).
 */
export function withMemory<T>(make: () => T): T | null {
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

export const createSifterMemory = (): ScannerMemory => ScannerMemory.of(LONGEST + READ)
