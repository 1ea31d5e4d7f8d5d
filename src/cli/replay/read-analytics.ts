/** The analytics in files, each checked against its schema and all against each other. */
import { checkAcrossFiles } from '../../files/checks/checks.ts'
import { SCHEMAS } from '../../files/kinds.ts'
import type { Problem } from '../../files/problem.ts'
import { readAs } from '../../files/schema-problems.ts'
import { YamlFile } from '../../files/yaml-file.ts'
import { planOf } from '../../language/compile.ts'
import { frontEnds } from '../../language/front-ends.ts'
import type { Analytic } from '../../model/analytic.ts'
import { checkQuery } from '../check-query.ts'
import type { Io } from '../io.ts'
import { refuse } from '../user-files.ts'
import type { PlannedAnalytics } from './planned-analytics.ts'

/** By path and text. Throws `UsageError` with every mistake in one, and with those that were found before. */
export function readAnalytics(sources: Map<string, string>, before: readonly Problem[], io: Io): PlannedAnalytics {
  const problems = [...before]
  const files: YamlFile[] = []
  const analytics: Analytic[] = []
  for (const [path, text] of sources) {
    const file = new YamlFile(path, text)
    const { value, problems: misfits } =
      file.value === undefined ? { value: null, problems: [] } : readAs(file, SCHEMAS.analytic)
    files.push(file)
    problems.push(...file.problems, ...misfits)
    if (value !== null) analytics.push(value)
  }
  problems.push(...checkAcrossFiles({ scenarios: [], analytics: files, checkQuery }))
  refuse(io, { problems, sources })
  return {
    analytics,
    plans: analytics.map(({ implementations }) =>
      implementations.map(({ language, query }) =>
        frontEnds[language] === undefined ? null : planOf(language, query),
      ),
    ),
  }
}
