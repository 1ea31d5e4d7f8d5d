/** Analytics as they were read from files without mistakes, with the plans of their queries, one file a folder in the user's cache. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Io } from '../io.ts'
import type { PlannedAnalytics } from './planned-analytics.ts'

interface Cached extends PlannedAnalytics {
  /** All that they were made from. */
  key: string
}

export class AnalyticsCache {
  readonly #folder: string
  readonly #path: string
  readonly #key: string

  /** @param sources the files' texts by path */
  constructor(folder: string, sources: ReadonlyMap<string, string>, io: Io) {
    this.#folder = join(cacheHome(io), 'tocsin')
    this.#path = join(this.#folder, `analytics-${hashOf(resolve(io.cwd, folder)).slice(0, 16)}.json`)
    this.#key = JSON.stringify([io.version, buildOf(io.home), ...sources])
  }

  /** Null when there are none of just these texts. */
  read(): PlannedAnalytics | null {
    try {
      const { key, ...planned } = JSON.parse(readFileSync(this.#path, 'utf8')) as Cached
      return key === this.#key ? planned : null
    } catch {
      return null
    }
  }

  /** A cache that cannot be written is none, and no mistake of the user's. */
  write(planned: PlannedAnalytics): void {
    const own = `${this.#path}.${process.pid}`
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      writeFileSync(own, JSON.stringify({ key: this.#key, ...planned }, exactly), { mode: 0o600 })
      renameSync(own, this.#path)
    } catch {}
  }
}

/** JSON has no other numbers than these: a plan with one is not kept. */
function exactly(_: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('no number of JSON')
  return value
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** What the program is itself: another build may read the same files in another way. */
const buildOf = (home: string) => String(statSync(join(home, 'dist', '.sources'), { throwIfNoEntry: false })?.mtimeMs)

/** Where the system keeps what can be made again. */
function cacheHome({ env }: Io): string {
  return env.XDG_CACHE_HOME || env.LOCALAPPDATA || join(homedir(), '.cache')
}
