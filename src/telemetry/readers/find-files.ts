/** What the user named, to files: one by one, folders with all in them, patterns. */
import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { problemOf } from './file-problems.ts'

/** A file that is there to be read. */
export interface FoundFile {
  /** As the user named it, or within the folder that was named. */
  path: string
  absolute: string
  bytes: number
}

/** A path that leads to no file. */
export interface Unopened {
  path: string
  problem: string
}

/** The files of a path in the order of their names. */
export async function findFiles(path: string, cwd: string): Promise<(FoundFile | Unopened)[]> {
  const absolute = resolve(cwd, path)
  try {
    return filesAt(path, absolute, statSync(absolute), new Set())
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && isPattern(path)) return filesLike(path, cwd)
    return [{ path, problem: problemOf(error) }]
  }
}

/** `seen`: real paths of the folders that were read: links to them have nothing new, and might lead in circles. */
function filesAt(path: string, absolute: string, stats: Stats, seen: Set<string>): (FoundFile | Unopened)[] {
  if (!stats.isDirectory()) {
    const problem = strangeness(absolute, stats)
    return [problem === null ? { path, absolute, bytes: stats.size } : { path, problem }]
  }
  const real = realpathSync(absolute)
  if (seen.has(real)) return []
  const isNamed = seen.size === 0
  seen.add(real)
  const found: (FoundFile | Unopened)[] = []
  for (const name of readdirSync(absolute).sort()) {
    const inner = join(path, name)
    try {
      const within = join(absolute, name)
      for (const file of filesAt(inner, within, statSync(within), seen)) found.push(file)
    } catch (error) {
      found.push({ path: inner, problem: problemOf(error) })
    }
  }
  return found.length === 0 && isNamed ? [{ path, problem: 'a folder without files' }] : found
}

/** What a shell gives as a file for the output of a command is a pipe with somebody at its other end. */
const SHELL_PIPE = /^\/(dev|proc\/self)\/(stdin|fd\/\d+)$/

/** Why it cannot be read to its end although it is there; null when it can. */
function strangeness(absolute: string, stats: Stats): string | null {
  if (stats.isFile()) return null
  if (stats.isFIFO()) {
    return SHELL_PIPE.test(absolute) ? null : 'a named pipe: give what comes out of it on standard input, as -'
  }
  return stats.isSocket() ? 'a socket, not a file' : 'a device, not a file'
}

const isPattern = (path: string) => /[*?[\]{}]/.test(path)

async function filesLike(pattern: string, cwd: string): Promise<(FoundFile | Unopened)[]> {
  const { glob } = await import('tinyglobby')
  const options = { cwd, expandDirectories: false, onlyFiles: false, absolute: isAbsolute(pattern) }
  const paths = await glob(pattern, options)
  if (paths.length === 0) return [{ path: pattern, problem: 'nothing has a name like this' }]
  const found: (FoundFile | Unopened)[] = []
  const seen = new Set<string>()
  for (const path of paths.sort()) {
    for (const file of await findFiles(path, cwd)) {
      // A pattern may match a folder and what lies in it, and links lead to files once more.
      const real = 'problem' in file ? file.path : realPath(file.absolute)
      if (!seen.has(real)) found.push(file)
      seen.add(real)
    }
  }
  return found
}

function realPath(absolute: string): string {
  try {
    return realpathSync(absolute)
  } catch {
    return absolute
  }
}
