/** What checks across files see. Files may have mistakes of their own, so everything in them is read with care. */
import type { Implementation } from '../../model/analytic.ts'
import type { Problem } from '../problem.ts'
import type { Path, YamlFile } from '../yaml-file.ts'

/** What a query's language says against it. Lines and columns count from 1 inside the query. */
export type CheckQuery = (
  implementation: Implementation,
) => { line: number; column: number; message: string; mend?: string }[]

export interface CheckContext {
  scenarios: YamlFile[]
  analytics: YamlFile[]
  /** Roles of the lab's hosts. */
  roles?: ReadonlySet<string>
  checkQuery?: CheckQuery
}

export type Check = (context: CheckContext) => Problem[]

/** A part of a file with the path that leads to it. */
export interface Part {
  file: YamlFile
  path: Path
  value: Record<string, unknown>
}

export const wholeOf = (file: YamlFile): Part => ({ file, path: [], value: mapOf(file.value) })

/** The entries of a list inside a part; none when there is no list. */
export function entriesOf(part: Part, key: string): Part[] {
  const list = part.value[key]
  if (!Array.isArray(list)) return []
  return list.map((value, index) => ({ file: part.file, path: [...part.path, key, index], value: mapOf(value) }))
}

export const testsOf = (context: CheckContext): Part[] =>
  context.scenarios.flatMap((file) => entriesOf(wholeOf(file), 'tests'))

/** The steps of a test: set-up, its own, clean-up. */
export const stepsOf = (test: Part): Part[] => ['setup', 'steps', 'cleanup'].flatMap((phase) => entriesOf(test, phase))

/** A text of a part; undefined when it is something else. */
export function textOf(part: Part, key: string): string | undefined {
  const value = part.value[key]
  return typeof value === 'string' ? value : undefined
}

/** A problem with the value of one key of a part. */
export function problemAt(part: Part, key: string, message: string, mend?: string): Problem {
  const span = part.file.valueAt([...part.path, key])
  return { path: part.file.path, ...span, message, ...(mend === undefined ? {} : { mend }) }
}

const mapOf = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
