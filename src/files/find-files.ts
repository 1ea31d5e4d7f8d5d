/** Where users' files lie. */
import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Problem } from './problem.ts'
import { reasonOf } from './read-text.ts'

/** The folder of scenarios: the one asked for, else `./scenarios` if there, else the package's own. Relative to `cwd` where that is shorter. */
export function findScenariosDir({
  asked,
  cwd,
  home,
}: {
  asked?: string | undefined
  cwd: string
  home: string
}): string {
  if (asked !== undefined) return asked
  const own = join(cwd, 'scenarios')
  const found = existsSync(own) ? own : join(home, 'scenarios')
  const short = relative(cwd, found)
  return short.startsWith('..') ? found : short
}

/** All YAML files below a folder, in order of their paths; those in its `analytics` folder apart. */
export function listUserFiles(folder: string): { scenarios: string[]; analytics: string[]; problems: Problem[] } {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    const paths = entries
      .filter((entry) => !entry.isDirectory() && /\.ya?ml$/i.test(entry.name) && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
    const isAnalytic = (path: string) => relative(folder, path).startsWith(`analytics${sep}`)
    return { scenarios: paths.filter((path) => !isAnalytic(path)), analytics: paths.filter(isAnalytic), problems: [] }
  } catch (error) {
    const reason = reasonOf(error).replace('no such file', 'no such folder')
    return { scenarios: [], analytics: [], problems: [{ path: folder, line: 0, column: 0, message: reason }] }
  }
}
