import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compile } from '../../../src/language/compile.ts'
import { schemaOf } from '../../../src/language/schema.ts'
import type { EventDocument } from '../../../src/model/event.ts'
import { event, idsOf } from '../documents.ts'
import { sequencesOf } from './reference.ts'

/** Events as `A1`, `A1/key` or `A1/key+key`: a letter, the second, and a join key with one or several values. */
function events(text: string): EventDocument[] {
  return text.split(' ').map((token) => {
    const [, letter = '', second = '', key] = /^([A-Z])([\d.]+)(?:\/([\w+]+))?$/.exec(token)!
    return event(`${letter}${second}`, Number(second), {
      letter,
      ...(key === undefined ? {} : { key: key.split('+') }),
    })
  })
}

/** `[A]` stands for `[any where letter == "A"]`. */
const written = (query: string) => query.replace(/\[([A-Z])\]/g, '[any where letter == "$1"]')

const ROWS: [title: string, query: string, stream: string, wanted: string][] = [
  ['a newer first step takes the place of an older', 'sequence [A] [B]', 'A1 A2 B3', 'A2 B3'],
  ['a step is used once', 'sequence [A] [B]', 'A1 B2 B3', 'A1 B2'],
  ['each key has its own sequence', 'sequence by key [A] [B]', 'A1/x A2/y B3/x B4/y', 'A1 B3, A2 B4'],
  ['an event without the key takes no part', 'sequence by key [A] [B]', 'A1 B2', ''],
  ['an optional key may be missing', 'sequence by ?key [A] [B]', 'A1 B2', 'A1 B2'],
  ['an event with several keys joins by each', 'sequence by key [A] [B]', 'A1/x+y B2/y B3/x', 'A1 B3, A1 B2'],
  ['no key is taken twice', 'sequence by key [A] [B]', 'A1/x+y+x B2/x+y+y', 'A1 B2, A1 B2'],
  ['until ends each of its keys', 'sequence by key [A] [B] until [U]', 'A1/x+y+z U2/x+z B3/x+y+z', 'A1 B3'],
  [
    'what is missing is missing by each key',
    'sequence by key with maxspan=9s [A] ![M] [B]',
    'A1/x+y M2/y+z B3/x+y',
    'A1 B3',
  ],
  ['maxspan itself is in time', 'sequence with maxspan=2s [A] [B]', 'A1 B3', 'A1 B3'],
  ['maxspan counts from the first event', 'sequence with maxspan=2s [A] [B] [C]', 'A1 B2 C3.001', ''],
  ['a late event uses up what it is too late for', 'sequence with maxspan=2s [A] [B]', 'A1 B4 B5', ''],
  ['until ends what is open', 'sequence [A] [B] until [U]', 'A1 U2 B3 A4 B5', 'A4 B5'],
  ['until ends its own key only', 'sequence by key [A] [B] until [U]', 'A1/x A1.5/y U2/x B3/x B4/y', 'A1.5 B4'],
  ['runs repeat a step', 'sequence [A] with runs=3 [B]', 'A1 A2 A3 B4', 'A1 A2 A3 B4'],
  ['no event follows itself', 'sequence [A] [A]', 'A1', ''],
  ['the same events start anew', 'sequence [A] [A]', 'A1 A2 A3', 'A1 A2, A2 A3'],
  ['events of one time keep their order', 'sequence [A] [B]', 'A1 B1', 'A1 B1'],
  ['events of one time do not turn round', 'sequence [A] [B]', 'B1 A1', ''],
  ['events are put in order of time', 'sequence [A] [B]', 'B2 A1', 'A1 B2'],
  ['nothing may lie between', 'sequence with maxspan=9s [A] ![M] [B]', 'A1 M2 B3 A4 B5', 'A4 B5'],
  ['an event of another key may', 'sequence by key with maxspan=9s [A] ![M] [B]', 'A1/x M2/y B3/x', 'A1 B3'],
  ['nothing may come after, within maxspan', 'sequence with maxspan=3s [A] ![M]', 'A1 M2 A5 M9', 'A5'],
  ['nothing may come before, within maxspan', 'sequence with maxspan=3s ![M] [A]', 'M1 A2 A9', 'A9'],
  ['around both ends one window must be free', 'sequence with maxspan=3s ![M] [A] ![M]', 'M1 A2 M3 A7 M9', 'A7'],
]

describe('sequence: matcher', () => {
  for (const [title, query, stream, wanted] of ROWS) {
    it(title, () => {
      const found = idsOf(compile('eql', written(query)).evaluate(events(stream)))
      assert.equal(found.map((ids) => ids.join(' ')).join(', '), wanted)
    })
  }

  it('orders sequences that begin with the same event by their keys, and shows keys as Elasticsearch does', () => {
    const schema = schemaOf({
      properties: {
        '@timestamp': { type: 'date' },
        day: { type: 'date' },
        address: { type: 'ip' },
        release: { type: 'version' },
      },
    })
    const joined = (key: string, one: unknown, other: unknown) =>
      compile('eql', `sequence by ${key} [any where true] [any where true]`, { schema })
        .search([event('1', 1, { [key]: one }), event('2', 2, { [key]: other })])
        .map(({ joinKeys }) => joinKeys[0])
    const days = ['2026-01-02', 1_767_225_600_000]
    assert.deepEqual(joined('day', days, days), ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'])
    assert.deepEqual(joined('address', ['::ffff:10.0.0.9', '0:0:0:0:0:0:0:1'], ['10.0.0.9', '::1']), [
      '::1',
      '10.0.0.9',
    ])
    assert.deepEqual(joined('address', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'), ['2001:db8::1:0:0:1'])
    assert.deepEqual(joined('release', ['1.10.0', '1.9.0'], ['1.9.0', '1.10.0']), ['1.9.0', '1.10.0'])
  })

  it('gives null in the place of a missing event', () => {
    const query = compile('eql', written('sequence by key with maxspan=9s [A] ![M] [B]'))
    const [match] = query.search(events('A1/x B3/x'))
    assert.deepEqual(
      match?.events.map((found) => found?.id ?? null),
      ['A1', null, 'B3'],
    )
    assert.deepEqual(match?.joinKeys, ['x'])
  })

  it('gives each match with its last event when events are pushed one by one', () => {
    const matcher = compile('eql', written('sequence by key with maxspan=5s [A] [B]')).matcher()
    const pushed = events('A1/x A2/y B3/y B4/x').map((one) => idsOf(matcher.push(one)))
    assert.deepEqual(pushed, [[], [], [['A2', 'B3']], [['A1', 'B4']]])
    assert.deepEqual(matcher.finish(), [])
  })

  it('holds a match back until nothing can forbid it', () => {
    const matcher = compile('eql', written('sequence with maxspan=3s [A] ![M]')).matcher()
    assert.deepEqual(
      events('A1 B2 B5').map((one) => idsOf(matcher.push(one))),
      [[], [], [['A1']]],
    )
  })

  it('keeps no more than what is open', function () {
    this.timeout(30_000)
    const matcher = compile('eql', written('sequence by key with maxspan=1s [A] [B]')).matcher()
    const push = (from: number, to: number) => {
      for (let at = from; at < to; at++) {
        matcher.push({ index: '', id: '', source: { '@timestamp': at * 10, letter: 'A', key: `${at}` } })
      }
    }
    push(0, 100_000)
    const before = process.memoryUsage().heapUsed
    push(100_000, 300_000)
    assert.ok(process.memoryUsage().heapUsed - before < 60_000_000)
  })

  it('agrees with the stage by stage search of Elasticsearch', () => {
    const letter = fc.constantFrom('A', 'B', 'C', 'U')
    const stream = fc.array(
      fc.record({ letter, key: fc.constantFrom('x', 'y'), gap: fc.integer({ min: 0, max: 3 }) }),
      { maxLength: 25 },
    )
    const query = compile('eql', written('sequence by key with maxspan=6s [A] [B] [C] until [U]'))
    fc.assert(
      fc.property(stream, (tokens) => {
        let time = 0
        const found = tokens.map(({ letter, key, gap }, at) => {
          time += gap
          return event(`${at}`, time, { letter, key })
        })
        assert.deepEqual(idsOf(query.evaluate(found)), sequencesOf(found, ['A', 'B', 'C'], 'U', 6_000))
      }),
      { numRuns: 1_000 },
    )
  })

  it('joins by values, not by what they look like', () => {
    const keys = [1, '1', '\x001', '\0"1', true, 'true', '"1']
    const query = compile('eql', 'sequence by key [any where step == 1] [any where step == 2]')
    for (const [at, first] of keys.entries()) {
      for (const [other, second] of keys.entries()) {
        const found = query.evaluate([event('a', 1, { step: 1, key: first }), event('b', 2, { step: 2, key: second })])
        assert.equal(found.length, at === other ? 1 : 0, `${JSON.stringify(first)} and ${JSON.stringify(second)}`)
      }
    }
  })
})
