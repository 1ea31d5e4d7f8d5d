/** Analytics as they were read from files without mistakes, one file a folder in the user's cache. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Analytic } from '../../model/analytic.ts'
import type { Io } from '../io.ts'

interface Cached {
  /** Of all that the analytics were made from. */
  key: string
  analytics: Analytic[]
}

export class AnalyticsCache {
  readonly #folder: string
  readonly #path: string
  readonly #key: string

  /** @param sources the files' texts by path */
  constructor(folder: string, sources: ReadonlyMap<string, string>, io: Io) {
    this.#folder = join(cacheHome(io), 'tocsin')
    this.#path = join(this.#folder, `analytics-${hashOf([resolve(io.cwd, folder)]).slice(0, 16)}.json`)
    this.#key = hashOf([io.version, buildOf(io.home), ...[...sources].flat()])
  }

  /** Null when there are none of just these texts. */
  read(): Analytic[] | null {
    try {
      const { key, analytics } = JSON.parse(readFileSync(this.#path, 'utf8')) as Cached
      return key === this.#key ? analytics : null
    } catch {
      return null
    }
  }

  /** A cache that cannot be written is none, and no mistake of the user's. */
  write(analytics: readonly Analytic[]): void {
    const own = `${this.#path}.${process.pid}`
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      writeFileSync(own, JSON.stringify({ key: this.#key, analytics }), { mode: 0o600 })
      renameSync(own, this.#path)
    } catch {}
  }
}

function hashOf(parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:`).update(part)
  return hash.digest('hex')
}

/** What the program is itself: another build may read the same files in another way. */
const buildOf = (home: string) => String(statSync(join(home, 'dist', '.sources'), { throwIfNoEntry: false })?.mtimeMs)

/** Where the system keeps what can be made again. */
function cacheHome({ env }: Io): string {
  return env.XDG_CACHE_HOME || env.LOCALAPPDATA || join(homedir(), '.cache')
}
