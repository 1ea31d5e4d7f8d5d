/** Users' files for a command: loaded whole, or refused with every mistake shown. */
import { findScenariosDir } from '../files/find-files.ts'
import { loadUserFiles, type UserFiles, type UserFilesOptions } from '../files/load-user-files.ts'
import type { Problem } from '../files/problem.ts'
import { renderProblems } from '../files/render-problems.ts'
import { checkQuery } from './check-query.ts'
import { type Io, UsageError } from './io.ts'

/** Scenarios and analytics from `--scenarios`, else `./scenarios`, else the package's. Throws `UsageError` with all mistakes. */
export async function userFiles(
  io: Io,
  { scenarios, ...more }: { scenarios?: string | undefined } & Pick<UserFilesOptions, 'roles'> = {},
): Promise<UserFiles> {
  const loaded = await loadUserFiles({ scenariosDir: scenariosDir(io, scenarios), checkQuery, ...more })
  refuse(io, loaded)
  return loaded
}

export const scenariosDir = (io: Io, asked?: string): string => findScenariosDir({ asked, cwd: io.cwd, home: io.home })

/** Throws `UsageError` with every problem at its place, when there is any. */
export function refuse(io: Io, { problems, sources }: { problems: Problem[]; sources: Map<string, string> }): void {
  if (problems.length === 0) return
  const files = new Set(problems.map(({ path }) => path)).size
  const count = `${counted(problems.length, 'mistake')} in ${counted(files, 'file')}`
  throw new UsageError(`${renderProblems(problems, sources, { colour: io.colour })}${count}`)
}

/** `1 file`, `2 files`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
