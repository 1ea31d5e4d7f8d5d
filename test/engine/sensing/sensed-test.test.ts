import assert from 'node:assert/strict'
import { SensedTest } from '../../../src/engine/sensing/sensed-test.ts'
import type { EventDocument } from '../../../src/model/event.ts'
import { Sensor } from '../../../src/model/lab.ts'
import { host } from '../world.ts'

const NOW = Date.parse('2031-03-04T05:06:08Z')
const tap = (name: string, ship: boolean) => ({
  ...host(name, 'sensor', { os: 'linux' }),
  sensor: Sensor.parse({ interface: 'eth1', ship }),
})

const message = (rpc: object = {}, more: object = {}) => ({
  '@timestamp': '2031-03-04T05:06:07.400Z',
  event: { action: 'SchRpcRegisterTask' },
  rpc: { interface: 'ITaskSchedulerService', opnum: 1, call_id: 4, context_id: 0, ...rpc },
  source: { ip: '192.0.2.1', port: 50_000 },
  destination: { ip: '192.0.2.2', port: 49_671 },
  wire: { frames: [4] },
  ...more,
})

describe('what sensors saw of a test', () => {
  it('is known by what tells one message from others, not by the frames of a capture', () => {
    const sensed = new SensedTest(
      async () => {},
      () => NOW,
    )
    sensed.take([message(), message({}, { wire: { frames: [9] } })], tap('tap1', false), 0)
    sensed.take([message()], tap('tap2', false), 0)
    const others = [
      message({ call_id: 5 }),
      message({ opnum: 2 }),
      message({ context_id: 1 }),
      message({}, { source: { ip: '192.0.2.1', port: 50_001 } }),
      message({}, { '@timestamp': '2031-03-04T05:06:07.401Z' }),
    ]
    sensed.take(others, tap('tap1', false), 0)
    const [first, again, ...rest] = sensed.local.map(({ id }) => id)
    assert.equal(first, again)
    assert.equal(new Set([first, ...rest]).size, 1 + rest.length)
  })

  it('has the time of the run’s clock, and is written with when it was', async () => {
    const shipped: EventDocument[] = []
    const sensed = new SensedTest(
      async (events) => void shipped.push(...events),
      () => NOW,
    )
    sensed.take([message()], tap('tap1', true), 1_400)
    await sensed.stop()
    assert.deepEqual(sensed.local, [])
    const [event] = shipped
    assert.equal(event!.source['@timestamp'], '2031-03-04T05:06:06.000Z')
    assert.deepEqual(event!.source.event, { action: 'SchRpcRegisterTask', ingested: '2031-03-04T05:06:08.000Z' })
    assert.equal(sensed.isLocal(event!), false)
  })

  it('is tried three times to write, and kept when it cannot be', async () => {
    let tries = 0
    const failing = (until: number) =>
      new SensedTest(
        async () => {
          tries += 1
          if (tries < until) throw new Error('it is full')
        },
        () => NOW,
      )
    const recovered = failing(3)
    recovered.take([message()], tap('tap1', true), 0)
    await recovered.stop()
    assert.deepEqual([tries, recovered.unshipped, recovered.local.length], [3, null, 0])
    tries = 0
    const full = failing(9)
    full.take([message()], tap('tap1', true), 0)
    await full.stop()
    assert.equal(tries, 3)
    assert.equal(full.unshipped, 'events of a sensor could not be written into the SIEM: it is full')
    assert.equal(full.isLocal(full.local[0]!), true)
  })
})
