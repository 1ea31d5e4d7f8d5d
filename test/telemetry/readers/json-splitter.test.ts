import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { InputProblem } from '../../../src/telemetry/readers/damage.ts'
import { JsonSplitter } from '../../../src/telemetry/readers/json-splitter.ts'

interface Split {
  values: unknown[]
  records: number[]
  offsets: number[]
  problems: InputProblem[]
}

/** Splits a text that arrives in chunks of the given sizes, over and over. */
function split(text: string | Buffer, sizes: number[] = [1 << 20], longest?: number): Split {
  const found: Split = { values: [], records: [], offsets: [], problems: [] }
  const splitter = new JsonSplitter({
    onRecord: (value, record, offset) => {
      found.values.push(value)
      found.records.push(record)
      found.offsets.push(offset)
    },
    onProblem: (problem) => found.problems.push(problem),
    ...(longest === undefined ? {} : { longest }),
  })
  const bytes = Buffer.from(text)
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length]!
    splitter.push(bytes.subarray(at, at + size))
    at += size
  }
  splitter.end()
  return found
}

/** Objects with everything that could mislead a scan: quotes, backslashes, brackets, line ends, non-ASCII. */
const text = fc.string({
  unit: fc.constantFrom('a', '"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\r', ' ', 'é', '試', '😀', '\u0000'),
})
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('any'), { maxLength: 3 }),
  object: fc.dictionary(text, tie('any'), { maxKeys: 4, noNullPrototype: true }),
}))
const object = value.object as fc.Arbitrary<Record<string, unknown>>
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })

/** Ways in which recordings lay their records out. */
const LAYOUTS: Record<string, (records: unknown[]) => string> = {
  'one a line': (records) => records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  'one a line, DOS line ends': (records) => records.map((record) => `${JSON.stringify(record)}\r\n`).join(''),
  'one after the other': (records) => records.map((record) => JSON.stringify(record)).join(''),
  'one after the other, over lines': (records) => records.map((record) => JSON.stringify(record, null, 2)).join(''),
  'an array': (records) => JSON.stringify(records),
  'an array over lines': (records) => JSON.stringify(records, null, 4),
  'an array, one a line': (records) => `[${records.map((record) => JSON.stringify(record)).join(',\n')}]\n`,
}

describe('JSON splitter', () => {
  for (const [name, layout] of Object.entries(LAYOUTS)) {
    it(`gives every record of ${name}, whatever the chunks`, () => {
      fc.assert(
        fc.property(fc.array(object, { maxLength: 6 }), sizes, (records, chunks) => {
          const found = split(layout(records), chunks)
          assert.deepEqual(found.values, JSON.parse(JSON.stringify(records)))
          assert.deepEqual(
            found.records,
            records.map((_, index) => index + 1),
          )
          assert.deepEqual(found.problems, [])
        }),
      )
    })
  }

  it('says at which byte each record begins', () => {
    const layout = 'é \n{"a":1}\n {"b":"é"}{"c":2}'
    const bytes = Buffer.from(layout)
    const { offsets, values } = split(layout, [3])
    assert.deepEqual(values, [{ a: 1 }, { b: 'é' }, { c: 2 }])
    assert.deepEqual(
      offsets.map((offset) => bytes.toString('utf8', offset, offset + 4)),
      ['{"a"', '{"b"', '{"c"'],
    )
  })

  for (const [name, broken] of Object.entries({
    'a bare word': '{"x": nope}',
    'a string without its end': '{"x": "no end}',
    'an object without its end': '{"x": {"y": 1}',
    'a list without its end': '{"x": [1, 2',
    'a key without a value': '{"x"}',
    'a value that never comes': '{"x": ',
    'no JSON at all': 'Traceback (most recent call last):',
    'half of an escape': '{"x": "\\u12"}',
  })) {
    it(`loses ${name} and nothing else`, () => {
      fc.assert(
        fc.property(
          fc.array(object, { maxLength: 3 }),
          fc.array(object, { maxLength: 3 }),
          sizes,
          (before, after, chunks) => {
            const lines = [...before.map((r) => JSON.stringify(r)), broken, ...after.map((r) => JSON.stringify(r))]
            const found = split(lines.join('\n'), chunks)
            assert.deepEqual(found.values, JSON.parse(JSON.stringify([...before, ...after])))
            assert.equal(found.problems.length, 1)
            const [problem] = found.problems
            assert.equal(problem!.record, before.length + 1)
            assert.equal(
              problem!.offset,
              Buffer.byteLength(
                lines
                  .slice(0, before.length)
                  .map((l) => `${l}\n`)
                  .join(''),
              ),
            )
          },
        ),
      )
    })
  }

  it('finds the next record after one that is not closed, also on the same line', () => {
    const { values, problems } = split('{"x": {"y": 1}{"b":2}{"c":[{"d":3},{"e":4}]}', [5])
    assert.deepEqual(values, [{ b: 2 }, { c: [{ d: 3 }, { e: 4 }] }])
    assert.deepEqual(problems, [{ message: 'the record is not closed', record: 1, offset: 0 }])
  })

  it('keeps what stands before a cut, and reports the cut wherever it falls within a record', () => {
    const records = [{ a: 'é"' }, { b: [{ c: '\\' }] }, { d: 1 }]
    for (const layout of Object.values(LAYOUTS)) {
      const whole = Buffer.from(layout(records))
      const { offsets } = split(whole)
      for (let length = 1; length < whole.length; length += 1) {
        const { values, problems } = split(whole.subarray(0, length), [7])
        assert.deepEqual(values, records.slice(0, values.length))
        const begun = offsets.filter((offset) => offset < length).length
        if (begun > values.length) {
          assert.deepEqual(problems[0], {
            message: 'the record is cut: the input ends within it',
            record: begun,
            offset: offsets[begun - 1],
          })
        }
      }
    }
  })

  /** Arrays whose values are no objects, and the stretches that are named, each as it is written. */
  const OTHER_VALUES: [layout: string, strange: string[], isClosed: boolean][] = [
    ['[1,2]', ['1,2'], true],
    ['["a"]', ['"a"'], true],
    ['["a]","b\\"]"]', ['"a]","b\\"]"'], true],
    ['[1,[2,[3]]]', ['1,[2,[3]]'], true],
    ['[\n1,\n[2]\n]', ['1,', '2'], true],
    ['[]', [], true],
    ['[1,2', ['1,2'], false],
    ['["a]', ['"a]'], false],
    ['[[1]', ['1'], false],
    ['nonsense] [', ['nonsense] ['], true],
  ]
  for (const [layout, strange, isClosed] of OTHER_VALUES) {
    it(`${isClosed ? 'knows no' : 'reports an'} array that is not closed in ${JSON.stringify(layout)}`, () => {
      for (const size of [1, 3, 100]) {
        const { values, problems } = split(`{"a":1}\n${layout}\n{"b":2}`, [size])
        assert.deepEqual(values, [{ a: 1 }, { b: 2 }])
        const said = strange.map(
          (bytes) => `${bytes.length} ${bytes.length === 1 ? 'byte that belongs' : 'bytes that belong'} to no record`,
        )
        assert.deepEqual(
          problems.map(({ message }) => message),
          isClosed ? said : [...said, 'the input is cut: its array is not closed'],
        )
      }
    })
  }

  for (const layout of ['[{"a":1},{"a":2}', '[', '['.repeat(100_000)]) {
    it(`reports an array that is not closed as a problem of no record: ${layout.slice(0, 20)}`, () => {
      assert.deepEqual(split(layout).problems, [
        { message: 'the input is cut: its array is not closed', record: null, offset: layout.length },
      ])
    })
  }

  it('leaves out a record that is too long, without holding it', () => {
    const long = JSON.stringify({ a: 'x'.repeat(5000) })
    const { values, problems } = split(`{"b":1}\n${long}\n{"c":2}\n`, [64], 1000)
    assert.deepEqual(values, [{ b: 1 }, { c: 2 }])
    assert.match(problems[0]!.message, /longer than 1000 bytes/)
    assert.equal(problems[0]!.record, 2)
  })

  it('reads invalid UTF-8 and says so', () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}\n{"b":1}')])
    const { values, problems } = split(bytes)
    assert.deepEqual(values, [{ a: '\ufffd' }, { b: 1 }])
    assert.deepEqual(problems, [{ message: 'invalid UTF-8, read with replacement characters', record: 1, offset: 0 }])
  })
})
