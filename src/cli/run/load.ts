/** What a run needs of the user's files: scenarios and analytics without a mistake, and the lab. */
import type { Analytic } from '../../model/analytic.ts'
import { rolesOf } from '../../model/lab.ts'
import type { Scenario } from '../../model/scenario.ts'
import type { Io } from '../io.ts'
import { type ReadLab, readLabFile } from '../lab/lab-file.ts'
import { userFiles } from '../user-files.ts'

export interface LoadedRun extends ReadLab {
  scenarios: Scenario[]
  analytics: Analytic[]
}

/** Throws `UsageError` with every mistake of all files. */
export function loadRun(asked: { lab?: string; scenarios?: string; authorization?: string }, io: Io): LoadedRun {
  const read = readLabFile(asked, io)
  const roles = new Set(Object.values(read.lab.hosts).flatMap(rolesOf))
  const { scenarios, analytics } = userFiles(io, { scenarios: asked.scenarios, roles })
  return {
    ...read,
    scenarios: scenarios.map(({ scenario }) => scenario),
    analytics: analytics.map(({ analytic }) => analytic),
  }
}
