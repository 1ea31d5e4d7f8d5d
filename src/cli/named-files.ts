/** The files that a command was given, before any is opened. */
import { UsageError } from './io.ts'

/** Throws `UsageError` for an empty argument, as an unset variable gives it: as a path it is the current folder. */
export function refuseEmptyNames(files: readonly string[]): void {
  if (files.includes('')) throw new UsageError('an argument that names a file is empty; the current folder is .')
}
