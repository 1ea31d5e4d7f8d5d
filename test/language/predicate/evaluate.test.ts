import assert from 'node:assert/strict'
import fc from 'fast-check'
import { condition } from '../../../src/language/predicate/evaluate.ts'
import type { Expression, Value } from '../../../src/language/predicate/expression.ts'
import { document, predicate } from './random-predicate.ts'
import { evaluate } from './reference.ts'

const field = (name: string, type = 'unknown'): Expression => ({ kind: 'field', name, path: name, type })
const literal = (value: Value): Expression => ({ kind: 'literal', value })

describe('predicate: evaluate', () => {
  it('agrees with the naive evaluator on random predicates', () => {
    fc.assert(
      fc.property(predicate, document, (expression, source) => {
        assert.equal(condition(expression)(source), evaluate(expression, source))
      }),
      { numRuns: 2_000 },
    )
  })

  const is = (path: string, value: Value, type?: string): Expression => {
    return { kind: 'compare', operator: '==', left: field(path, type), right: literal(value) }
  }
  const rows: [title: string, expression: Expression, source: unknown, truth: boolean | null][] = [
    ['reads nested objects', is('a.b.c', 1), { a: { b: { c: 1 } } }, true],
    ['reads dotted keys', is('a.b.c', 1), { 'a.b.c': 1 }, true],
    ['reads a mix of both', is('a.b.c', 1), { a: { 'b.c': 1 } }, true],
    ['reads objects in arrays', is('a.b', 2), { a: [{ b: 1 }, { b: 2 }] }, true],
    ['holds for any of several values', is('a', 2), { a: [1, 2] }, true],
    ['is false for none of several values', is('a', 3), { a: [1, 2] }, false],
    ['is null for a missing field', is('a', 1), {}, null],
    ['takes an explicit null for missing', is('a', 1), { a: null }, null],
    ['takes an empty array for missing', is('a', 1), { a: [] }, null],
    ['sees no inherited property', is('constructor', 'x'), {}, null],
    ['knows all spellings of an address', is('ip', '::1', 'ip'), { ip: '0:0:0:0:0:0:0:1' }, true],
    ['compares numbers that documents write as text', is('port', 49_152, 'long'), { port: '49152' }, true],
    [
      'compares dates as instants',
      is('@timestamp', '2026-01-10T01:00:00+01:00', 'date'),
      { '@timestamp': 1_768_003_200_000 },
      true,
    ],
  ]
  for (const [title, expression, source, truth] of rows) {
    it(title, () => assert.equal(condition(expression)(source), truth))
  }
})
