/** Users' files for a command: loaded whole, or refused with every mistake shown. */
import { loadUserFiles, type UserFiles, type UserFilesOptions } from '../files/load-user-files.ts'
import type { Problem } from '../files/problem.ts'
import { renderProblems } from '../files/render-problems.ts'
import { checkQuery } from './check-query.ts'
import { counted } from './counted.ts'
import { type Io, UsageError } from './io.ts'
import { scenariosDir } from './scenarios-dir.ts'

/** Scenarios and analytics from `--scenarios`, else `./scenarios`, else the package's. Throws `UsageError` with all mistakes. */
export function userFiles(
  io: Io,
  { scenarios, ...more }: { scenarios?: string | undefined } & Pick<UserFilesOptions, 'roles'> = {},
): UserFiles {
  const loaded = loadUserFiles({ scenariosDir: scenariosDir(io, scenarios), checkQuery, ...more })
  refuse(io, loaded)
  return loaded
}

/** Throws `UsageError` with every problem at its place, when there is any. */
export function refuse(io: Io, { problems, sources }: { problems: Problem[]; sources: Map<string, string> }): void {
  if (problems.length === 0) return
  const files = new Set(problems.map(({ path }) => path)).size
  const count = `${counted(problems.length, 'mistake')} in ${counted(files, 'file')}`
  throw new UsageError(`${renderProblems(problems, sources, { colour: io.colour })}${count}`)
}
