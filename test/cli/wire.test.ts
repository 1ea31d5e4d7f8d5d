import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { ReplayResult } from '../../src/cli/replay/result.ts'
import type { WireResult } from '../../src/cli/wire/result.ts'
import { sharedFolder } from '../language/shared-folder.ts'
import { framesOf, REMOTE_CREATION, segmentsOf } from '../wire/conversation.ts'
import { pcap } from '../wire/packet-maker.ts'
import { tocsin } from './tocsin.ts'

const CAPTURE = pcap(framesOf(segmentsOf(REMOTE_CREATION)))

describe('tocsin wire', () => {
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-wire-'))
    await writeFile(join(folder, 'whole.pcap.gz'), gzipSync(CAPTURE))
    await writeFile(join(folder, 'cut.pcap'), CAPTURE.subarray(0, -5))
    await writeFile(join(folder, 'events.json'), '{"a": 1}')
  })

  after(() => rm(folder, { recursive: true, force: true }))

  it('shows who spoke to whom, what was called, and where the views find the interface', async () => {
    const { code, stdout, stderr } = await tocsin(['wire', 'whole.pcap.gz'], { cwd: folder })
    assert.deepEqual([code, stderr], [0, ''])
    assert.match(stdout, /^whole\.pcap\.gz: 17 packets, 1 DCE\/RPC connection, 4 messages$/m)
    assert.match(stdout, /^ {2}10\.0\.0\.5:56588 → 10\.0\.0\.6:49671$/m)
    assert.match(stdout, /^ {2}frame 4 {3}bind {22}ITaskSchedulerService$/m)
    assert.match(stdout, /^ {2}frame 12 {2}SchRpcRegisterTask \(1\)/m)
    assert.match(stdout, /^ {2}frame 4 +bind +56588 → 49671 +3 +3 +3 +at byte 32, 76, 120$/m)
    assert.match(stdout, /^ {2}all +4 +4 +4$/m)
  })

  it('gives PDUs and occurrences as JSON', async () => {
    const { code, stdout } = await tocsin(['wire', 'whole.pcap.gz', '--json'], { cwd: folder })
    const { format, inputs, pdus, occurrences } = JSON.parse(stdout) as WireResult
    assert.equal(code, 0)
    assert.equal(format, 'tocsin.wire/1')
    assert.deepEqual(inputs, [{ path: 'whole.pcap.gz', packets: 17, errors: [] }])
    const { frame, type, interface: name, opnum, callId, contextId, flags, source, destination } = pdus.at(-2)!
    assert.deepEqual(
      [frame, type, name, opnum, callId, contextId, flags],
      [13, 'request', 'ITaskSchedulerService', 1, 4, 1, 2],
    )
    assert.deepEqual(
      [source, destination],
      [
        { ip: '10.0.0.5', port: 56588 },
        { ip: '10.0.0.6', port: 49671 },
      ],
    )
    assert.deepEqual(
      occurrences
        .filter(({ view }) => view === 'raw')
        .map(({ frame, pdu, pduOffset, streamOffset, ports }) => ({ frame, pdu, pduOffset, streamOffset, ports })),
      [32, 76, 120, 192].map((streamOffset) => ({
        frame: streamOffset < 160 ? 4 : 6,
        pdu: streamOffset < 160 ? 'bind' : 'alter_context',
        pduOffset: streamOffset < 160 ? streamOffset : 32,
        streamOffset,
        ports: [56588, 49671],
      })),
    )
  })

  it('a cut capture: exit 3, what was read, and the byte where the rest is missing', async () => {
    const { code, stdout, stderr } = await tocsin(['wire', 'cut.pcap'], { cwd: folder })
    assert.equal(code, 3)
    assert.match(stdout, /SchRpcRegisterTask/)
    assert.match(
      stderr,
      /^cut\.pcap: packet 16, byte \d+: the capture is cut: of its last part 65 of 70 bytes are there$/m,
    )
  })

  it('nothing that is a capture: exit 2', async () => {
    const { code, stdout, stderr } = await tocsin(['wire', 'events.json', 'absent.pcap'], { cwd: folder })
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, /events\.json: it is no capture of packets/)
    assert.match(stderr, /absent\.pcap: no such file/)
    assert.match(stderr, /No packets could be read/)
  })

  it('replay: the document’s pseudocode matches every message, each view the binds', async () => {
    const { code, stdout } = await tocsin(
      ['replay', '--json', '--analytic', 'CAR-2015-04-002', '--', 'whole.pcap.gz'],
      { cwd: folder },
    )
    const { inputs, analytics } = JSON.parse(stdout) as ReplayResult
    assert.equal(code, 0)
    assert.deepEqual(
      inputs.map(({ shape, events }) => [shape, events]),
      [['capture', 4]],
    )
    assert.deepEqual(
      analytics.map(({ language, testable, matches }) => [language, testable, matches]),
      [
        ['eql', true, 4],
        ['car', true, 4],
        ['decoded', true, 2],
        ['raw', true, 2],
        ['printable', true, 2],
      ],
    )
    const [events] = analytics.at(-1)!.hits.map((hit) => hit.events)
    assert.deepEqual(
      events!.map(({ input, record }) => [input, record]),
      [[0, 1]],
    )
  })

  it('counts what is on recorded captures, and nothing on those without the interface', async function () {
    const pcaps = join(sharedFolder(this), 'telemetry', 'pcap')
    const names = ['schtask_create.zip', 'negative_wmi_execmethod.zip', 'smb_at_schedule.pcap']
    const files = names.map((name) => join(pcaps, name))
    const { code, stdout } = await tocsin(['wire', '--json', ...files])
    const { inputs, occurrences } = JSON.parse(stdout) as WireResult
    assert.equal(code, 0)
    assert.deepEqual(
      inputs.map(({ packets }) => packets),
      [2839, 324, 245, 20],
    )
    const count = (view: string) =>
      inputs.map((_, input) => occurrences.filter((one) => one.view === view && one.input === input).length)
    assert.deepEqual(
      [count('decoded'), count('raw'), count('printable')],
      [
        [4, 0, 0, 0],
        [6, 0, 0, 0],
        [6, 0, 0, 0],
      ],
    )
    const replayed = await tocsin(['replay', '--json', '--analytic', 'CAR-2015-04-002', '--', ...files])
    const { analytics } = JSON.parse(replayed.stdout) as ReplayResult
    assert.deepEqual(
      analytics.map(({ language, matches }) => [language, matches]),
      [
        ['eql', 5],
        ['car', 5],
        ['decoded', 2],
        ['raw', 2],
        ['printable', 2],
      ],
    )
  })
})
