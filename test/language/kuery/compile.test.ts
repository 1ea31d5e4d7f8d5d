import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compile } from '../../../src/language/compile.ts'
import { QueryError } from '../../../src/language/query-error.ts'
import { schemaOf } from '../../../src/language/schema.ts'
import { event } from '../documents.ts'

const schema = schemaOf({
  properties: {
    process: { properties: { name: { type: 'keyword' }, pid: { type: 'long' } } },
    source: { properties: { ip: { type: 'ip' }, port: { type: 'long' } } },
    message: { type: 'text' },
    tags: { type: 'keyword' },
    day: { type: 'date' },
    flag: { type: 'boolean' },
  },
})

const source = {
  process: { name: 'schtasks.exe', pid: 5 },
  source: { ip: '10.1.2.3', port: 50_000 },
  message: 'The task "Daily Backup" was created',
  tags: ['lab', 'a b', 'x*y', 'not'],
  day: '2026-01-10T00:00:00Z',
  flag: true,
}

const ROWS: [query: string, matches: boolean][] = [
  ['', true],
  ['*', true],
  ['process.name: schtasks.exe', true],
  ['process.name : "schtasks.exe"', true],
  ['process.name: SCHTASKS.EXE', false],
  ['process.name: schtasks', false],
  ['process.name: sch*', true],
  ['process.name: "sch*"', false],
  ['process.name: *', true],
  ['process.nothing: *', false],
  ['not process.nothing: *', true],
  ['NOT process.name: x AND process.pid: 5', true],
  ['process.pid: 5 or process.pid: 6 and process.name: x', true],
  ['(process.pid: 5 or process.pid: 6) and process.name: x', false],
  ['process.pid: (4 or 5)', true],
  ['process.pid: (not 5)', false],
  ['tags: (lab and "a b")', true],
  ['tags: a b', true],
  ['tags: x\\*y', true],
  ['tags: \\not', true],
  ['source.port >= 49152', true],
  ['source.port > 50000', false],
  ['source.port < 50001 and source.port <= 50000', true],
  ['day >= "2026-01-10"', true],
  ['day < 2026-01-10', false],
  ['source.ip: 10.0.0.0/8', true],
  ['source.ip: 10.1.2.4', false],
  ['flag: true', true],
  ['message: backup', true],
  ['message: "daily backup"', true],
  ['message: "backup daily"', false],
  ['message: nothing daily', true],
  ['process.*: 5', true],
  ['process.*: 6', false],
  ['process: { name: schtasks.exe and pid: 5 }', true],
  ['lab', true],
  ['"nowhere to be found"', false],
  ['android: x or tags: lab', true],
]

describe('kuery: compile', () => {
  for (const [query, matches] of ROWS) {
    it(`${query || '(nothing)'}: ${matches}`, () => {
      const found = compile('kuery', query, { schema }).evaluate([event('1', 0, source)])
      assert.equal(found.length === 1, matches)
    })
  }

  for (const query of ['a:', 'a: b c: d', '(a: b', 'a: b)', 'a: "b', 'a >', 'a: (b', 'a: { b: c', 'a\\']) {
    it(`refuses ${query}`, () => assert.throws(() => compile('kuery', query), QueryError))
  }

  it('survives any garbage, and nesting', () => {
    const attempt = (query: string) => {
      try {
        compile('kuery', query)
      } catch (error) {
        if (!(error instanceof QueryError)) throw error
      }
    }
    const words = fc.constantFrom('a', ':', '(', ')', '*', '"', '\\', 'and', 'or', 'not', '{', '}', '>=', ' ', 'b c')
    fc.assert(
      fc.property(fc.array(words), (parts) => attempt(parts.join(''))),
      { numRuns: 2_000 },
    )
    attempt(`${'('.repeat(10_000)}a: b`)
    attempt('not '.repeat(100_000))
  })
})
