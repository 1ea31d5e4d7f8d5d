/** The Python implementation of EQL as a second judge: in a virtual environment of its own, made when it is first needed. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fieldOf, valuesOf } from '../../src/model/event.ts'
import { home } from '../cli/tocsin.ts'
import { pythonWith } from '../python-package.ts'

/** An event with the number it is known by. */
export interface JudgedEvent {
  id: number
  document: Record<string, unknown>
}

export interface PythonEql {
  /**
   * The hits of EQL queries over events, for each query: each hit as the numbers of its events.
   * @param fields what the queries read, as dotted paths
   */
  judge(queries: string[], events: JudgedEvent[], fields: string[]): Promise<number[][][]>
}

/** A Python that has the package, or why there is none. */
export const pythonWithEql = () => pythonWith('eql', '1.0.1')

/** The judge, or why it cannot be had. */
export async function pythonEql(): Promise<PythonEql | string> {
  const found = await pythonWithEql()
  if (typeof found === 'string') return found
  const { python } = found
  return {
    judge: async (queries, events, fields) => {
      const known = events
        .map(({ id, document }) => ({
          id,
          time: Date.parse(String(fieldOf(document, '@timestamp'))),
          categories: valuesOf(document, 'event.category'),
          data: nested(document, fields),
        }))
        .sort((a, b) => a.time - b.time)
      const script = join(home, 'test', 'python-eql', 'judge.py')
      return JSON.parse(await runScript(python, script, JSON.stringify({ queries, events: known })))
    },
  }
}

/** The fields of a document, nested. A list of one is its item: this EQL knows no fields with several values. */
function nested(document: Record<string, unknown>, fields: string[]): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const field of fields) {
    const values = valuesOf(document, field)
    if (values.length === 0) continue
    const path = field.split('.')
    let at = result
    for (const name of path.slice(0, -1)) {
      at[name] ??= {}
      at = at[name] as Record<string, unknown>
    }
    at[path.at(-1)!] = values.length === 1 ? values[0] : values
  }
  return result
}

function runScript(python: string, script: string, input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [script])
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(errors))))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
