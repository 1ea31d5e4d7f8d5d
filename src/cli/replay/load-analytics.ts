/** The analytics of a folder alone: replay needs no scenarios, and a mistake in one is no hindrance to it. */
import { checkAcrossFiles } from '../../files/checks/checks.ts'
import { listUserFiles } from '../../files/find-files.ts'
import { SCHEMAS } from '../../files/kinds.ts'
import { readText } from '../../files/read-text.ts'
import { readAs } from '../../files/schema-problems.ts'
import { YamlFile } from '../../files/yaml-file.ts'
import type { Analytic } from '../../model/analytic.ts'
import { checkQuery } from '../check-query.ts'
import type { Io } from '../io.ts'
import { refuse, scenariosDir } from '../user-files.ts'

/** From `asked`, else `./scenarios`, else the package's own. Throws `UsageError` with every mistake in an analytic. */
export async function loadAnalytics(asked: string | undefined, io: Io): Promise<Analytic[]> {
  const { analytics: paths, problems } = await listUserFiles(scenariosDir(io, asked))
  const sources = new Map<string, string>()
  const files: YamlFile[] = []
  const analytics: Analytic[] = []
  for (const path of paths) {
    const { text, problems: unread } = await readText(path)
    problems.push(...unread)
    if (text === null) continue
    sources.set(path, text)
    const file = new YamlFile(path, text)
    const { value, problems: misfits } =
      file.value === undefined ? { value: null, problems: [] } : readAs(file, SCHEMAS.analytic)
    files.push(file)
    problems.push(...file.problems, ...misfits)
    if (value !== null) analytics.push(value)
  }
  problems.push(...checkAcrossFiles({ scenarios: [], analytics: files, checkQuery }))
  refuse(io, { problems, sources })
  return analytics
}
