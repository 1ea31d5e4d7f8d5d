/** What the sensor of the emulated lab captured stays as evidence of each test. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fieldOf } from '../../src/model/event.ts'
import type { RunRecord, TestRecord } from '../../src/model/run-record.ts'
import { WorkFolder } from './work-folder.ts'

interface Query {
  hits: { events: { _source: Record<string, unknown> }[] }
}

describe('captures of the emulated lab', function () {
  this.timeout(120_000)
  let folder: WorkFolder
  let record: RunRecord
  before(async () => {
    folder = await WorkFolder.make()
    const run = await folder.run([
      ...['schtasks-remote/create', 'schtasks-local/query', 'network-blind-spots', 'cim-sessions/register-wsman'],
      ...['--out', 'run'],
    ])
    assert.equal(run.code, 0, run.stderr)
    record = run.record
  })
  after(() => folder.remove())

  const capturesOf = (id: string) => (record.tests.find((test) => test.id === id) as TestRecord).captures

  it('are files with their hash, of the traffic of one test', async () => {
    const [capture, ...others] = capturesOf('schtasks-remote/create')
    assert.deepEqual(others, [])
    const { sensor, path, sha256, bytes, events, problem } = capture!
    assert.deepEqual([sensor, path, problem], ['lab-network', 'captures/lab-network/schtasks-remote/create.pcap', null])
    const content = await readFile(join(folder.path, 'run', path!))
    assert.deepEqual([content.length, createHash('sha256').update(content).digest('hex')], [bytes, sha256])
    // The test's own messages and those of its clean-up, which runs from the source too.
    assert.ok(events >= 14, `${events} events`)
  })

  it('can be replayed, and the frames of events are those of the file', async () => {
    const file = 'run/captures/lab-network/network-blind-spots/behind-address-translation.pcap'
    const query = 'network where rpc.opnum == 1'
    const { code, stdout, stderr } = await folder.tocsin(['query', '--language', 'eql', '--json', query, file])
    assert.equal(code, 0, stderr)
    const [registration] = (JSON.parse(stdout) as Query).hits.events
    const check = record.tests
      .find(({ id }) => id === 'network-blind-spots/behind-address-translation')!
      .checks.find(({ analytic }) => analytic === 'remote-task-registration-on-the-wire')!
    const called = check.exchange.flatMap(({ messages }) => messages).find(({ opnum }) => opnum === 1)
    assert.deepEqual(called!.frames, fieldOf(registration!._source, 'wire.frames'))
    assert.equal(fieldOf(registration!._source, 'source.ip'), '10.20.0.2')
  })

  it('are shown by who spoke to whom, and the arrows are arrows', async () => {
    const report = await readFile(join(folder.path, 'run', 'report.html'), 'utf8')
    assert.match(report, /<span aria-hidden="true">→ <\/span><b>bind<\/b> ITaskSchedulerService/)
    assert.doesNotMatch(report, /â/)
  })

  it('hold what is no RPC, too', () => {
    const [capture] = capturesOf('cim-sessions/register-wsman')
    assert.deepEqual([capture!.path !== null, capture!.events], [true, 0])
  })

  const QUIET = ['schtasks-local/query', 'network-blind-spots/out-of-the-sensors-hearing']
  for (const id of QUIET) {
    it(`are no files where the sensor heard nothing, as of ${id}`, () => {
      const [capture] = capturesOf(id)
      const { path, sha256, bytes, events, problem } = capture!
      assert.deepEqual([path, sha256, bytes, events, problem], [null, null, 0, 0, null])
    })
  }
})
