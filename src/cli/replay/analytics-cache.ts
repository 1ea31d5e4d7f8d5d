/** Analytics as they were read from files without mistakes, with the plans of their queries, one file a folder in the user's cache. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Io } from '../io.ts'
import type { PlannedAnalytics } from './planned-analytics.ts'
import { UserCache } from './user-cache.ts'

interface Cached extends PlannedAnalytics {
  key: string
}

export class AnalyticsCache {
  readonly #cache: UserCache
  readonly #name: string
  /** All that the analytics are made from. */
  readonly key: string

  /**
   * @param name tells most folders apart
   * @param sources the files' texts by path
   */
  constructor(name: string, sources: ReadonlyMap<string, string>, io: Io) {
    this.#cache = new UserCache(io)
    this.#name = `analytics-${name}.json`
    this.key = JSON.stringify([io.version, buildOf(io.home), ...sources])
  }

  /** Null when there are none of just these texts. */
  read(): PlannedAnalytics | null {
    try {
      const { key, ...planned } = JSON.parse(this.#cache.read(this.#name).toString()) as Cached
      return key === this.key ? planned : null
    } catch {
      return null
    }
  }

  write(planned: PlannedAnalytics): void {
    let text: string
    try {
      text = JSON.stringify({ key: this.key, ...planned }, exactly)
    } catch {
      return
    }
    this.#cache.write(this.#name, text)
  }
}

/** JSON has no other numbers than these: a plan with one is not kept. */
function exactly(_: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('no number of JSON')
  return value
}

/** What the program is itself: another build may read the same files in another way. */
const buildOf = (home: string) => String(statSync(join(home, 'dist', '.sources'), { throwIfNoEntry: false })?.mtimeMs)
