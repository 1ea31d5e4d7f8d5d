import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { BinaryOperator, EqlExpression, ListOperator } from '../../../src/language/eql/ast.ts'
import { parseEql } from '../../../src/language/eql/parser.ts'
import { printEql } from '../../../src/language/eql/printer.ts'

const span = { start: fc.constant(0), end: fc.constant(0) }
const kind = <K extends string>(name: K) => fc.constant(name)
const name = fc.oneof(
  fc.stringMatching(/^[a-z@_][a-z0-9_]{0,6}(\.[a-z]{1,4})?$/),
  fc.constantFrom('by', 'a-b', 'a`b.c', 'not'),
)
const text = fc.string({ unit: 'grapheme' })

const constant = fc.oneof(
  fc.record({
    kind: kind('literal'),
    value: fc.oneof(text, fc.boolean(), fc.constant(null)),
    decimal: fc.constant(false),
    ...span,
  }),
  fc.record({ kind: kind('literal'), value: fc.nat(), decimal: fc.constant(false), ...span }),
  fc.record({ kind: kind('literal'), value: fc.constantFrom(0.5, 4, 1e21, 2.25), decimal: fc.constant(true), ...span }),
)

const { tree } = fc.letrec<{ tree: EqlExpression }>((tie) => {
  const several = fc.array(tie('tree'), { minLength: 1, maxLength: 3 })
  return {
    tree: fc.oneof(
      { maxDepth: 4 },
      constant,
      fc.record({ kind: kind('field'), name, optional: fc.boolean(), ...span }),
      fc.record({
        kind: kind('call'),
        name: fc.constantFrom('length', 'concat'),
        ignoreCase: fc.boolean(),
        arguments: several,
        ...span,
      }),
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        operands: fc.tuple(tie('tree'), tie('tree')),
        ...span,
      }),
      fc.record({ kind: kind('not'), operand: tie('tree'), ...span }),
      fc.record({
        kind: kind('binary'),
        operator: fc.constantFrom<BinaryOperator>('==', '!=', '<', '>=', '+', '-', '*', '/', '%'),
        left: tie('tree'),
        right: tie('tree'),
        ...span,
      }),
      fc.record({
        kind: kind('list'),
        operator: fc.constantFrom<ListOperator>('in', 'in~'),
        negated: fc.boolean(),
        value: tie('tree'),
        items: several,
        ...span,
      }),
      fc.record({
        kind: kind('list'),
        operator: fc.constantFrom<ListOperator>(':', 'like', 'like~', 'regex', 'regex~'),
        negated: fc.constant(false),
        value: tie('tree'),
        items: fc.array(constant, { minLength: 1, maxLength: 3 }),
        ...span,
      }),
    ),
  }
})

/** A tree without its places. */
const bare = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, part) => (key === 'start' || key === 'end' ? undefined : part)))

describe('eql: printer', () => {
  it('prints text that parses to the same tree', () => {
    fc.assert(
      fc.property(tree, (condition) => {
        const query = {
          shape: 'event' as const,
          filter: { category: 'process', condition, start: 0, end: 0 },
          pipes: [],
        }
        assert.deepEqual(bare(parseEql(printEql(query))), bare(query))
      }),
      { numRuns: 1_000 },
    )
  })

  for (const query of [
    'any where true | head 3 | tail 2',
    'sequence by host.id, ?user with maxspan=1m [a where x : "y"] by k ![b where true] by k [c where not z] by l with runs=2 until [d where true] by m',
    'sample by host [a where true] [b where x in~ ("1", "2")]',
  ]) {
    it(`keeps ${query}`, () => {
      const tree = parseEql(query)
      assert.deepEqual(bare(parseEql(printEql(tree))), bare(tree))
    })
  }
})
