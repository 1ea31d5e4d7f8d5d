import { constants } from 'node:os'

/** The exit code of a command that a signal ended, as POSIX shells report it: 128 and the signal's number. */
export const exitCodeOfSignal = (name: string | null | undefined): number =>
  128 + (constants.signals[name as NodeJS.Signals] ?? 0)
