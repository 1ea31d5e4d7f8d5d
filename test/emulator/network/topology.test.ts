/** Where hosts hang: behind a gateway that translates addresses, and out of the sensor's hearing. */
import assert from 'node:assert/strict'
import { fieldOf } from '../../../src/model/event.ts'
import { startTestLab, type TestLab } from '../lab.ts'

/** As the Filtering Platform writes it. */
const OUTBOUND = '%%14593'
const GATEWAY = { ip: '10.9.0.1', ports: [30_000, 30_002] }

describe('where emulated hosts hang', () => {
  let lab: TestLab
  before(async () => {
    lab = await startTestLab({
      ws1: { emulated: { ip: '10.9.0.11' } },
      srv1: { emulated: { ip: '10.9.0.21' } },
      behind1: { emulated: { ip: '192.168.5.11', wire: { gateway: GATEWAY } } },
      behind2: { emulated: { ip: '192.168.5.12', wire: { gateway: GATEWAY } } },
      aside1: { emulated: { ip: '10.9.7.11', wire: { observed: false } } },
      aside2: { emulated: { ip: '10.9.7.12', wire: { observed: false } } },
    })
  })
  after(() => lab?.stop())
  beforeEach(() => {
    lab.records.length = 0
    lab.capture.splice(1)
  })

  const query = async (from: string, to: string) => {
    const { exitCode, stderr } = await lab.run(from, `schtasks /query /s ${to}`)
    assert.deepEqual([exitCode, stderr], [0, ''])
  }
  const wire = () => lab.records.flatMap((record) => ('shape' in record ? [record.document] : []))
  const of = (host: string, id: number) =>
    lab.events().filter((event) => event.Hostname === host && event.EventID === id)

  it('behind a gateway: others see its address and a port of its range, the host itself its own', async () => {
    await query('behind1', 'srv1')
    const ends = new Set(wire().map((event) => `${fieldOf(event, 'source.ip')}:${fieldOf(event, 'source.port')}`))
    assert.deepEqual([...ends], ['10.9.0.1:30000', '10.9.0.1:30001'])
    const [logon] = of('srv1', 4624)
    assert.deepEqual([logon!.IpAddress, logon!.IpPort], ['10.9.0.1', '30001'])
    for (const { SourceAddress, SourcePort } of of('srv1', 5156)) {
      assert.equal(SourceAddress, '10.9.0.1')
      assert.ok(Number(SourcePort) < 49_152)
    }
    const own = of('behind1', 5156).filter(({ Direction }) => Direction === OUTBOUND)
    assert.equal(own.length, 2)
    for (const { SourceAddress, SourcePort } of own) {
      assert.equal(SourceAddress, '192.168.5.11')
      assert.ok(Number(SourcePort) >= 49_152)
    }
  })

  it('behind one gateway share its ports, one after the other, and begin again at the end', async () => {
    await query('behind2', 'srv1')
    await query('behind1', 'srv1')
    const ports = [...new Set(wire().map((event) => fieldOf(event, 'source.port')))]
    assert.deepEqual(ports, [30_002, 30_000, 30_001])
  })

  const HEARD: [from: string, to: string, heard: boolean][] = [
    ['ws1', 'srv1', true],
    ['aside1', 'srv1', true],
    ['ws1', 'aside1', true],
    ['aside1', 'aside2', false],
  ]
  for (const [from, to, heard] of HEARD) {
    it(`${heard ? 'are heard' : 'are not heard'} from ${from} to ${to}`, async () => {
      await query(from, to)
      assert.equal(wire().length > 0, heard)
      assert.equal(lab.capture.length > 1, heard)
      // What the hosts record of it is the same.
      assert.equal(of(to, 4624).length, 1)
    })
  }
})

describe('a lab without a network sensor', () => {
  it('works as well', async () => {
    const deaf = await startTestLab({ a: {}, b: {} }, { deaf: true })
    const { exitCode } = await deaf.run('a', 'schtasks /query /s b')
    assert.equal(exitCode, 0)
    assert.ok(deaf.records.length > 0)
    assert.equal(deaf.records.length, deaf.events().length)
    await deaf.stop()
  })
})
