/** The analytics of a folder alone: replay needs no scenarios, and a mistake in one is no hindrance to it. */
import { resolve } from 'node:path'
import { crc32 } from 'node:zlib'
import { listUserFiles } from '../../files/find-files.ts'
import type { Problem } from '../../files/problem.ts'
import { readText } from '../../files/read-text.ts'
import type { Plan } from '../../language/plan.ts'
import type { Analytic, Implementation } from '../../model/analytic.ts'
import type { Io } from '../io.ts'
import { scenariosDir } from '../scenarios-dir.ts'
import { AnalyticsCache } from './analytics-cache.ts'
import type { PlannedAnalytics } from './planned-analytics.ts'

export interface LoadedAnalytics {
  analytics: Analytic[]
  /** Tells most folders of analytics apart. */
  name: string
  /** All that they are made from. */
  key: string
  /** What an implementation's query does; null when its language is not evaluated here. */
  planOf(implementation: Implementation): Plan | null
}

/**
 * From `asked`, else `./scenarios`, else the package's own. Files that were found to be without mistakes are not read
 * again until one changes: to load what reads them takes longer than a small recording. Throws `UsageError` with every mistake.
 */
export async function loadAnalytics(asked: string | undefined, io: Io): Promise<LoadedAnalytics> {
  const folder = scenariosDir(io, asked)
  const { analytics: paths, problems } = listUserFiles(folder)
  const { sources, unread } = readAll(paths)
  const name = crc32(resolve(io.cwd, folder)).toString(16)
  const cache = new AnalyticsCache(name, sources, io)
  const before = [...problems, ...unread]
  const known = before.length === 0 ? cache.read() : null
  if (known !== null) return loaded(known, name, cache.key)
  const { readAnalytics } = await import('./read-analytics.ts')
  const read = readAnalytics(sources, before, io)
  cache.write(read)
  return loaded(read, name, cache.key)
}

function loaded({ analytics, plans }: PlannedAnalytics, name: string, key: string): LoadedAnalytics {
  const known = new Map(
    analytics.flatMap(({ implementations }, at) =>
      implementations.map((one, place) => [one, plans[at]![place]!] as const),
    ),
  )
  return { analytics, name, key, planOf: (implementation) => known.get(implementation) ?? null }
}

function readAll(paths: readonly string[]): { sources: Map<string, string>; unread: Problem[] } {
  const sources = new Map<string, string>()
  const unread: Problem[] = []
  for (const path of paths) {
    const { text, problems } = readText(path)
    unread.push(...problems)
    if (text !== null) sources.set(path, text)
  }
  return { sources, unread }
}
