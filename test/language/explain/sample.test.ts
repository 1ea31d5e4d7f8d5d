import assert from 'node:assert/strict'
import { compile } from '../../../src/language/compile.ts'
import { event } from '../documents.ts'

/** Events of a host and a user, each with a letter; their ids are their numbers. */
const letters = (...given: [letter: string, host: string | null, seconds?: number][]) =>
  given.map(([letter, host, seconds = 0], at) =>
    event(`${at + 1}`, seconds, { letter, user: 'u', ...(host === null ? {} : { host: { id: host } }) }),
  )

const EQL = 'sample by host.id, user [any where letter == "A"] [any where letter == "B"] [any where letter == "C"]'

interface Row {
  events: ReturnType<typeof letters>
  summary: string
  /** The ids of what is shown, one a part. */
  shown: string[]
}

const ROWS: Record<string, Row> = {
  'the sample that matches': {
    events: letters(['A', 'h1'], ['A', 'h2'], ['B', 'h2'], ['C', 'h1'], ['C', 'h2']),
    summary: '1 sample matches',
    shown: ['2', '3', '5'],
  },
  'the values of the join key that differ': {
    events: letters(['A', 'h1'], ['B', 'h2'], ['C', 'h3']),
    summary: 'host.id is "h1" in step 1 and "h2" in step 2, the rule wants the same',
    shown: ['1', '2', '3'],
  },
  'the join key that an event lacks': {
    events: letters(['A', 'h1'], ['B', null], ['C', 'h1']),
    summary: 'step 2 has no host.id, user to join it with step 1',
    shown: ['1', '2', '3'],
  },
  'the join key that all events lack': {
    events: letters(['A', null], ['B', null], ['C', null]),
    summary: 'step 2 has no host.id, user to join it with step 1',
    shown: ['1', '2', '3'],
  },
  'the join key of most parts': {
    events: letters(['A', 'h1'], ['B', 'h3'], ['B', 'h2'], ['C', 'h2']),
    summary: 'host.id is "h1" in step 1 and "h2" in step 2, the rule wants the same',
    shown: ['1', '3', '4'],
  },
  'a part without an event': {
    events: letters(['A', 'h1']),
    summary: 'letter is "A", the rule wants "B"',
    shown: ['1', '1', '1'],
  },
}

describe('explain of a sample', () => {
  for (const [title, { events, summary, shown }] of Object.entries(ROWS)) {
    it(`shows ${title}`, () => {
      const found = compile('eql', EQL).explain(events)
      assert.equal(found.summary, summary)
      assert.deepEqual(
        found.nearest.map((one) => one.event?.id),
        shown,
      )
    })
  }

  it('says what is left where each part has events with one join key', () => {
    const sameEvent = compile('eql', 'sample by user [any where letter == "A"] [any where letter != "B"]')
    assert.equal(
      sameEvent.explain(letters(['A', 'h1'])).summary,
      'each part has events; the 2 of a sample must also be different ones and share user',
    )
  })

  it('says what a correlation wants of events that it counts', () => {
    const counted = compile(
      'sigma',
      [
        '{name: logon, logsource: {product: windows}, detection: {s: {host.id: h1}, condition: s}}',
        '{correlation: {type: value_count, rules: [logon], group-by: [host.id], timespan: 5m, condition: {field: user.name, gte: 3}}}',
      ].join('\n---\n'),
    )
    assert.equal(
      counted.explain(letters(['A', 'h1'], ['A', 'h1', 9])).summary,
      'each part has events; the 3 of a sample must also differ in user.name, share host.id and lie within 5 min',
    )
  })
})
