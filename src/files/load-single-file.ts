/** Files that stand alone: a lab, an authorization. */
import type { z } from 'zod'
import type { Authorization } from '../model/authorization.ts'
import type { Lab } from '../model/lab.ts'
import { SCHEMAS } from './kinds.ts'
import { inReadingOrder, type Problem } from './problem.ts'
import { readText } from './read-text.ts'
import { readAs } from './schema-problems.ts'
import { YamlFile } from './yaml-file.ts'

export interface LoadedFile<T> {
  /** Null when there are problems. */
  value: T | null
  problems: Problem[]
  /** path → text, for `renderProblems`. */
  sources: Map<string, string>
}

export const loadLab = (path: string): LoadedFile<Lab> => load(path, SCHEMAS.lab)

export const loadAuthorization = (path: string): LoadedFile<Authorization> => load(path, SCHEMAS.authorization)

function load<T>(path: string, schema: z.ZodType<T>): LoadedFile<T> {
  const { text, problems } = readText(path)
  if (text === null) return { value: null, problems, sources: new Map() }
  const sources = new Map([[path, text]])
  const file = new YamlFile(path, text)
  if (file.value === undefined) return { value: null, problems: file.problems, sources }
  const { value, problems: misfits } = readAs(file, schema)
  return { value, problems: inReadingOrder(misfits), sources }
}
