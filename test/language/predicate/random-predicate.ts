/** Random predicates of every kind, and documents for them. */
import fc from 'fast-check'
import type { Arithmetic, Comparison, Expression, Field, Scalar } from '../../../src/language/predicate/expression.ts'

/** Few names, so that they repeat: a type each, and some values that make comparisons come out both ways. */
const NUMBERS = ['n', 'm'].map((name): Field => ({ kind: 'field', name, path: name, type: 'long' }))
const TEXTS = ['s', 't.u'].map((name): Field => ({ kind: 'field', name, path: name, type: 'keyword' }))
const FLAG: Field = { kind: 'field', name: 'b', path: 'b', type: 'boolean' }
const FILLED: Field = { kind: 'field', name: 'f', path: 'f', type: 'keyword', nullValue: 'ab' }

const number = fc.integer({ min: -3, max: 3 })
const text = fc.stringMatching(/^[abA*?]{0,4}$/)
const literal = (value: Scalar | null): Expression => ({ kind: 'literal', value })
const comparison = fc.constantFrom<Comparison>('==', '!=', '<', '<=', '>', '>=')
const ignoreCase = fc.boolean()
const some = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 3 })

/** A field, as another place that names it. */
const place = (...fields: Field[]) => fc.constantFrom(...fields).map((field): Expression => ({ ...field }))

interface Trees {
  number: Expression
  text: Expression
  predicate: Expression
}

const trees = fc.letrec<Trees>((tie: fc.LetrecTypedTie<Trees>) => ({
  number: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    place(...NUMBERS),
    number.map(literal),
    fc.constant(literal(null)),
    fc.record({
      kind: fc.constant('calculation' as const),
      operator: fc.constantFrom<Arithmetic>('+', '-', '*', '/', '%'),
      left: tie('number'),
      right: tie('number'),
    }),
    call('length', [tie('text')]),
    fc.oneof(call('indexOf', [tie('text'), tie('text')]), call('indexOf', [tie('text'), tie('text'), tie('number')])),
    call('number', [tie('text')]),
  ),
  text: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    place(...TEXTS, FILLED),
    text.map(literal),
    fc.constant(literal(null)),
    call('concat', [tie('text'), tie('text')]),
    call('string', [tie('number')]),
    call('substring', [tie('text'), tie('number'), tie('number')]),
  ),
  predicate: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({
      kind: fc.constant('compare' as const),
      operator: comparison,
      left: tie('number'),
      right: tie('number'),
    }),
    fc.record({
      kind: fc.constant('compare' as const),
      operator: comparison,
      left: tie('text'),
      right: tie('text'),
      ignoreCase,
    }),
    fc.boolean().map((value) => ({ kind: 'compare', operator: '==', left: FLAG, right: literal(value) }) as Expression),
    fc.constantFrom(true, false, null).map(literal),
    fc.record({ kind: fc.constant('missing' as const), value: fc.oneof(tie('number'), tie('text')) }),
    fc.record({ kind: fc.constant('member' as const), value: tie('number'), items: some(tie('number')) }),
    fc.record({ kind: fc.constant('member' as const), value: tie('text'), items: some(tie('text')), ignoreCase }),
    fc.record({
      kind: fc.constant('like' as const),
      value: tie('text'),
      patterns: some(text),
      form: fc.constant('wildcard' as const),
      ignoreCase,
    }),
    fc.record({
      kind: fc.constant('like' as const),
      value: tie('text'),
      patterns: some(fc.constantFrom('a*', '[ab]+', 'A.?', '(a|ab)b', '')),
      form: fc.constant('regex' as const),
      ignoreCase,
    }),
    fc.constantFrom('startsWith', 'endsWith', 'stringContains').chain((name) => call(name, [tie('text'), tie('text')])),
    fc.record({ kind: fc.constantFrom('not' as const, 'definite' as const), operand: tie('predicate') }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), operands: some(tie('predicate')) }),
  ),
}))

function call(name: string, given: fc.Arbitrary<Expression>[]): fc.Arbitrary<Expression> {
  return fc.record({
    kind: fc.constant('call' as const),
    name: fc.constant(name),
    arguments: fc.tuple(...given),
    ignoreCase,
  })
}

/** With three values each, more places where a field is named have more choices of values than can be tried. */
const MOST_PLACES = 8

function isTriable(expression: Expression): boolean {
  if (expression.kind === 'and' || expression.kind === 'or') return expression.operands.every(isTriable)
  if (expression.kind === 'not' || expression.kind === 'definite') return isTriable(expression.operand)
  return JSON.stringify(expression).split('"kind":"field"').length - 1 <= MOST_PLACES
}

export const predicate: fc.Arbitrary<Expression> = trees.predicate.filter(isTriable)

/** A value, several, an explicit null, or none. */
const valued = <T extends Scalar>(one: fc.Arbitrary<T>) =>
  fc.oneof(one, fc.array(one, { maxLength: 3 }), fc.constant(null))

const word = fc.stringMatching(/^[abAB1]{0,5}$/)

/** Documents for the predicates, with any of their fields missing. */
export const document: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    n: valued(number),
    m: valued(number),
    s: valued(word),
    t: fc.oneof(fc.record({ u: valued(word) }), fc.array(fc.record({ u: word }), { maxLength: 2 })),
    b: valued(fc.boolean()),
    f: valued(word),
  },
  { requiredKeys: [] },
)
