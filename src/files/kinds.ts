/** The kinds of file a user writes, and the schema of each. */
import { z } from 'zod'
import { Analytic } from '../model/analytic.ts'
import { Authorization } from '../model/authorization.ts'
import { Lab } from '../model/lab.ts'
import { Recording } from '../model/recording.ts'
import { RunRecord } from '../model/run-record.ts'
import { Scenario } from '../model/scenario.ts'

export const SCHEMAS = {
  scenario: Scenario,
  analytic: Analytic,
  lab: Lab,
  authorization: Authorization,
} satisfies Record<string, z.ZodType>

export type FileKind = keyof typeof SCHEMAS

/** A key that only one kind has at its top. */
const TELLTALE: [key: string, kind: FileKind][] = [
  ['tests', 'scenario'],
  ['implementations', 'analytic'],
  ['goal', 'analytic'],
  ['siem', 'lab'],
  ['networkSensor', 'lab'],
  ['approvedBy', 'authorization'],
  ['hosts', 'lab'],
]

/** What a file most likely is: by its keys, else by the folder it lies in. */
export function kindOf(path: string, value: unknown): FileKind {
  if (value !== null && typeof value === 'object') {
    const found = TELLTALE.find(([key]) => Object.hasOwn(value, key))
    if (found) return found[1]
  }
  return /(^|[\\/])analytics[\\/][^\\/]*$/.test(path) ? 'analytic' : 'scenario'
}

/** What programs read. */
const WRITTEN = { 'run-record': RunRecord, recording: Recording }

/** What `tocsin schema` writes: users' files, and those that programs read. */
export const DOCUMENT_KINDS = ['scenario', 'analytic', 'lab', 'authorization', 'run-record', 'recording'] as const
export type DocumentKind = (typeof DOCUMENT_KINDS)[number]

/** The JSON Schema (draft 2020-12) of a kind of document: keys with a default may be left out of users' files. */
export function jsonSchemaOf(kind: DocumentKind): Record<string, unknown> {
  const schema =
    kind in WRITTEN
      ? z.toJSONSchema(WRITTEN[kind as keyof typeof WRITTEN], { io: 'output' })
      : z.toJSONSchema(SCHEMAS[kind as FileKind], { io: 'input' })
  return { $schema: schema.$schema, title: `Tocsin ${kind.replace('-', ' ')}`, ...schema }
}
