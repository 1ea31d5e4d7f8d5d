import assert from 'node:assert/strict'
import { analytic, host, planOf, START, scenario } from '../world.ts'

const a = analytic('a', 'process.name=task')
const b = analytic('b', 'network.action=bind then registry.value=Actions')
const expect = [{ analytic: 'a', is: 'alert' }]
const test = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  steps: [{ host: 'source', run: 'task {{marker}}' }],
  expect,
  ...more,
})

const suite = scenario([
  test('one', { tags: ['local'] }),
  test('two', { expect: [...expect, { analytic: 'b', is: 'silent' }] }),
  test('three', { tags: ['remote'], expect: [{ analytic: 'b', is: 'alert' }] }),
])
const select = (selection: { ids?: string[]; tags?: string[]; analytics?: string[] }) =>
  planOf({
    scenarios: [suite],
    analytics: [a, b],
    selection: { ids: [], tags: [], analytics: [], ...selection },
  })
const messages = (plan: ReturnType<typeof planOf>) =>
  plan.problems.map(({ test, message, mend }) => `${test}: ${message} (${mend})`)

describe('plan', () => {
  it('takes tests by scenario, test, tag and analytic', () => {
    const ids = (plan: ReturnType<typeof planOf>) => plan.tests.map(({ id }) => id.slice('suite/'.length))
    assert.deepEqual(ids(select({})), ['one', 'two', 'three'])
    assert.deepEqual(ids(select({ ids: ['suite'] })), ['one', 'two', 'three'])
    assert.deepEqual(ids(select({ ids: ['suite/two'] })), ['two'])
    assert.deepEqual(ids(select({ tags: ['remote'] })), ['three'])
    const byAnalytic = select({ analytics: ['b'] })
    assert.deepEqual(ids(byAnalytic), ['two', 'three'])
    assert.deepEqual(
      byAnalytic.tests.map(({ checks }) => checks.map(({ analytic: { id } }) => id)),
      [['b'], ['b']],
    )
    assert.deepEqual(
      byAnalytic.analytics.map(({ id }) => id),
      ['b'],
    )
  })

  it('says what an empty or misspelled selection should have been', () => {
    assert.deepEqual(messages(select({ ids: ['suite/tow'], tags: ['lokal'], analytics: ['c'] })), [
      'null: there is no scenario or test "suite/tow" (did you mean "suite/two"?)',
      'null: there is no tag "lokal" (did you mean "local"?)',
      'null: there is no analytic "c" (did you mean "a"?)',
    ])
    assert.match(messages(select({ tags: ['local'], analytics: ['b'] }))[0]!, /no test is selected/)
  })

  it('shows every mistake of all tests at once', () => {
    const broken = planOf({
      analytics: [a],
      scenarios: [
        scenario([
          test('unknowns', {
            steps: [{ host: 'sorce', run: '{{nothing}} {{marker}}' }],
            expect: [{ analytic: 'aa', is: 'alert' }],
          }),
          test('circle', { variables: { x: '{{y}}', y: '{{x}}' } }),
          test('lacking', { steps: [{ host: 'source', run: '{{source.domain}}' }] }),
        ]),
      ],
    })
    assert.deepEqual(messages(broken), [
      'suite/unknowns: there is no analytic "aa" (did you mean "a"?)',
      'suite/unknowns: no host of the lab has the role "sorce" (did you mean "source"?)',
      'suite/unknowns: no such template variable: "nothing" (one of marker, source.name, target.name, sorce.name)',
      'suite/circle: variables refer to each other in a circle: x → y → x (break the circle)',
      'suite/lacking: host ws2 (role "source") has no domain (add it to the host in the lab file)',
    ])
  })

  it('deals tests out to lanes, and gives two roles of a test two hosts', () => {
    const remote = (id: string) =>
      test(id, {
        steps: [
          { host: 'source', run: 'x' },
          { host: 'target', run: 'y {{marker}}' },
        ],
      })
    const { tests } = planOf({
      analytics: [a],
      scenarios: [scenario(['r1', 'r2', 'r3', 'r4'].map(remote))],
    })
    assert.deepEqual(
      tests.map(({ hosts }) => [...hosts.values()].map(({ name }) => name).join()),
      ['ws1,srv1', 'ws2,srv2', 'ws1,srv1', 'ws2,srv2'],
    )
    const both = planOf({
      analytics: [a],
      scenarios: [scenario([remote('r')])],
      hosts: [host('x', 'source', { role: ['source', 'target'] }), host('y', 'target')],
    })
    assert.deepEqual(
      [...both.tests[0]!.hosts.values()].map(({ name }) => name),
      ['x', 'y'],
    )
  })

  it('knows the longest maxspan of a test, and whether it carries its marker', () => {
    const { tests } = planOf({
      analytics: [a, b],
      scenarios: [
        scenario([
          test('short'),
          test('long', { expect: [...expect, { analytic: 'b', is: 'silent' }] }),
          test('plain', {
            steps: [{ host: 'source', run: 'task calctask' }],
            cleanup: [{ host: 'source', run: '{{marker}}' }],
          }),
          test('indirect', {
            variables: { name: 'x-{{inner}}', inner: '{{marker}}' },
            steps: [{ host: 'source', run: '{{name}}' }],
          }),
        ]),
      ],
    })
    assert.deepEqual(
      tests.map(({ maxspanMs }) => maxspanMs),
      [0, 60_000, 0, 0],
    )
    assert.deepEqual(
      tests.map(({ carriesMarker }) => carriesMarker),
      [true, true, false, true],
    )
  })
})

describe('authorization', () => {
  const real = host('ws1', 'source', { emulated: undefined, address: '10.1.2.3', hostKey: `SHA256:${'a'.repeat(43)}` })
  const leave = (more: Record<string, unknown> = {}, entry: Record<string, unknown> = {}) => ({
    approvedBy: 'somebody',
    reason: 'exercise',
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2026-01-02T00:00:00Z',
    hosts: [{ address: '10.1.2.3', ...entry }],
    ...more,
  })
  const refused = (authorization: ReturnType<typeof leave> | null, hosts = [real], now = START) =>
    planOf({ scenarios: [scenario([test('one')])], analytics: [a], hosts, authorization, now }).problems.map(
      ({ message }) => message,
    )

  it('is needed by hosts that are not emulated, and by no others', () => {
    assert.match(refused(null)[0]!, /ws1 \(10\.1\.2\.3\) is not emulated, and no authorization names it/)
    assert.deepEqual(refused(null, [host('ws1', 'source')]), [])
    assert.deepEqual(refused(leave()), [])
  })

  it('holds for the addresses, host keys and time that it names', () => {
    const TABLE: [ReturnType<typeof leave>, RegExp | null][] = [
      [leave({ hosts: [{ address: '10.9.9.9' }] }), /does not name ws1/],
      [leave({}, { hostKey: `SHA256:${'b'.repeat(43)}` }), /with the host key SHA256:b+, the lab file pins SHA256:a+/],
      [leave({}, { hostKey: `SHA256:${'a'.repeat(43)}` }), null],
      [leave({ notBefore: '2026-01-01T13:00:00Z' }), /begins at 2026-01-01T13:00:00Z/],
      [leave({ notAfter: '2026-01-01T11:00:00Z' }), /ended at 2026-01-01T11:00:00Z/],
    ]
    for (const [authorization, message] of TABLE) {
      const found = refused(authorization)
      if (message === null) assert.deepEqual(found, [])
      else assert.match(found.join('\n'), message)
    }
    assert.match(
      refused(leave({}, { hostKey: `SHA256:${'b'.repeat(43)}` }), [
        host('ws1', 'source', { emulated: undefined, address: '10.1.2.3' }),
      ])[0]!,
      /the lab file pins none/,
    )
  })

  it('names hosts of this machine by localhost', () => {
    const here = host('here', 'source', {
      emulated: undefined,
      address: undefined,
      transport: 'local-shell',
      os: 'linux',
    })
    assert.match(refused(null, [here])[0]!, /here \(localhost\)/)
    assert.deepEqual(refused(leave({ hosts: [{ address: 'localhost' }] }), [here]), [])
  })

  describe('with a network sensor', () => {
    const wire = analytic('wire', 'network.action=bind', { index: ['logs-network_traffic.dcerpc-*'] })
    const tap = (more: Record<string, unknown> = {}) =>
      host('tap1', 'sensor', { os: 'linux', emulated: undefined, sensor: { interface: 'eth1' }, ...more })
    const real = (name: string, role: string, more: Record<string, unknown> = {}) =>
      host(name, role, { emulated: undefined, ...more })
    const planned = (hosts: ReturnType<typeof host>[], is: string) =>
      planOf({
        scenarios: [scenario([test('one', { expect: [{ analytic: is, is: 'alert' }] })])],
        analytics: [a, b, wire],
        hosts,
      })
    const leave = "write an authorization file and name it in the lab file's `authorization`"

    it('takes it for the analytics that read its events, and needs leave for it as for any other host', () => {
      const taken = planned([host('ws1', 'source'), tap()], 'wire')
      assert.deepEqual(
        taken.tests[0]!.sensors.map(({ name }) => name),
        ['tap1'],
      )
      assert.equal(taken.tests[0]!.checks[0]!.sensed, true)
      assert.deepEqual(messages(taken), [
        `null: tap1 (127.0.0.1) is not emulated, and no authorization names it (${leave})`,
      ])
    })

    it('leaves it alone for those that read other indices or other kinds of event', () => {
      for (const is of ['a', 'b']) {
        const left = planned([host('ws1', 'source'), tap()], is)
        assert.deepEqual([left.tests[0]!.sensors, left.tests[0]!.checks[0]!.sensed, left.problems], [[], false, []])
      }
    })

    it('needs the address of each host whose traffic it is to capture', () => {
      const mend = 'give the host an ip in the lab file'
      const about = (ws1: Record<string, unknown>) => messages(planned([real('ws1', 'source', ws1), tap()], 'wire'))[0]
      assert.equal(
        about({ address: 'ws1.lab.test' }),
        `suite/one: host ws1 has the address ws1.lab.test, which is a name, and tap1 has to capture its traffic (${mend})`,
      )
      assert.match(about({ address: undefined })!, /host ws1 has no address, and tap1/)
      assert.match(about({ address: 'ws1.lab.test', ip: '192.0.2.11' })!, /no authorization names it/)
    })
  })
})
