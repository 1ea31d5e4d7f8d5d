import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { RunRecord } from '../../src/model/run-record.ts'
import { formats } from '../../src/report/formats.ts'
import { home } from '../cli/tocsin.ts'

/** Every property name of a JSON Schema, at any depth. */
function keysOf(schema: unknown): string[] {
  if (schema === null || typeof schema !== 'object') return []
  const { properties } = schema as { properties?: Record<string, unknown> }
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(keysOf)]
}

describe('docs of the reports', () => {
  it('explain every key of the run record', () => {
    const text = readFileSync(join(home, 'docs', 'run-record.md'), 'utf8')
    const keys = new Set(keysOf(z.toJSONSchema(RunRecord)).filter((key) => /^[a-z][A-Za-z]+$/.test(key)))
    assert.ok(keys.size > 70, `the schema has ${keys.size} keys`)
    // The values of the summary's counts are words that stand elsewhere in the page.
    const missing = [...keys].filter((key) => !text.includes(`\`${key}\``))
    assert.deepEqual(
      missing,
      ['properties', 'additionalProperties'].filter((key) => missing.includes(key)),
    )
  })

  it('name every file of a run', () => {
    const text = readFileSync(join(home, 'reports', 'README.md'), 'utf8')
    for (const { file } of Object.values(formats)) assert.ok(text.includes(`\`${file}\``), file)
  })
})
