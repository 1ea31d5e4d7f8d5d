import assert from 'node:assert/strict'
import { at, type Json, MINUTE, START, type TestSiem, testSiem } from './siem.ts'

const PROCESS = {
  event: { category: ['process'], action: 'start' },
  host: { id: 'h1' },
  process: { name: 'schtasks.exe' },
}
const NETWORK = {
  event: { category: ['network'] },
  host: { id: 'h1' },
  process: { name: 'svchost.exe', entity_id: 'e' },
}
const REGISTRY = {
  event: { category: ['registry'] },
  host: { id: 'h1' },
  process: { name: 'svchost.exe', entity_id: 'e' },
}
const SEQUENCE = 'sequence by host.id with maxspan=1m [network where true] [registry where true]'

describe('detection loop', () => {
  let siem: TestSiem

  beforeEach(async () => {
    siem = await testSiem()
  })

  afterEach(() => siem.stop())

  const execution = async (ruleId: string) => {
    const { body } = await siem.ask('GET', `/api/detection_engine/rules?rule_id=${ruleId}`)
    return body.execution_summary?.last_execution
  }

  it('runs a new rule at once, and writes one alert an event', async () => {
    await siem.index('events', { one: at(-MINUTE, PROCESS) })
    const rule = await siem.rule({ rule_id: 'r', query: 'process where process.name : "SCHTASKS.EXE"' })
    await siem.pass(1000)
    const [alert, ...more] = await siem.alerts()
    assert.equal(more.length, 0)
    const source = alert!._source
    assert.equal(source['kibana.alert.uuid'], alert!._id)
    assert.equal(source['kibana.alert.rule.rule_id'], 'r')
    assert.equal(source['kibana.alert.rule.uuid'], rule.id)
    assert.deepEqual(source['kibana.alert.ancestors'], [{ id: 'one', type: 'event', index: 'events', depth: 0 }])
    assert.equal(source['kibana.alert.original_time'], new Date(START - MINUTE).toISOString())
    assert.equal(source['kibana.alert.original_event.action'], 'start')
    assert.equal(source['event.kind'], 'signal')
    assert.equal(source['kibana.alert.workflow_status'], 'open')
    assert.equal(source['process.name'], 'schtasks.exe')
    assert.equal(source['kibana.alert.reason'], 'process event with process schtasks.exe created low alert a rule.')
  })

  it('does not alert twice on what overlapping runs see', async () => {
    await siem.index('events', { one: at(0, PROCESS) })
    await siem.rule({ query: 'process where true', interval: '1m', from: 'now-30m' })
    await siem.pass(10 * MINUTE)
    assert.equal((await siem.alerts()).length, 1)
    await siem.index('events', { two: at(10 * MINUTE, PROCESS) })
    await siem.pass(2 * MINUTE)
    assert.equal((await siem.alerts()).length, 2)
  })

  it('looks no further back than its window', async () => {
    await siem.index('events', { old: at(-10 * MINUTE, PROCESS), fresh: at(-8 * MINUTE, PROCESS) })
    await siem.rule({ query: 'process where true', from: 'now-9m' })
    await siem.pass(20 * MINUTE)
    const ancestors = (await siem.alerts()).map(({ _source }) => _source['kibana.alert.ancestors'][0].id)
    assert.deepEqual(ancestors, ['fresh'])
  })

  it('finds an event that arrives before its own time, once that has come', async () => {
    await siem.index('events', { early: at(7 * MINUTE, PROCESS) })
    await siem.rule({ query: 'process where true', interval: '5m', from: 'now-9m' })
    await siem.pass(6 * MINUTE)
    assert.equal((await siem.alerts()).length, 0)
    await siem.pass(5 * MINUTE)
    assert.equal((await siem.alerts()).length, 1)
  })

  it('writes a block for each event of a sequence and a shell around them', async () => {
    await siem.index('events', { net: at(-2000, NETWORK), reg: at(-1000, REGISTRY) })
    const rule = await siem.rule({ query: SEQUENCE })
    await siem.pass(1000)
    const alerts = await siem.alerts()
    const blocks = alerts.filter(({ _source }) => _source['kibana.alert.building_block_type'] === 'default')
    const shells = alerts.filter(({ _source }) => _source['kibana.alert.building_block_type'] === undefined)
    assert.deepEqual(
      blocks.map(({ _source }) => [_source['kibana.alert.group.index'], _source['kibana.alert.ancestors'][0].id]),
      [
        [0, 'net'],
        [1, 'reg'],
      ],
    )
    const [shell] = shells
    assert.equal(shells.length, 1)
    assert.equal(shell!._source['kibana.alert.depth'], 2)
    for (const { _source } of alerts) assert.equal(_source['kibana.alert.group.id'], shell!._id)
    assert.deepEqual(
      shell!._source['kibana.alert.ancestors'].map(({ id, type, rule: owner }: Json) => [id, type, owner]),
      [
        ['net', 'event', undefined],
        [blocks[0]!._id, 'signal', rule.id],
        ['reg', 'event', undefined],
        [blocks[1]!._id, 'signal', rule.id],
      ],
    )
    assert.equal(shell!._source['host.id'], 'h1')
    assert.equal(shell!._source['event.category'], undefined)
  })

  it('joins events of a sequence that different runs saw first, in different indices', async () => {
    await siem.rule({ query: SEQUENCE, index: ['events', 'other*'], interval: '1m' })
    await siem.index('events', { net: at(50_000, NETWORK) })
    await siem.pass(70_000)
    await siem.index('other-1', { reg: at(80_000, REGISTRY) })
    await siem.pass(2 * MINUTE)
    const shells = (await siem.alerts()).filter(({ _source }) => _source['kibana.alert.depth'] === 2)
    assert.equal(shells.length, 1)
  })

  it('runs KQL rules', async () => {
    await siem.index('events', { one: at(0, PROCESS), two: at(0, NETWORK) })
    await siem.rule({ type: 'query', language: 'kuery', query: 'event.category: process and process.name: sch*' })
    await siem.pass(1000)
    assert.equal((await siem.alerts()).length, 1)
  })

  it('says of a rule that reads an unmapped field that it failed', async () => {
    await siem.index('events', { one: at(0, PROCESS) })
    await siem.rule({ rule_id: 'bad', query: 'process where procces.name == "x"' })
    await siem.pass(1000)
    const last = await execution('bad')
    assert.equal(last.status, 'failed')
    assert.equal(last.status_order, 30)
    assert.match(last.message, /Unknown column \[procces\.name\]/)
  })

  it('recovers when the field gets mapped', async () => {
    await siem.index('events', { one: at(0, PROCESS) })
    await siem.rule({ rule_id: 'r', query: 'process where user.name == "eve"', interval: '1m' })
    await siem.pass(1000)
    assert.equal((await execution('r')).status, 'failed')
    await siem.index('events', { two: at(0, { ...PROCESS, user: { name: 'eve' } }) })
    await siem.pass(2 * MINUTE)
    assert.equal((await execution('r')).status, 'succeeded')
    assert.equal((await siem.alerts()).length, 1)
  })

  it('warns when there is no index to read', async () => {
    await siem.rule({ rule_id: 'r', query: 'any where true', index: ['nothing-*'] })
    await siem.pass(1000)
    const last = await execution('r')
    assert.equal(last.status, 'partial failure')
    assert.match(last.message, /no index matching: \["nothing-\*"\] was found/)
  })

  it('does not run a disabled rule, and runs it once it is enabled', async () => {
    await siem.index('events', { one: at(0, PROCESS) })
    await siem.rule({ rule_id: 'r', query: 'process where true', enabled: false })
    await siem.pass(6 * MINUTE)
    assert.equal(await execution('r'), undefined)
    const { body } = await siem.ask('PATCH', '/api/detection_engine/rules', {
      rule_id: 'r',
      enabled: true,
      from: 'now-9m',
    })
    assert.equal(body.revision, 1)
    await siem.pass(1000)
    assert.equal((await siem.alerts()).length, 1)
  })

  it('tells when a limit left alerts out, and writes them with the next run', async () => {
    await siem.index('events', Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`e${n}`, at(0, PROCESS)])))
    await siem.rule({ rule_id: 'r', query: 'process where true', max_signals: 3, interval: '1m', from: 'now-9m' })
    await siem.pass(1000)
    assert.equal((await siem.alerts()).length, 3)
    assert.equal((await execution('r')).status, 'partial failure')
    await siem.pass(MINUTE)
    assert.equal((await siem.alerts()).length, 5)
  })

  it('keeps the rules and alerts of spaces apart', async () => {
    await siem.index('events', { one: at(0, PROCESS) })
    const body = {
      rule_id: 'r',
      name: 'n',
      description: '',
      type: 'eql',
      query: 'process where true',
      severity: 'low',
      risk_score: 1,
      index: ['events'],
    }
    assert.equal((await siem.ask('POST', '/s/lab/api/detection_engine/rules', body)).status, 200)
    await siem.pass(1000)
    assert.equal((await siem.ask('GET', '/api/detection_engine/rules?rule_id=r')).status, 404)
    assert.equal((await siem.alerts()).length, 0)
    const { body: found } = await siem.ask('POST', '/s/lab/api/detection_engine/signals/search', {})
    assert.equal(found.hits.hits[0]._index, '.alerts-security.alerts-lab')
  })
})
