import assert from 'node:assert/strict'
import { compile } from '../../../src/language/compile.ts'
import { recordName } from '../../../src/language/explain/name.ts'
import { event } from '../documents.ts'

/** Events of one host at so many seconds, each with a letter; their ids are their numbers. */
const letters = (...given: [letter: string, seconds: number, host?: string | null][]) =>
  given.map(([letter, seconds, host = 'h'], at) =>
    event(`${at + 1}`, seconds, { letter, ...(host === null ? {} : { host: { id: host } }) }),
  )

/** `A !B C`: steps that look for those letters. */
const sequence = (steps: string, rest = '') => {
  const stages = steps.replace(/[A-Z]/g, (letter) => `[any where letter == "${letter}"]`)
  return compile('eql', `sequence by host.id with maxspan=1m ${stages} ${rest}`)
}

interface Row {
  steps: string
  rest?: string
  events: ReturnType<typeof letters>
  summary: string
  /** Step and record of what is shown. */
  shown: [step: number, id: string][]
}

const ROWS: Record<string, Row> = {
  'the match, where a newer event took the place of an earlier step': {
    steps: 'A B C',
    events: letters(['A', 0], ['B', 1], ['A', 2], ['B', 3], ['C', 4]),
    summary: '1 sequence matches',
    shown: [
      [1, '3'],
      [2, '4'],
      [3, '5'],
    ],
  },
  'the match that a pipe leaves': {
    steps: 'A B',
    rest: '| tail 1',
    events: letters(['A', 0], ['B', 1], ['A', 2], ['B', 3]),
    summary: '2 sequences match',
    shown: [
      [1, '3'],
      [2, '4'],
    ],
  },
  'a match beside a missing event': {
    steps: 'A !B C',
    events: letters(['A', 0], ['B', 1], ['C', 2], ['A', 3], ['C', 4]),
    summary: '1 sequence matches',
    shown: [
      [1, '4'],
      [3, '5'],
    ],
  },
  'the event between two steps, not one long before': {
    steps: 'A !B C',
    events: letters(['B', -7200], ['A', 10], ['B', 12], ['C', 15], ['B', 16]),
    summary: 'record 3 came 2 s after step 1, where the rule wants no such event (step 2)',
    shown: [
      [1, '2'],
      [2, '3'],
      [3, '4'],
    ],
  },
  'the event between the steps of the sequence that is complete': {
    steps: 'A !B C',
    events: letters(['A', 0], ['A', 5], ['B', 6], ['C', 7]),
    summary: 'record 3 came 1 s after step 1, where the rule wants no such event (step 2)',
    shown: [
      [1, '2'],
      [2, '3'],
      [3, '4'],
    ],
  },
  'the event of the same host': {
    steps: 'A !B C',
    events: letters(['A', 0], ['B', 1, 'other'], ['B', 2], ['C', 3]),
    summary: 'record 3 came 2 s after step 1, where the rule wants no such event (step 2)',
    shown: [
      [1, '1'],
      [2, '3'],
      [3, '4'],
    ],
  },
  'the last event before the first step': {
    steps: '!B A',
    events: letters(['B', 0], ['B', 100], ['A', 110]),
    summary: 'record 2 came 10 s before step 2, where the rule wants no such event (step 1)',
    shown: [
      [1, '2'],
      [2, '3'],
    ],
  },
  'the first event after the last step': {
    steps: 'A !B',
    events: letters(['B', 0], ['A', 10], ['B', 20], ['B', 30]),
    summary: 'record 3 came 10 s after step 1, where the rule wants no such event (step 2)',
    shown: [
      [1, '2'],
      [2, '3'],
    ],
  },
  'both events that leave no room between them': {
    steps: '!B A !C',
    events: letters(['B', 0], ['A', 10], ['C', 25]),
    summary:
      'record 1 came 10 s before step 2 and record 3 came 15 s after step 2, the rule wants more than 60 s between them (steps 1 and 3)',
    shown: [
      [1, '1'],
      [2, '2'],
      [3, '3'],
    ],
  },
  'the until event between two steps': {
    steps: 'A B',
    rest: 'until [any where letter == "C"]',
    events: letters(['A', 0], ['C', 1], ['B', 2]),
    summary: 'the until record 2 lies between step 1 and step 2',
    shown: [
      [1, '1'],
      [2, '3'],
    ],
  },
  'a join key that both lack': {
    steps: 'A B',
    events: letters(['A', 0, null], ['B', 1, null]),
    summary: 'step 2 has no host.id to join it with step 1',
    shown: [
      [1, '1'],
      [2, '2'],
    ],
  },
}

describe('explain of a sequence', () => {
  for (const [title, { steps, rest, events, summary, shown }] of Object.entries(ROWS)) {
    it(`shows ${title}`, () => {
      const found = sequence(steps, rest).explain(events, recordName)
      assert.equal(found.summary, summary)
      assert.deepEqual(
        found.nearest.map(({ step, event }) => [step + 1, event?.id]),
        shown,
      )
    })
  }

  it('calls an event by its id where it is in no recording', () => {
    const forbidden = sequence('A !B C').explain(letters(['A', 0], ['B', 1], ['C', 2]))
    assert.match(forbidden.summary, /^event 2 came 1 s after step 1/)
    assert.deepEqual(
      forbidden.nearest.map(({ holds }) => holds),
      [true, false, true],
    )
  })
})
