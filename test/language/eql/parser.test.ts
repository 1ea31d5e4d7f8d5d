import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compile } from '../../../src/language/compile.ts'
import { parseEql } from '../../../src/language/eql/parser.ts'
import { QueryError } from '../../../src/language/query-error.ts'

const PROBLEMS: [query: string, message: RegExp | string][] = [
  ['42 where true', /^line 1:1: mismatched input '42' expecting \{'any', /],
  ['process', "line 1:8: mismatched input '<EOF>' expecting 'where'"],
  ['process where', /^line 1:14: mismatched input '<EOF>'/],
  ['process where a = 1', /^line 1:17: /],
  ["process where a == 'x'", /^line 1:20: Use double quotes \["\] to define string literals, not single quotes \['\]/],
  [
    'process where a == ?"x"',
    /^line 1:20: Use triple double quotes \["""\] to define unescaped string literals, not \[\?"\]/,
  ],
  ['process where a == "x', /^line 1:20: unterminated string/],
  ['process where a == b == c', /^line 1:22: mismatched input '=='/],
  ['process where a[0] == 1', 'line 1:17: Array indexes are not supported'],
  ['process where descendant of [file where true]', 'line 1:15: Process relationships are not supported'],
  ['join [a where true] [b where true]', 'line 1:1: Join is not supported'],
  ['process where true | count', /Pipe \[count\] is not supported/],
  ['process where true | heads 1', 'line 1:23: Unrecognized pipe [heads], did you mean [head]?'],
  ['process where true | unique x, y', 'line 1:21: Pipe [unique] is not supported'],
  ['process where true | head', 'line 1:21: Pipe [head] expects exactly one argument but found [0]'],
  ['process where true | tail 1, 2', 'line 1:21: Pipe [tail] expects exactly one argument but found [2]'],
  ['process where true | head -1', 'line 1:28: Pipe [head] expects a positive integer but found [-1]'],
  ['process where true | head 1.5', 'line 1:28: Pipe [head] expects a positive integer but found [1.5]'],
  ['process where true | head pid', 'line 1:28: Pipe [head] expects a positive integer but found [pid]'],
  ['process where a == """x\ny"""', 'line 1:20: unterminated string: no closing """ on this line'],
  ['sequence [any where true]', 'line 1:2: A sequence requires a minimum of 2 queries, found [1]'],
  [
    'sequence with maxspan=30 [a where true] [b where true]',
    'line 1:24: No time unit specified, did you mean [s] as in [30s]?',
  ],
  [
    'sequence with maxspan=1y [a where true] [b where true]',
    /Unrecognized time unit \[y\] in \[1y\], please specify one of \[ms, s, m, h, d\]/,
  ],
  ['sequence with maxspan=0s [a where true] [b where true]', /A positive maxspan value is required; found \[0/],
  [
    'sequence with maxspan=1s by key [a where true] [b where true]',
    /Please specify sequence \[by\] before \[with\] not after/,
  ],
  [
    'sequence [a where true] ![b where true]',
    /\[maxspan\] is required for sequences with missing events queries; found none/,
  ],
  [
    'sequence [a where true] by x [b where true]',
    /Inconsistent number of join keys specified; expected \[1\] but found \[0\]/,
  ],
  ['sequence [any where true] with repeat=123', 'line 1:33: Unrecognized option [repeat], expecting [runs]'],
  ['sequence [any where true] with runs=101', /A query cannot be repeated more than 100 times; found \[101\]/],
  ['sample [a where true] [b where true]', /A sample must have at least one join key, found none/],
  ['any where\n  safe(a)', /^line 2:3: Unknown function \[safe\]/],
]

describe('eql: parser', () => {
  for (const [query, message] of PROBLEMS) {
    it(`refuses ${query.replace('\n', ' ')}`, () => {
      const check = (error: unknown) => {
        assert.ok(error instanceof QueryError)
        if (typeof message === 'string') assert.equal(error.message, message)
        else assert.match(error.message, message)
        return true
      }
      assert.throws(() => compile('eql', query), check)
    })
  }

  it('takes spaces around the sign of maxspan, and keys of terms', () => {
    const query = parseEql(
      'sequence by a with maxspan = 1m [x where true] by b [y where true] by c with runs=3 until [z where true] by d',
    )
    assert.equal(query.shape, 'sequence')
    assert.equal(query.shape === 'sequence' && query.maxspanMs, 60_000)
    assert.deepEqual(query.shape === 'sequence' && query.terms.map(({ runs }) => runs), [1, 3])
  })

  /** Whatever the text, there is a tree or a `QueryError`, and it does not take long. */
  const survives = (query: string) => {
    const started = performance.now()
    try {
      compile('eql', query)
    } catch (error) {
      if (!(error instanceof QueryError)) throw error
    }
    assert.ok(performance.now() - started < 15_000)
  }

  it('survives 10,000 nested brackets, signs and negations', () => {
    for (const [open, close] of [
      ['(', ')'],
      ['not ', ''],
      ['-', ''],
      ['f(', ')'],
      ['(a == ', ')'],
    ] as const) {
      const query = `any where ${open.repeat(10_000)}1${close.repeat(10_000)}`
      assert.throws(() => compile('eql', query), QueryError)
    }
  })

  it('survives queries of a megabyte', () => {
    survives(`any where ${'a == 1 or '.repeat(100_000)}true`)
    survives(`any where a in (${'"x", '.repeat(200_000)}"x")`)
    survives(`any where a == "${'x'.repeat(1_000_000)}"`)
    survives(`any where ${'/*'.repeat(500_000)}`)
    survives(`any where ${'1 + '.repeat(250_000)}1 == 2`)
  })

  it('survives any garbage', () => {
    const words = fc.constantFrom(
      ...[
        'any',
        'where',
        'sequence',
        'by',
        'with',
        'maxspan',
        '=',
        '1m',
        '[',
        ']',
        '![',
        '(',
        ')',
        'not',
        'in',
        ':',
        '"x"',
      ],
      ...[
        '==',
        'and',
        'or',
        '`a`',
        '?a',
        'until',
        '|',
        'head',
        '3',
        '-',
        '.',
        ',',
        '"""',
        "'",
        '/*',
        '\\',
        '\u{1F600}',
      ],
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (parts) => survives(parts.join(' '))),
      { numRuns: 2_000 },
    )
    fc.assert(fc.property(fc.string({ unit: 'binary' }), survives), { numRuns: 1_000 })
  })
})
