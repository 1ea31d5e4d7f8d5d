import assert from 'node:assert/strict'
import { compile } from '../../../src/language/compile.ts'
import type { Language } from '../../../src/model/analytic.ts'
import { event } from '../documents.ts'

const UUID = '86d35949-83c9-4044-b424-db363231fd0c'

/** Queries of which one text stands for several tests. */
const ROWS: Record<string, [language: Language, query: string, source: object, clauses: [string, boolean | null][]]> = {
  'a view that looks at two fields': [
    'decoded',
    `${UUID} where source.port >= 49152`,
    {
      event: { category: ['network'], action: 'dce_rpc_bind' },
      rpc: { interface_uuid: 'a' },
      source: { port: 50_000 },
    },
    [
      ['event.action is "dce_rpc_bind" or "dce_rpc_alter_context"', true],
      [`rpc.interface_uuid is "${UUID}"`, false],
      ['source.port >= 49152', true],
    ],
  ],
  'a list of alternatives': [
    'car',
    'p = search Process:Create\nq = filter p where exe in ("a.exe", "b.exe")\noutput q',
    { event: { category: ['process'], type: ['start'] }, process: { name: 'c.exe' } },
    [
      ['Process:Create', true],
      ['process.name is "a.exe"', false],
      ['process.name is "b.exe"', false],
    ],
  ],
  'a test that is written twice': [
    'eql',
    'any where a == 1 and a == 1',
    { a: 1 },
    [
      ['a == 1', true],
      ['a == 1', true],
    ],
  ],
}

describe('clauses of an explanation', () => {
  for (const [title, [language, query, source, clauses]] of Object.entries(ROWS)) {
    it(`tell what each tests: ${title}`, () => {
      const { nearest } = compile(language, query).explain([event('1', 0, { ...source })])
      assert.deepEqual(
        nearest[0]?.clauses.map(({ clause, holds }) => [clause, holds]),
        clauses,
      )
    })
  }
})
