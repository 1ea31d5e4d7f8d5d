/** Errors of the file system in the user's words. */

const REASONS: Record<string, string> = {
  ENOENT: 'no such file',
  EACCES: 'not allowed to read it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ELOOP: 'a link that leads to itself',
  ENAMETOOLONG: 'a name longer than any file has',
}

/** Why a file could not be read. */
export function problemOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return (code && REASONS[code]) ?? message
}

/** Whether a file could not be read, for a reason that its system gives. */
export const isFileError = (error: unknown): boolean => typeof (error as NodeJS.ErrnoException).code === 'string'
