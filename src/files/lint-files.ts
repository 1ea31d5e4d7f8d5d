/** Files of any kind that a user names, each checked as what it is. */
import { kindOf } from './kinds.ts'
import { loadAuthorization, loadLab } from './load-single-file.ts'
import { loadUserFiles, type UserFiles, type UserFilesOptions } from './load-user-files.ts'
import { inReadingOrder } from './problem.ts'
import { readText } from './read-text.ts'
import { YamlFile } from './yaml-file.ts'

export interface LintedFiles extends UserFiles {
  /** Paths of the labs and authorizations among the files. */
  others: string[]
}

/** Checks the named files; problems of files that were not named are left out. */
export function lintFiles(files: string[], options: Omit<UserFilesOptions, 'files'>): LintedFiles {
  const kinds = files.map((path) => ({ path, kind: kindOfFile(path) }))
  const tests = kinds.filter(({ kind }) => kind === 'scenario' || kind === 'analytic').map(({ path }) => path)
  const others = kinds.filter(({ path }) => !tests.includes(path))
  const loaded = loadUserFiles({ ...options, files: tests })
  const single = others.map(({ path, kind }) => (kind === 'lab' ? loadLab(path) : loadAuthorization(path)))
  return {
    scenarios: loaded.scenarios,
    analytics: loaded.analytics.filter(({ path }) => tests.includes(path)),
    problems: inReadingOrder([
      ...loaded.problems.filter(({ path }) => tests.includes(path)),
      ...single.flatMap(({ problems }) => problems),
    ]),
    sources: new Map([...loaded.sources, ...single.flatMap(({ sources }) => [...sources])]),
    others: others.map(({ path }) => path),
  }
}

function kindOfFile(path: string) {
  const { text } = readText(path)
  return kindOf(path, text === null ? undefined : new YamlFile(path, text).value)
}
