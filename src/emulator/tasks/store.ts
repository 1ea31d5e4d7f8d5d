/** The tasks of one host, by path in any case, kept in a file where there is one. */
import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { TaskDefinition } from './definition.ts'
import { parseTaskXml, renderTaskXml } from './xml.ts'

/** `SCHED_S_TASK_HAS_NOT_RUN`. */
const NEVER_RAN = 267_011

export interface StoredTask {
  /** Path with its leading backslash, as first written. */
  path: string
  /** GUID with braces, upper case: its name in the TaskCache. */
  id: string
  definition: TaskDefinition
  /** Whether the password that was given with it is right; null when none was given. */
  passwordValid: boolean | null
  /** Lab milliseconds. */
  lastRun: number | null
  lastResult: number
}

const Saved = z.array(
  z.object({
    path: z.string(),
    id: z.string(),
    xml: z.string(),
    passwordValid: z.boolean().nullable(),
    lastRun: z.number().nullable(),
    lastResult: z.number(),
  }),
)

export class TaskStore {
  readonly #tasks = new Map<string, StoredTask>()
  readonly #file: string | null

  /** `file`: where the tasks survive a restart; null to forget them. */
  constructor(file: string | null) {
    this.#file = file
    for (const { xml, ...saved } of file === null ? [] : readSaved(file)) {
      this.#tasks.set(saved.path.toLowerCase(), { ...saved, definition: parseTaskXml(xml) })
    }
  }

  find(path: string): StoredTask | undefined {
    return this.#tasks.get(path.toLowerCase())
  }

  all(): StoredTask[] {
    return [...this.#tasks.values()].sort((a, b) => (a.path.toLowerCase() < b.path.toLowerCase() ? -1 : 1))
  }

  create(path: string, definition: TaskDefinition, passwordValid: boolean | null): StoredTask {
    const id = `{${randomUUID().toUpperCase()}}`
    const task = { path, id, definition, passwordValid, lastRun: null, lastResult: NEVER_RAN }
    this.#tasks.set(path.toLowerCase(), task)
    this.save()
    return task
  }

  delete(path: string): void {
    this.#tasks.delete(path.toLowerCase())
    this.save()
  }

  /** Writes the file anew and swaps it in whole: a kill leaves the old one or the new one. */
  save(): void {
    if (this.#file === null) return
    const saved = this.all().map(({ definition, ...task }) => ({ ...task, xml: renderTaskXml(definition) }))
    writeFileSync(`${this.#file}.new`, JSON.stringify(saved, null, 2))
    renameSync(`${this.#file}.new`, this.#file)
  }
}

function readSaved(file: string): z.infer<typeof Saved> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return []
  }
  const damaged = `${file} is damaged: it is no task store`
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error(damaged)
  }
  const saved = Saved.safeParse(value)
  if (!saved.success) throw new Error(damaged)
  return saved.data
}
