/** The shipper against a SIEM that takes, delays, refuses and fails. */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LeapingClock } from '../../src/clock/leaping-clock.ts'
import { type RawRecord, record, SECURITY } from '../../src/emulator/sensors/record.ts'
import { createShipper, type Shipper } from '../../src/emulator/shipper.ts'

const START = Date.UTC(2030, 0, 1)

interface Received {
  at: number
  authorization: string | undefined
  actions: { create: { _index: string; _id: string } }[]
  documents: Record<string, unknown>[]
}

const raw = (id: number): RawRecord =>
  record({ provider: SECURITY, id, task: 0, message: '', fields: {}, lag: 0 }, 'ws1', START)

describe('the shipper', () => {
  let server: Server
  let clock: LeapingClock
  let shipper: Shipper
  let received: Received[]
  let troubles: string[]
  /** What the SIEM answers next; 200 for each document when it is empty. */
  let answers: ((ids: string[]) => { status: number; items?: number[] })[]

  beforeEach(async () => {
    received = []
    troubles = []
    answers = []
    clock = new LeapingClock({ start: START })
    server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const lines = Buffer.concat(chunks).toString('utf8').trimEnd().split('\n')
        const parsed = lines.map((line) => JSON.parse(line))
        const actions = parsed.filter((_, index) => index % 2 === 0)
        const documents = parsed.filter((_, index) => index % 2 === 1)
        received.push({ at: clock.now(), authorization: request.headers.authorization, actions, documents })
        const answer = answers.shift()?.(actions.map(({ create }) => create._id)) ?? { status: 200 }
        const items = actions.map((_, index) => ({ create: { status: answer.items?.[index] ?? 201 } }))
        response.writeHead(answer.status, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ errors: false, items }))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    shipper = createShipper({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      apiKey: 'a-key',
      clock,
      normalise: (taken) =>
        'shape' in taken || taken.EventID === 0
          ? null
          : { index: `logs-${taken.EventID}`, document: { event: { code: String(taken.EventID) } } },
      onTrouble: (reason) => troubles.push(reason),
    })
  })
  afterEach(async () => {
    clock.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const pass = (ms: number) => clock.busy(() => clock.sleep(ms))
  const codes = () =>
    received.flatMap(({ documents }) => documents.map(({ event }) => (event as { code: string }).code))

  it('gathers records and sends them in one request, with the key, the index and the time of ingest', async () => {
    await shipper.ship([raw(1), raw(2)])
    await shipper.ship([raw(3)])
    await pass(2_000)
    assert.equal(received.length, 1)
    const [{ authorization, actions, documents }] = received as [Received]
    assert.equal(authorization, 'ApiKey a-key')
    assert.deepEqual(
      actions.map(({ create }) => create._index),
      ['logs-1', 'logs-2', 'logs-3'],
    )
    const { ingested } = documents[0]!.event as { ingested: string }
    assert.ok(Math.abs(Date.parse(ingested) - START - 500) < 400, ingested)
  })

  it('leaves out what is not normalised', async () => {
    await shipper.ship([raw(0), { shape: 'network', document: {} }, raw(4)])
    await pass(2_000)
    assert.deepEqual(codes(), ['4'])
  })

  it('holds back what arrives late, and the clock waits for it', async () => {
    await shipper.ship([raw(5)], 20 * 60_000)
    await shipper.ship([raw(6)])
    await pass(60_000)
    assert.deepEqual(codes(), ['6'])
    await pass(20 * 60_000)
    assert.deepEqual(codes(), ['6', '5'])
    const late = (received[1]!.documents[0]!.event as { ingested: string }).ingested
    assert.ok(Date.parse(late) >= START + 20 * 60_000)
  })

  for (const status of [401, 429, 503]) {
    it(`tries again after ${status}, with the same ids`, async () => {
      answers = [() => ({ status }), () => ({ status })]
      await shipper.ship([raw(7)])
      await pass(60_000)
      assert.equal(received.length, 3)
      assert.equal(new Set(received.map(({ actions }) => actions[0]!.create._id)).size, 1)
      assert.deepEqual(troubles, [`the SIEM answers ${status} to telemetry`])
    })
  }

  it('tries only what was pushed back again; what is there or refused for good is done', async () => {
    answers = [() => ({ status: 200, items: [201, 429, 409, 400] })]
    await shipper.ship([raw(1), raw(2), raw(3), raw(4)])
    await pass(60_000)
    assert.deepEqual(codes(), ['1', '2', '3', '4', '2'])
    assert.deepEqual(troubles, ['the SIEM refuses an event with 400'])
  })

  it('keeps what it cannot send until somebody listens', async () => {
    const { port } = server.address() as AddressInfo
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await shipper.ship([raw(8)])
    await pass(10_000)
    assert.match(troubles[0] ?? '', /^telemetry cannot be sent: .*ECONNREFUSED/)
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    await pass(60_000)
    assert.deepEqual(codes(), ['8'])
  })

  it('sends what is left when it stops, and takes no more', async () => {
    await shipper.ship([raw(9)], 60 * 60_000)
    await shipper.stop()
    await shipper.ship([raw(10)])
    assert.deepEqual(codes(), ['9'])
  })
})
