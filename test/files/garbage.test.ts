import assert from 'node:assert/strict'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { checkAcrossFiles } from '../../src/files/checks/checks.ts'
import { SCHEMAS } from '../../src/files/kinds.ts'
import type { Problem } from '../../src/files/problem.ts'
import { renderProblems } from '../../src/files/render-problems.ts'
import { readAs } from '../../src/files/schema-problems.ts'
import { YamlFile } from '../../src/files/yaml-file.ts'

const KEYS = [
  'id',
  'tests',
  'steps',
  'run',
  'host',
  'expect',
  'analytic',
  'is',
  'variables',
  'changes',
  'query',
  'rule',
]
const key = fc.oneof(fc.constantFrom(...KEYS, 'implementations', 'rule_id', 'knownGap'), fc.string())
const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('{{x}}', '{{', '{{a.b}}'),
)
const { value: tree } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
}))

/** Every problem of a text that is read as scenario and as analytic. */
function problemsOf(text: string): Problem[] {
  const file = new YamlFile('a.yml', text)
  const context = { scenarios: [file], analytics: [file], roles: new Set(['source']), checkQuery: () => [] }
  return [
    ...file.problems,
    ...readAs(file, SCHEMAS.scenario).problems,
    ...readAs(file, SCHEMAS.analytic).problems,
    ...checkAcrossFiles(context),
  ]
}

function assertPlaced(text: string): void {
  const problems = problemsOf(text)
  assert.ok(problems.length > 0, 'garbage is no scenario')
  const lines = text.split('\n')
  for (const { line, column } of problems) {
    assert.ok(line >= 1 && line <= lines.length, `line ${line} of ${lines.length}`)
    assert.ok(column >= 1 && column <= lines[line - 1]!.length + 1, `column ${column} of "${lines[line - 1]}"`)
  }
  renderProblems(problems, new Map([['a.yml', text]]))
}

describe('a file of garbage', () => {
  it('gives problems that lie inside it, whatever its text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200, unit: 'binary' }), assertPlaced), { numRuns: 300 })
  })

  it('gives problems that lie inside it, whatever its keys and values', () => {
    const text = fc.oneof(
      tree.map((value) => stringify(value)),
      tree.map((value) => JSON.stringify(value)),
    )
    fc.assert(fc.property(text, assertPlaced), { numRuns: 500 })
  })

  it('is refused when it is nested without end, before that takes all memory', () => {
    const openings = ['[', '- ', '? ', '{a: ', '? [', '{? ']
    for (const opening of openings) assertPlaced(`${opening.repeat(500)}x`)
  })
})
