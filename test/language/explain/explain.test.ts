import assert from 'node:assert/strict'
import { compile } from '../../../src/language/compile.ts'
import type { EventDocument } from '../../../src/model/event.ts'
import { event } from '../documents.ts'

const RULE = `sequence by host.id, process.entity_id with maxspan = 1m
  [network where process.name : "svchost.exe" and network.direction : ("incoming", "ingress") and
   source.port >= 49152 and source.ip != "127.0.0.1"]
  [registry where event.type == "change" and registry.value : "Actions"]`

const connection = (seconds: number, more: object = {}, process: object = {}): EventDocument =>
  event('connection', seconds, {
    event: { category: ['network'] },
    host: { id: 'h1' },
    process: { name: 'svchost.exe', entity_id: 'p1', ...process },
    network: { direction: 'ingress' },
    source: { ip: '10.0.0.2', port: 50_123 },
    ...more,
  })

const change = (seconds: number, value = 'Actions', entity: string | null = 'p1'): EventDocument =>
  event(`change of ${value}`, seconds, {
    event: { category: ['configuration', 'registry'], type: ['change'] },
    host: { id: 'h1' },
    process: entity === null ? {} : { entity_id: entity },
    registry: { value },
  })

const ROWS: [title: string, events: EventDocument[], summary: string][] = [
  ['a match', [connection(0), change(1)], '1 sequence matches'],
  [
    'a value that is another',
    [connection(0), change(1, 'Triggers')],
    'registry.value is "Triggers", the rule wants "Actions" (step 2 of 2)',
  ],
  [
    'a number that is too low',
    [connection(0, { source: { ip: '10.0.0.2', port: 445 } }), change(1)],
    'source.port is 445, the rule wants >= 49152 (step 1 of 2)',
  ],
  [
    'one of several wanted values',
    [connection(0, { network: { direction: 'egress' } }), change(1)],
    'network.direction is "egress", the rule wants "incoming" or "ingress" (step 1 of 2)',
  ],
  [
    'a value that must not be',
    [connection(0, { source: { ip: '127.0.0.1', port: 50_123 } }), change(1)],
    'source.ip is "127.0.0.1", the rule wants anything but "127.0.0.1" (step 1 of 2)',
  ],
  [
    'a missing field, and more',
    [connection(0, { network: {}, source: { ip: '10.0.0.2' } }), change(1)],
    'network.direction is missing, the rule wants "incoming" or "ingress"; 1 more clause fails (step 1 of 2)',
  ],
  ['no event of a kind', [connection(0)], 'no registry event is there (step 2 of 2)'],
  ['nothing', [], 'no network event is there (step 1 of 2)'],
  [
    'another join key',
    [connection(0), change(1, 'Actions', 'p2')],
    'process.entity_id is "p1" in step 1 and "p2" in step 2, the rule wants the same',
  ],
  [
    'no join key',
    [connection(0), change(1, 'Actions', null)],
    'step 2 has no host.id, process.entity_id to join it with step 1',
  ],
  ['the other order', [connection(21.2), change(0)], 'step 2 came 21.2 s before step 1, the rule wants it after'],
  ['too late', [connection(0), change(72.5)], 'step 2 came 72.5 s after step 1, maxspan is 60 s: 12.5 s too late'],
]

describe('explain', () => {
  for (const [title, events, summary] of ROWS) {
    it(`names ${title}`, () => assert.equal(compile('eql', RULE).explain(events).summary, summary))
  }

  it('gives each clause of the nearest events with the value seen and the value wanted', () => {
    const { nearest } = compile('eql', RULE).explain([connection(0), change(1, 'Path'), change(2, 'Triggers')])
    assert.deepEqual(nearest[0]?.event, { index: 'events', id: 'connection' })
    assert.equal(nearest[0]?.holds, true)
    assert.equal(nearest[1]?.holds, false)
    assert.deepEqual(nearest[1]?.clauses, [
      { clause: 'event.type == "change"', holds: true, seen: '"change"', wanted: '"change"' },
      { clause: 'registry.value : "Actions"', holds: false, seen: '"Path"', wanted: '"Actions"' },
    ])
  })

  it('says null for a clause whose field is missing', () => {
    const { nearest } = compile('eql', 'any where a == 1 and b != 2').explain([event('1', 0, { a: 1 })])
    assert.deepEqual(nearest[0]?.clauses, [
      { clause: 'a == 1', holds: true, seen: '1', wanted: '1' },
      { clause: 'b != 2', holds: true, seen: null, wanted: 'anything but 2' },
    ])
    const missing = compile('eql', 'any where a == 1 and b == 2').explain([event('1', 0, { a: 1 })])
    assert.equal(missing.nearest[0]?.clauses[1]?.holds, null)
  })

  it('lists the alternatives of an or that fails', () => {
    const { summary, nearest } = compile('eql', 'any where a == 1 and (b == 2 or c : "x*")').explain([
      event('1', 0, { a: 1, b: 3, c: 'y' }),
    ])
    assert.equal(summary, 'the rule wants b == 2 or c : "x*", the event has b 3, c "y"')
    assert.deepEqual(
      nearest[0]?.clauses.map(({ clause }) => clause),
      ['a == 1', 'b == 2', 'c : "x*"'],
    )
  })

  it('takes a negated or apart', () => {
    const { summary, nearest } = compile('eql', 'any where not (a == 1 or b : "x*")').explain([
      event('1', 0, { a: 2, b: 'xy' }),
    ])
    assert.equal(summary, 'b is "xy", the rule wants anything but "x*"')
    assert.deepEqual(
      nearest[0]?.clauses.map(({ clause, holds }) => [clause, holds]),
      [
        ['not a == 1', true],
        ['not b : "x*"', false],
      ],
    )
  })

  it('explains pseudocode with its own words', () => {
    const query = 'p = search Process:Create\nq = filter p where exe == "schtasks.exe"\noutput q'
    const events = [event('1', 0, { event: { category: ['process'], type: ['start'] }, process: { name: 'st.exe' } })]
    const { summary, nearest } = compile('car', query).explain(events)
    assert.equal(summary, 'process.name is "st.exe", the rule wants "schtasks.exe"')
    assert.deepEqual(
      nearest[0]?.clauses.map(({ clause }) => clause),
      ['Process:Create', 'exe == "schtasks.exe"'],
    )
  })
})
