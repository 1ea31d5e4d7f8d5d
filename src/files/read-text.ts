/** Text files from disk; what is wrong with one is a problem, not an exception. */
import { readFileSync } from 'node:fs'
import type { Problem } from './problem.ts'

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder, not a file',
  ENOTDIR: 'a part of this path is a file, not a folder',
  EACCES: 'this file may not be read by this user',
}

/** They are small: to wait for each of many takes far longer than to read it. */
export function readText(path: string): { text: string | null; problems: Problem[] } {
  try {
    return { text: readFileSync(path, 'utf8').replace(/^\ufeff/, ''), problems: [] }
  } catch (error) {
    return { text: null, problems: [{ path, line: 0, column: 0, message: reasonOf(error) }] }
  }
}

/** Why a file or folder could not be used, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return REASONS[code ?? ''] ?? `cannot be read: ${message}`
}
