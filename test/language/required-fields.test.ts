import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compile } from '../../src/language/compile.ts'
import { meets, type Requirement, requirementsOf } from '../../src/language/required-fields.ts'
import { stageTest } from '../../src/language/sequence/stage-test.ts'
import { eventPlan } from './event-plan.ts'
import { document, predicate } from './predicate/random-predicate.ts'

describe('required fields', () => {
  it('are there in every event that matches a random predicate', () => {
    let matched = 0
    let required = 0
    fc.assert(
      fc.property(predicate, document, (condition, source) => {
        const plan = eventPlan(condition)
        const [requirement] = requirementsOf(plan)
        if (!stageTest(plan.stage)(source)) return
        matched += 1
        required += requirement!.fields.length
        assert.ok(meets(source, requirement!), `${requirement!.fields}`)
      }),
      { numRuns: 2_000 },
    )
    assert.ok(matched > 200 && required > 50, `${matched} matches, ${required} required fields`)
  })

  const rows: [query: string, ...requirements: Requirement[]][] = [
    ['any where true', { categories: null, fields: [] }],
    ['network where a == 1 and b : "x*"', { categories: ['network'], fields: ['event.category', 'a', 'b'] }],
    ['any where a == 1 or (a == 2 and b == 3)', { categories: null, fields: ['a'] }],
    ['any where a == 1 or b == 1', { categories: null, fields: [] }],
    ['any where not (a == 1)', { categories: null, fields: [] }],
    ['any where a != null and b == null', { categories: null, fields: ['a'] }],
    ['any where length(a) > 3 and not startsWith(b, "x")', { categories: null, fields: ['a'] }],
    ['any where a in ("x", "y") or false', { categories: null, fields: ['a'] }],
    [
      'sequence by k, ?o with maxspan=1m [any where a == 1] ![any where b == 1] [any where c == 1]',
      { categories: null, fields: ['a', 'k'] },
      { categories: null, fields: ['c', 'k'] },
    ],
    ['sequence [any where a == 1] with runs=3 [any where a == 1]', { categories: null, fields: ['a'] }],
  ]
  for (const [query, ...requirements] of rows) {
    it(`of ${query}`, () => assert.deepEqual(requirementsOf(compile('eql', query).plan), requirements))
  }

  it('tell network events without a DCE/RPC interface from those that CAR-2015-04-002 reads', () => {
    const [requirement] = requirementsOf(
      compile(
        'car',
        'flows = search Flow:Message\nout = filter flows where (proto_info.rpc_interface == "x")\noutput out',
      ).plan,
    )
    const network = { event: { category: ['network'] } }
    assert.ok(!meets(network, requirement!))
    assert.ok(meets({ ...network, rpc: { interface: 'x' } }, requirement!))
  })
})
