import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Categories, categoriesOf, categoriesRead, isOfAny } from '../../src/language/categories.ts'
import { compile } from '../../src/language/compile.ts'
import type { Comparison, Expression } from '../../src/language/predicate/expression.ts'
import { stageTest } from '../../src/language/sequence/stage-test.ts'
import { eventPlan } from './event-plan.ts'

const FILE_OR_REGISTRY = `(event.category == "file" and a == 1) or (event.category == "registry" and b == 1)`

describe('categories', () => {
  const rows: [query: string, categories: Categories][] = [
    ['process where true', ['process']],
    ['any where true', null],
    [`any where ${FILE_OR_REGISTRY}`, ['file', 'registry']],
    [`process where ${FILE_OR_REGISTRY}`, ['process']],
    [`any where not (${FILE_OR_REGISTRY})`, null],
    [`any where a == 1 and (${FILE_OR_REGISTRY})`, ['file', 'registry']],
    ['any where event.category == "file" or a == 1', null],
    ['any where event.category in ("file", "network")', ['file', 'network']],
    ['any where event.category in ("file", "network") and event.category == "file"', ['file']],
    ['any where event.category != "file"', null],
    ['any where event.category == "file" or event.category == "file"', ['file']],
    // The evaluator's letters without case are its own business.
    ['any where event.category : "file"', null],
    [
      'sequence with maxspan=1m [file where true] ![network where true] [file where true] until [process where true]',
      ['file', 'network', 'process'],
    ],
    ['any where event.type == "start"', null],
  ]
  for (const [query, categories] of rows) {
    it(`of ${query}`, () => assert.deepEqual(categoriesRead(compile('eql', query).plan), categories))
  }

  it('are had by every event that matches a random condition', () => {
    let matched = 0
    fc.assert(
      fc.property(condition, values, values, (expression, c, n) => {
        const { stage } = eventPlan(expression, 'c')
        const categories = categoriesOf(stage)
        if (categories === null || !stageTest(stage)({ c, n })) return
        matched += 1
        assert.ok(isOfAny(categories, c), `${categories}`)
      }),
      { numRuns: 5_000 },
    )
    assert.ok(matched > 200, `${matched} matches`)
  })
})

const VALUES = ['x', 'X', 'y', 'z']
const values = fc.uniqueArray(fc.constantFrom(...VALUES), { maxLength: 2 })
const field = fc
  .constantFrom('c', 'c', 'n')
  .map((name): Expression => ({ kind: 'field', name, path: name, type: 'keyword' }))
const literal = fc.constantFrom(...VALUES).map((value): Expression => ({ kind: 'literal', value }))

const { condition } = fc.letrec<{ condition: Expression }>((tie) => {
  const some = fc.array(tie('condition'), { minLength: 1, maxLength: 3 })
  const kind = <Kind extends string>(...kinds: Kind[]) => fc.constantFrom(...kinds)
  return {
    condition: fc.oneof(
      { maxDepth: 3 },
      fc.record({
        kind: kind('compare'),
        operator: fc.constantFrom<Comparison>('==', '==', '!=', '<'),
        left: field,
        right: literal,
        ignoreCase: fc.boolean(),
      }),
      fc.record({ kind: kind('member'), value: field, items: fc.array(literal, { minLength: 1, maxLength: 2 }) }),
      fc.record({ kind: kind('and', 'or'), operands: some }),
      fc.record({ kind: kind('not', 'definite'), operand: tie('condition') }),
    ),
  }
})
