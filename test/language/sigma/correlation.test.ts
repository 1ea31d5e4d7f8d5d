import assert from 'node:assert/strict'
import { compile } from '../../../src/language/compile.ts'
import { event, idsOf } from '../documents.ts'

const RULES = `title: Created
name: created
logsource: {category: process_creation, product: windows}
detection: {s: {CommandLine|contains: create}, condition: s}
---
title: Connected
name: connected
logsource: {category: network_connection, product: windows}
detection: {s: {DestinationPort: 135}, condition: s}
---
`

const correlation = (lines: string) => `${RULES}title: Both\ncorrelation:\n${lines.replace(/^/gm, '    ')}\n`

const created = (id: string, seconds: number, host: string) =>
  event(id, seconds, {
    event: { category: ['process'], type: ['start'] },
    host: { name: host },
    winlog: { computer_name: host },
    process: { command_line: 'schtasks /create' },
  })
const connected = (id: string, seconds: number, host: string) =>
  event(id, seconds, {
    event: { category: ['network'], type: ['start'] },
    source: { domain: host },
    destination: { port: 135 },
  })

const events = [
  created('a1', 0, 'a'),
  created('b1', 1, 'b'),
  created('a2', 20, 'a'),
  connected('a3', 40, 'a'),
  created('a4', 50, 'a'),
  connected('b2', 200, 'b'),
  created('a5', 400, 'a'),
]

const found = (lines: string) => idsOf(compile('sigma', correlation(lines)).evaluate(events))

describe('sigma: correlation rules', () => {
  it('count events that share their group within the timespan', () => {
    const lines = 'type: event_count\nrules: [created]\ngroup-by: [ComputerName]\ntimespan: 1m\ncondition: {gte: 3}'
    assert.deepEqual(found(lines), [['a1', 'a2', 'a4']])
    assert.deepEqual(found(lines.replace('gte: 3', 'gt: 3')), [])
    assert.deepEqual(found(lines.replace('gte: 3', 'gte: 1')).flat(), ['a1', 'b1', 'a2', 'a4', 'a5'])
  })

  it('count the events of several rules together', () => {
    const lines = 'type: event_count\nrules: [created, connected]\ntimespan: 25s\ncondition: {gte: 3}'
    assert.deepEqual(found(lines), [['a1', 'b1', 'a2']])
  })

  it('find rules one after the other, joined by aliases', () => {
    const lines =
      'type: temporal_ordered\nrules: [created, connected]\ngroup-by: [machine]\ntimespan: 1m\naliases:\n    machine: {created: ComputerName, connected: SourceHostname}'
    assert.deepEqual(found(lines), [['a2', 'a3']])
    const query = compile('sigma', correlation(lines))
    assert.equal(query.maxspanMs, 60_000)
    assert.deepEqual(
      query.kinds.map(({ category }) => category),
      ['process', 'network'],
    )
  })

  const ORDERED = 'type: temporal_ordered\nrules: [created, connected]\ntimespan: 1m'
  const PROBLEMS: [lines: string, message: RegExp][] = [
    [
      ORDERED.replace('temporal_ordered', 'temporal'),
      /^line 13:11: correlation type \[temporal\] takes events in any order/,
    ],
    [
      ORDERED.replace('temporal_ordered', 'value_count'),
      /\[value_count\] counts the different values .* cannot be done here$/,
    ],
    [ORDERED.replace('temporal_ordered', 'ordered'), /\[ordered\] is no type of Sigma$/],
    [ORDERED.replace('connected', 'nobody'), /^line 14:22: no rule is named \[nobody\] here/],
    [ORDERED.replace('1m', '1w'), /^line 15:5: a timespan is a number and s, m, h or d/],
    [ORDERED.replace('temporal_ordered', 'event_count'), /a correlation needs 'condition'$/],
    ['type: event_count\nrules: [created]\ntimespan: 1m\ncondition: {lt: 3}', /\[lt\]: only 'gt' and 'gte'/],
    ['type: event_count\nrules: [created]\ntimespan: 1m\ncondition: {gte: 100000}', /more than 1000 events/],
  ]
  for (const [lines, message] of PROBLEMS) {
    it(`says what is wrong: ${message.source}`, () => {
      assert.throws(() => compile('sigma', correlation(lines)), { name: 'QueryError', message })
    })
  }
})
