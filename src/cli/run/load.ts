/** What a run needs of the user's files: scenarios and analytics without a mistake, and the lab. */
import { findScenariosDir } from '../../files/find-files.ts'
import { loadUserFiles } from '../../files/load-user-files.ts'
import { renderProblems } from '../../files/render-problems.ts'
import type { Analytic } from '../../model/analytic.ts'
import { rolesOf } from '../../model/lab.ts'
import type { Scenario } from '../../model/scenario.ts'
import { checkQuery } from '../check-query.ts'
import { type Io, UsageError } from '../io.ts'
import { type ReadLab, readLabFile } from '../lab/lab-file.ts'

export interface LoadedRun extends ReadLab {
  scenarios: Scenario[]
  analytics: Analytic[]
}

/** Throws `UsageError` with every mistake of all files. */
export async function loadRun(
  asked: { lab?: string; scenarios?: string; authorization?: string },
  io: Io,
): Promise<LoadedRun> {
  const read = await readLabFile(asked, io)
  const { scenarios, analytics, problems, sources } = await loadUserFiles({
    scenariosDir: findScenariosDir({ asked: asked.scenarios, cwd: io.cwd, home: io.home }),
    roles: new Set(Object.values(read.lab.hosts).flatMap(rolesOf)),
    checkQuery,
  })
  if (problems.length > 0) throw new UsageError(renderProblems(problems, sources, { colour: io.colour }))
  return {
    ...read,
    scenarios: scenarios.map(({ scenario }) => scenario),
    analytics: analytics.map(({ analytic }) => analytic),
  }
}
