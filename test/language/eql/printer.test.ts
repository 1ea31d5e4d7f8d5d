import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { BinaryOperator, EqlExpression, EqlQuery, ListOperator } from '../../../src/language/eql/ast.ts'
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
        operator: fc.constantFrom<BinaryOperator>('==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%'),
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

const field = fc.record({ kind: kind('field'), name, optional: fc.boolean(), ...span })
const keys = (count: number) => fc.array(field, { minLength: count, maxLength: count })
const filter = fc.record({ category: fc.oneof(text, fc.constant(null)), condition: tree, ...span })
const term = (count: number, may: { miss: boolean; run: boolean }) =>
  fc.record({
    filter,
    missing: may.miss ? fc.boolean() : fc.constant(false),
    by: keys(count),
    runs: may.run ? fc.integer({ min: 1, max: 100 }) : fc.constant(1),
    ...span,
  })
const pipes = fc.array(
  fc.record({ name: fc.constantFrom('head' as const, 'tail' as const), count: fc.nat(), ...span }),
  {
    maxLength: 3,
  },
)

/** Whole queries of every shape. The first event of a sequence is wanted, so that there is one. */
const query: fc.Arbitrary<EqlQuery> = fc.nat({ max: 2 }).chain((count) =>
  fc.oneof(
    fc.record({ shape: kind('event'), filter, pipes }),
    fc.record({
      shape: kind('sequence'),
      by: fc.array(field, { maxLength: 2 }),
      maxspanMs: fc.integer({ min: 1 }),
      terms: fc
        .tuple(
          term(count, { miss: false, run: true }),
          fc.array(term(count, { miss: true, run: true }), { minLength: 1, maxLength: 2 }),
        )
        .map(([first, rest]) => [first, ...rest]),
      until: fc.oneof(term(count, { miss: false, run: false }), fc.constant(null)),
      pipes,
    }),
    fc.record({
      shape: kind('sample'),
      by: fc.array(field, { minLength: 1, maxLength: 2 }),
      terms: fc.array(term(count, { miss: false, run: false }), { minLength: 2, maxLength: 3 }),
    }),
  ),
)

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

  it('prints sequences, samples and pipes that parse to the same tree', () => {
    fc.assert(
      fc.property(query, (whole) => assert.deepEqual(bare(parseEql(printEql(whole))), bare(whole))),
      { numRuns: 300 },
    )
  })

  it('prints what the lexer reads in several ways in one', () => {
    const one = printEql(parseEql('any where a == "x\\\\\\"\\u{1F600}" and `b` == """c\\d""" and 1E1 == .5'))
    assert.equal(one, 'any where ((a == "x\\\\\\"\u{1F600}") and (b == "c\\\\d") and (10.0 == 0.5))')
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
