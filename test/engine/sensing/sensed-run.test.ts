/** Runs in memory whose lab has a network sensor: what it captures, or does not, decides the checks that read it. */
import assert from 'node:assert/strict'
import type { CommandEnd, RunningCommand } from '../../../src/engine/ports.ts'
import type { SensingOptions } from '../../../src/engine/sensing/sensors.ts'
import type { EventDocument } from '../../../src/model/event.ts'
import { Sensor } from '../../../src/model/lab.ts'
import type { CheckRecord } from '../../../src/model/run-record.ts'
import { analytic, host, hosts, scenario, World } from '../world.ts'

const INDEX = 'logs-network_traffic.dcerpc-default'
const wire = analytic('wire', 'network.action=bind', { index: ['logs-network_traffic.dcerpc-*'] })
const process = analytic('process', 'process.name=exit')

/** A test whose command does nothing that the world's own sensors record of the network. */
const binding = (is: string, more: Record<string, unknown> = {}) =>
  scenario([
    {
      id: 'bind',
      steps: [{ host: 'source', run: 'exit 0' }],
      expect: [
        { analytic: 'wire', is },
        { analytic: 'process', is: 'log' },
      ],
      ...more,
    },
  ])

interface Tap {
  /** How the capture ends when it is asked to, or at once when it never listened. */
  end?: CommandEnd
  listens?: boolean
  /** What it says at its end. */
  says?: string
  /** Documents that it captures, by their network.action. */
  actions?: string[]
  ship?: boolean
  /** Why the SIEM takes nothing. */
  refuses?: string
  /** How far its clock is ahead, milliseconds. */
  aheadMs?: number
  maxBytes?: number
}

function worldWith(tap: Tap): {
  world: World
  run: (is?: string) => ReturnType<World['run']>
  shipped: EventDocument[]
} {
  const world = new World()
  const { end = { kind: 'exited', exitCode: 0 }, listens = true, actions = [], ship = false } = tap
  world.sensor = async (_host, command, listener): Promise<RunningCommand> => {
    let finish: (end: CommandEnd) => void = () => {}
    const ended = new Promise<CommandEnd>((resolve) => {
      finish = resolve
    })
    const over = () => {
      if (tap.says !== undefined) listener.stderr(tap.says)
      finish(end)
    }
    if (!command.includes('tocsin-capture')) {
      if (tap.aheadMs === undefined) finish(end)
      const answer = () => listener.stdout(Buffer.from(`${world.clock.now() + (tap.aheadMs ?? 0)}000000\n`))
      return { ended, write: answer, endInput: () => finish(end), kill: async () => end }
    }
    if (listens) {
      listener.stderr('tcpdump: listening on eth1, link-type EN10MB\n')
      for (const action of actions)
        listener.stdout(Buffer.from(`${JSON.stringify(documentOf(world, action, tap.aheadMs))}\n`))
    } else over()
    return { ended, write: () => {}, endInput: over, kill: async () => end }
  }
  const shipped: EventDocument[] = []
  const sensing: SensingOptions = {
    reader: () => ({
      push: (bytes) =>
        bytes
          .toString()
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>),
      end: () => ({ documents: [], damage: null }),
    }),
    keep: () => {
      let bytes = 0
      return {
        write: (chunk) => {
          bytes += chunk.length
        },
        close: async () => ({ sha256: 'f'.repeat(64), bytes }),
      }
    },
    ship: async (events) => {
      if (tap.refuses !== undefined) throw new Error(tap.refuses)
      shipped.push(...events)
      world.events.push(...events.map((event) => ({ ...event, visibleAt: world.clock.now() })))
    },
    own: [],
  }
  const limit = tap.maxBytes === undefined ? {} : { maxBytes: tap.maxBytes }
  const sensor = {
    ...host('tap1', 'sensor', { os: 'linux' }),
    sensor: Sensor.parse({ interface: 'eth1', ship, ...limit }),
  }
  const run = (is = 'alert') =>
    world.run({ scenarios: [binding(is)], analytics: [wire, process], hosts: [...hosts(), sensor], sensing })
  return { world, run, shipped }
}

const documentOf = (world: World, action: string, aheadMs = 0) => ({
  '@timestamp': new Date(world.clock.now() + aheadMs).toISOString(),
  event: { category: ['network'], action },
  network: { action },
  rpc: { interface: 'ITaskSchedulerService' },
  source: { ip: '127.0.0.1', port: 50_000 },
  destination: { ip: '127.0.0.1', port: 49_671 },
})

const told = ({ verdict, outcome, brokenStage }: CheckRecord) => ({ verdict, outcome, brokenStage })

describe('a run with a network sensor', () => {
  it('writes events into the SIEM where the lab file says so, and the rule alerts', async () => {
    const { run, shipped } = worldWith({ actions: ['bind', 'call'], ship: true })
    const [test] = (await run()).tests
    assert.deepEqual(told(test!.checks[0]!), { verdict: 'alerted', outcome: 'expected', brokenStage: null })
    assert.deepEqual(
      shipped.map(({ index, source }) => [index, source.observer]),
      [
        [INDEX, { type: 'sensor', name: 'tap1' }],
        [INDEX, { type: 'sensor', name: 'tap1' }],
      ],
    )
    const [capture] = test!.captures
    assert.equal(capture!.path, 'captures/tap1/suite/bind.pcap')
    assert.equal(capture!.problem, null)
    assert.equal(capture!.events, 2)
    assert.ok(capture!.bytes > 0 && capture!.startedAt !== null && capture!.endedAt !== null)
  })

  it('judges events itself that are not in the SIEM: matched at most, and says why no rule alerts', async () => {
    const { run, shipped } = worldWith({ actions: ['bind'] })
    const [check] = (await run()).tests[0]!.checks
    assert.deepEqual(told(check!), { verdict: 'matched', outcome: 'unexpected', brokenStage: 'rule' })
    assert.match(check!.cause!, /not written into the SIEM/)
    assert.deepEqual(shipped, [])
  })

  it('shows who said what to whom, and which message the logic matches', async () => {
    const { run } = worldWith({ actions: ['bind', 'call'] })
    const [exchange, ...others] = (await run('match')).tests[0]!.checks[0]!.exchange
    assert.deepEqual(others, [])
    assert.deepEqual([exchange!.sensor, exchange!.client.port, exchange!.server.port], ['tap1', 50_000, 49_671])
    assert.deepEqual(
      exchange!.messages.map(({ action, matched }) => [action, matched]),
      [
        ['bind', true],
        ['call', false],
      ],
    )
  })

  it('calls a quiet wire unseen, and that is what silence asks for', async () => {
    const [check] = (await worldWith({}).run('silent')).tests[0]!.checks
    assert.deepEqual(told(check!), { verdict: 'unseen', outcome: 'expected', brokenStage: null })
  })

  const blind: [what: string, tap: Tap, cause: RegExp][] = [
    [
      'cannot be reached',
      { listens: false, end: { kind: 'unreachable', reason: 'connection refused' } },
      /sensor tap1: .*connection refused/,
    ],
    [
      'does not begin',
      { listens: false, says: 'tcpdump: eth1: No such device exists\ntocsin-capture: exit 1\n' },
      /sensor tap1: tcpdump ended with exit code 1: .*No such device/,
    ],
    ['is lost on the way', { end: { kind: 'lost', reason: 'it hung up' } }, /sensor tap1: the connection was lost/],
    ['ends too early', { says: 'tcpdump: eth1 went down\ntocsin-capture: exit 1\n' }, /sensor tap1: .*went down/],
    ['reaches its time limit', { says: 'tocsin-capture: time\n' }, /sensor tap1: its limit of 30m was reached/],
    ['loses packets', { says: '12 packets dropped by kernel\n' }, /sensor tap1: it lost 12 packets/],
  ]
  for (const [what, tap, cause] of blind) {
    it(`cannot say what was not seen by a sensor that ${what}; other checks can`, async () => {
      for (const is of ['alert', 'silent']) {
        const { run, world } = worldWith(tap)
        const [test] = (await run(is)).tests
        const [check, other] = test!.checks
        assert.deepEqual(told(check!), { verdict: 'unknown', outcome: 'inconclusive', brokenStage: null })
        assert.match(check!.cause!, cause)
        assert.equal(other!.outcome, 'expected')
        assert.match(`sensor tap1: ${test!.captures[0]!.problem}`, cause)
        assert.ok(world.heard.every(({ type }) => type !== 'siem-trouble'))
      }
    })
  }

  it('takes no more bytes than its limit, whatever the sensor sends, and says that it was reached', async () => {
    const { run } = worldWith({ actions: Array(40).fill('bind'), maxBytes: 4_096 })
    const [test] = (await run('silent')).tests
    assert.equal(test!.captures[0]!.bytes, 4_096)
    assert.equal(test!.captures[0]!.problem, 'its limit of 4,096 bytes was reached')
  })

  it('still says what a sensor saw that did not see all', async () => {
    const { run } = worldWith({ actions: ['bind'], says: 'tocsin-capture: time\n' })
    assert.equal((await run('match')).tests[0]!.checks[0]!.verdict, 'matched')
  })

  it('notes a capture before it begins and once it is over; one that was lost stays noted', async () => {
    const whole = worldWith({ actions: ['bind'] })
    await whole.run()
    const [first, second] = whole.world.journal
    assert.ok('capturing' in first! && 'captured' in second! && first.capturing.id === second.captured)
    assert.deepEqual([first.capturing.sensor, first.capturing.test], ['tap1', 'suite/bind'])
    const lost = worldWith({ end: { kind: 'lost', reason: 'it hung up' } })
    await lost.run()
    assert.ok(lost.world.journal.every((line) => !('captured' in line)))
  })

  it('calls unknown what rules could not see because the SIEM took no events', async () => {
    const { run, world } = worldWith({ actions: ['bind'], ship: true, refuses: 'it is full' })
    const [check] = (await run()).tests[0]!.checks
    assert.deepEqual(told(check!), { verdict: 'unknown', outcome: 'inconclusive', brokenStage: null })
    assert.match(check!.cause!, /could not be written into the SIEM: it is full/)
    assert.ok(world.heard.some((event) => event.type === 'sensor-trouble' && event.reason.includes('it is full')))
  })

  it('takes the offset of its clock off the times of events, and records it', async () => {
    const aheadMs = 900_000
    const { run } = worldWith({ actions: ['bind'], ship: true, aheadMs })
    const record = await run()
    assert.equal(record.tests[0]!.checks[0]!.verdict, 'alerted')
    const [clock, ...others] = record.clocks
    assert.deepEqual([clock!.host, others], ['tap1', []])
    assert.ok(Math.abs(clock!.offsetMs - aheadMs) < 1_000, `${clock!.offsetMs}`)
  })

  it('starts no capture that it cannot write down', async () => {
    const { run, world } = worldWith({ actions: ['bind'] })
    world.journaling.capturing = () => Promise.reject(new Error('the disk is full'))
    const [test] = (await run()).tests
    assert.match(test!.checks[0]!.cause!, /sensor tap1: the journal could not be written.*the disk is full/)
    assert.deepEqual(
      [test!.checks[0]!.verdict, test!.checks[1]!.outcome, test!.captures[0]!.bytes],
      ['unknown', 'expected', 0],
    )
  })

  it('starts no sensor for tests none of whose analytics reads it', async () => {
    const { world } = worldWith({})
    const test = binding('log')
    test.tests[0]!.expect = [{ analytic: 'process', is: 'log' }]
    const sensor = { ...host('tap1', 'sensor', { os: 'linux' }), sensor: Sensor.parse({ interface: 'eth1' }) }
    const record = await world.run({ scenarios: [test], analytics: [wire, process], hosts: [...hosts(), sensor] })
    assert.deepEqual(record.tests[0]!.captures, [])
    assert.deepEqual(world.journal, [])
  })
})
