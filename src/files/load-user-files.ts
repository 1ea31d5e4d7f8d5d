/** Users' files in, scenarios and analytics out, with every mistake of all files at once. */
import { resolve } from 'node:path'
import type { Analytic } from '../model/analytic.ts'
import type { Scenario } from '../model/scenario.ts'
import { type CheckQuery, checkAcrossFiles } from './checks/checks.ts'
import { listUserFiles } from './find-files.ts'
import { kindOf, SCHEMAS } from './kinds.ts'
import { inReadingOrder, type Problem } from './problem.ts'
import { readText } from './read-text.ts'
import { readAs } from './schema-problems.ts'
import { YamlFile } from './yaml-file.ts'

export interface LoadedScenario {
  path: string
  scenario: Scenario
}

export interface LoadedAnalytic {
  path: string
  analytic: Analytic
}

export interface UserFiles {
  scenarios: LoadedScenario[]
  analytics: LoadedAnalytic[]
  /** In reading order. Files with problems are missing from the lists above. */
  problems: Problem[]
  /** path → text of every file that could be read, for `renderProblems`. */
  sources: Map<string, string>
}

export interface UserFilesOptions {
  /** Folder of scenarios, with its analytics in `analytics/`; see `findScenariosDir`. */
  scenariosDir: string
  /**
   * Files from anywhere in place of the folder's scenarios, told apart by their keys. The folder's analytics stay known,
   * but for those whose id one of these files has.
   */
  files?: string[]
  /** Roles of the lab's hosts; without them roles are not checked. */
  roles?: ReadonlySet<string>
  /** What a query's language says against it; without it queries are not checked. */
  checkQuery?: CheckQuery
}

export function loadUserFiles(options: UserFilesOptions): UserFiles {
  const { scenariosDir, files, roles, checkQuery } = options
  const found = listUserFiles(scenariosDir)
  const problems = found.problems
  const sources = new Map<string, string>()
  const read = (path: string): YamlFile[] => {
    const { text, problems: unread } = readText(path)
    problems.push(...unread)
    if (text === null) return []
    sources.set(path, text)
    const file = new YamlFile(path, text)
    problems.push(...file.problems)
    return [file]
  }

  const isAnalytic = (file: YamlFile) => kindOf(file.path, file.value) === 'analytic'
  const given = (files ?? found.scenarios).flatMap(read)
  const scenarioFiles = given.filter((file) => files === undefined || !isAnalytic(file))
  const ownAnalytics = given.filter((file) => !scenarioFiles.includes(file))
  const ownIds = new Set(ownAnalytics.map(idOf))
  const folderAnalytics = found.analytics.filter((path) => !files?.some((file) => samePath(file, path))).flatMap(read)
  const analyticFiles = [...folderAnalytics.filter((file) => !ownIds.has(idOf(file))), ...ownAnalytics]

  const scenarios: LoadedScenario[] = []
  const analytics: LoadedAnalytic[] = []
  for (const file of scenarioFiles.filter(({ value }) => value !== undefined)) {
    const { value, problems: misfits } = readAs(file, SCHEMAS.scenario)
    problems.push(...misfits)
    if (value !== null) scenarios.push({ path: file.path, scenario: value })
  }
  for (const file of analyticFiles.filter(({ value }) => value !== undefined)) {
    const { value, problems: misfits } = readAs(file, SCHEMAS.analytic)
    problems.push(...misfits)
    if (value !== null) analytics.push({ path: file.path, analytic: value })
  }
  problems.push(
    ...checkAcrossFiles({
      scenarios: scenarioFiles,
      analytics: analyticFiles,
      ...(roles && { roles }),
      ...(checkQuery && { checkQuery }),
    }),
  )
  return { scenarios, analytics, problems: inReadingOrder(problems), sources }
}

const idOf = ({ path, value }: YamlFile): unknown => (value as { id?: unknown } | null | undefined)?.id ?? path

const samePath = (a: string, b: string) => resolve(a) === resolve(b)
