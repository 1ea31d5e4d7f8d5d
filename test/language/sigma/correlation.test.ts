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
      query.kinds.map(({ categories }) => categories),
      [['process'], ['network']],
    )
  })

  it('find rules in any order within the timespan, each event once', () => {
    const lines =
      'type: temporal\nrules: [connected, created]\ngroup-by: [machine]\ntimespan: 15s\naliases:\n    machine: {created: ComputerName, connected: SourceHostname}'
    // a2 lies 20 s before a3, a4 10 s after it.
    assert.deepEqual(found(lines), [['a3', 'a4']])
    assert.deepEqual(found(lines.replace('15s', '20s')), [['a3', 'a2']])
    assert.deepEqual(found(lines.replace('15s', '9s')), [])
    assert.deepEqual(found(`${lines}\ncondition: {gte: 2}`), [['a3', 'a4']])
    const query = compile('sigma', correlation(lines))
    assert.equal(query.maxspanMs, 15_000)
    const nearest = query.explain(events.filter(({ id }) => id.startsWith('b')))
    assert.match(nearest.summary, /share source\.domain and lie within 15 s/)
  })

  it('take different events for the same rule twice', () => {
    const lines = 'type: temporal\nrules: [created, created]\ngroup-by: [ComputerName]\ntimespan: 30s'
    assert.deepEqual(found(lines), [['a1', 'a2']])
  })

  it('count the different values of a field', () => {
    const users = [
      ['u1', 0, 'a', 'anna'],
      ['u2', 10, 'a', 'anna'],
      ['u3', 20, 'a', 'ben'],
      ['u4', 21, 'b', 'cleo'],
      ['u5', 70, 'a', 'cleo'],
      ['u6', 75, 'a', 'ben'],
      ['u7', 76, 'a', 'anna'],
    ] as const
    const logins = users.map(([id, seconds, host, user]) => {
      const one = created(id, seconds, host)
      return { ...one, source: { ...one.source, process: { command_line: 'create', working_directory: user } } }
    })
    const lines =
      'type: value_count\nrules: [created]\ngroup-by: [ComputerName]\ntimespan: 1m\ncondition: {field: CurrentDirectory, gte: 3}'
    const query = compile('sigma', correlation(lines))
    // The third value comes 70 s after the first one's latest event, which lies 60 s back: in time.
    assert.deepEqual(idsOf(query.evaluate(logins)), [['u2', 'u3', 'u5']])
    assert.ok(query.fields.includes('process.working_directory'))
    assert.deepEqual(idsOf(compile('sigma', correlation(lines.replace('1m', '59s'))).evaluate(logins)), [
      ['u5', 'u6', 'u7'],
    ])
    assert.deepEqual(idsOf(compile('sigma', correlation(lines.replace('gte: 3', 'gte: 4'))).evaluate(logins)), [])
  })

  it('count what is then a step of an ordered correlation', () => {
    const chained = (inner: string) =>
      `${correlation('type: temporal_ordered\nrules: [several, connected]\ngroup-by: [machine]\ntimespan: 1m\naliases:\n    machine: {created: ComputerName, connected: SourceHostname}')}---\ntitle: Several\nname: several\ncorrelation:\n${inner.replace(/^/gm, '    ')}\n`
    const inner = 'type: event_count\nrules: [created]\ngroup-by: [machine]\ntimespan: 1m\ncondition: {gte: 2}'
    assert.deepEqual(idsOf(compile('sigma', chained(inner)).evaluate(events)), [['a1', 'a2', 'a3']])
    for (const [text, message] of [
      [inner.replace('1m', '30s'), /at least its timespan/],
      [inner.replace('machine', 'User'), /group by the same fields/],
      [inner.replace('event_count', 'temporal'), /only those of type \[event_count\]/],
    ] as const) {
      assert.throws(() => compile('sigma', chained(text)), { name: 'QueryError', message })
    }
  })

  const FILTER = (rules: string, product = 'windows', condition = 'not selection') =>
    `---\ntitle: Known host\nlogsource: {category: process_creation, product: ${product}}\nfilter:\n    rules: ${rules}\n    selection: {ComputerName: a}\n    condition: ${condition}\n`
  const counted = correlation('type: event_count\nrules: [created]\ntimespan: 1h\ncondition: {gte: 1}')
  const FILTERED: [title: string, filter: string, ids: string[]][] = [
    ['that name the rule', FILTER('[created]'), ['b1']],
    ['that ask for more', FILTER('[created]', 'windows', 'selection'), ['a1', 'a2', 'a4', 'a5']],
    ['of any rule', FILTER('any'), ['b1']],
    ['of another rule', FILTER('[connected]'), ['a1', 'b1', 'a2', 'a4', 'a5']],
    ['of another log source', FILTER('any', 'linux'), ['a1', 'b1', 'a2', 'a4', 'a5']],
  ]
  for (const [title, filter, ids] of FILTERED) {
    it(`heed filters ${title}`, () => {
      assert.deepEqual(idsOf(compile('sigma', counted + filter).evaluate(events)).flat(), ids)
    })
  }

  const ORDERED = 'type: temporal_ordered\nrules: [created, connected]\ntimespan: 1m'
  const PROBLEMS: [lines: string, message: RegExp][] = [
    [
      ORDERED.replace('temporal_ordered', 'value_sum'),
      /^line 13:11: correlation type \[value_sum\] adds up the values of a field, which cannot be done here$/,
    ],
    [`${ORDERED.replace('_ordered', '')}\ncondition: {gte: 1}`, /all 2 rules have to be found here$/],
    [`${ORDERED.replace('temporal_ordered', 'value_count')}\ncondition: {gte: 2}`, /needs the 'field'/],
    [
      `${ORDERED.replace('temporal_ordered', 'value_count')}\ncondition: {field: User, gte: 2}`,
      /\[User\] is not one field in all of these rules/,
    ],
    [ORDERED.replace('[created, connected]', '[created, Both]'), /these correlations name each other$/],
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
