import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ParityResult } from '../../src/cli/parity/result.ts'
import { sharedFolder } from '../language/shared-folder.ts'
import { sysmon } from '../telemetry/remote-creation.ts'
import { tocsin } from './tocsin.ts'
import { WorkFolder } from './work-folder.ts'

const SCHTASKS = { Image: 'C:\\Windows\\System32\\schtasks.exe' }
const started = (second: number, CommandLine?: string) =>
  sysmon(1, second, { ...SCHTASKS, ...(CommandLine === undefined ? {} : { CommandLine }) })

/** The second record has a dash, the third no switch at all, the fourth is the Security log's. */
const FLAT = [
  started(1, 'schtasks /Create /tn x'),
  started(2, 'schtasks -create /tn x'),
  started(3, 'schtasks'),
  {
    Channel: 'Security',
    Hostname: 'DESK7',
    TimeCreated: '2031-03-04T05:06:04.000Z',
    EventID: 4688,
    NewProcessName: SCHTASKS.Image,
    CommandLine: 'schtasks /query',
  },
  sysmon(5, 5, SCHTASKS),
]

const ECS = {
  '@timestamp': '2031-03-04T05:06:07.000Z',
  event: { category: ['process'], type: ['start'], code: '1', provider: 'Microsoft-Windows-Sysmon' },
  host: { name: 'desk9' },
  process: { name: 'schtasks.exe', executable: SCHTASKS.Image, command_line: 'schtasks -create /tn y' },
}

const lines = (records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')
const FLAGS = '$Process=regex(.*(\\/create|\\/run|\\/query|\\/delete|\\/change|\\/end).*)i'
const LIST = 'command IN ["*/create*", "*/run*", "*/query*", "*/delete*", "*/change*", "*/end*"]'

describe('tocsin parity', function () {
  this.timeout(120_000)
  let folder: string
  let flat: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-parity-'))
    flat = join(folder, 'flat.json')
    await writeFile(flat, lines(FLAT))
    await writeFile(join(folder, 'ecs.json'), lines([ECS]))
  })
  after(() => rm(folder, { recursive: true }))

  const parity = async (args: string[], input = '') => {
    const { code, stdout, stderr } = await tocsin(['parity', ...args, '--json'], { input })
    assert.equal(code, 0, stderr)
    return JSON.parse(stdout) as ParityResult
  }

  it('names each event on which implementations differ, and the clauses that do not hold', async () => {
    const { format, inputs, analytics } = await parity(['CAR-2013-08-001', '--against', flat])
    assert.equal(format, 'tocsin.parity/1')
    assert.deepEqual(
      inputs.map(({ path, shape, events }) => ({ path, shape, events })),
      [{ path: flat, shape: 'flat-winevent', events: 5 }],
    )
    const [analytic, ...others] = analytics
    assert.deepEqual(others, [])
    assert.deepEqual(analytic!.implementations, [
      { language: 'eql', testable: true, events: 4 },
      { language: 'car', testable: true, events: 4 },
      { language: 'dnif', testable: true, events: 1 },
      { language: 'logpoint', testable: true, events: 1 },
    ])
    const found = analytic!.differences.map(({ event, implementations }) => [
      event.record,
      event.code,
      ...implementations.map(({ matched, clauses }) => matched || clauses.map(({ clause }) => clause).join('; ')),
    ])
    assert.deepEqual(found, [
      [2, '1', true, true, FLAGS, LIST],
      [3, '1', true, true, FLAGS, LIST],
      [4, '4688', true, true, '$LogName=WINDOWS-SYSMON; $EventID=1', 'norm_id=WindowsSysmon; event_id=1'],
    ])
    assert.deepEqual(analytic!.differences[0]!.event, {
      input: 0,
      record: 2,
      '@timestamp': '2031-03-04T05:06:02.000Z',
      host: 'DESK7',
      provider: 'Microsoft-Windows-Sysmon',
      code: '1',
    })
    assert.equal(analytic!.differences[0]!.implementations[2]!.clauses[0]!.seen, '"schtasks -create /tn x"')
    assert.deepEqual(analytic!.clauses.slice(0, 2), [
      { language: 'dnif', clause: FLAGS, events: 2 },
      { language: 'logpoint', clause: LIST, events: 2 },
    ])
  })

  it('reads ECS documents from standard input', async () => {
    const { analytics } = await parity(['CAR-2013-08-001', '--against', '-'], lines([ECS]))
    const [{ event, implementations } = assert.fail()] = analytics[0]!.differences
    assert.equal(event.host, 'desk9')
    assert.deepEqual(
      implementations.map(({ matched }) => matched),
      [true, true, false, false],
    )
  })

  it('compares every analytic that has several implementations when none is named', async () => {
    const { analytics } = await parity(['--against', join(folder, 'ecs.json')])
    assert.ok(analytics.length > 1)
    assert.ok(analytics.every(({ implementations }) => implementations.length > 1))
    assert.deepEqual(analytics.find(({ id }) => id === 'CAR-2015-04-002')?.differences, [])
  })

  it('shows counts, clauses and events to people', async () => {
    const { stdout } = await tocsin(['parity', 'CAR-2013-08-001', '--against', flat, '--differences', '1'])
    assert.match(stdout, /^CAR-2013-08-001: its implementations differ on 3 events$/m)
    assert.match(stdout, /^ {2}logpoint {2}keeps out 2 events: command IN \["\*\/create\*"/m)
    assert.match(stdout, /^ {2}#1 record 2 {2}2031-03-04T05:06:02.000Z {2}DESK7 .* schtasks -create \/tn x$/m)
    assert.match(stdout, /^ {4}✓ eql$/m)
    assert.match(stdout, /^ {4}✗ dnif {6}\$Process=regex.*\("schtasks -create \/tn x"\)$/m)
    assert.match(stdout, /… 2 more, which --differences 3 shows/)
  })

  it('names the limit that cuts a result, and says why a sequence has no match', async () => {
    const work = await WorkFolder.make()
    try {
      await work.change('scenarios/analytics/CAR-2013-08-001.yml', (analytic) => {
        analytic.implementations[2].query = '_fetch * from event where $App=schtasks.exe limit 3'
        analytic.implementations[3] = {
          language: 'eql',
          query: 'sequence with maxspan=1s [process where event.type == "start"] [file where true]',
        }
      })
      const { stdout } = await work.tocsin(['parity', 'CAR-2013-08-001', '--against', flat, '--json'])
      const [{ differences } = assert.fail()] = (JSON.parse(stdout) as ParityResult).analytics
      const found = differences.map(({ implementations }) => implementations[2]!)
      assert.deepEqual(
        found.map(({ matched }) => matched),
        [true, true, true, false],
      )
      assert.deepEqual(found[3]!.clauses, [{ clause: 'the first 3', seen: 'one of the others', wanted: null }])
      assert.match(differences[0]!.implementations[3]!.clauses[0]!.clause, /file event/)
    } finally {
      await work.remove()
    }
  })

  it('exits 3 for a damaged input, 2 for a mistake or none', async () => {
    const args = ['parity', 'CAR-2013-08-001', '--against', '-']
    const cut = await tocsin(args, { input: `${lines([ECS])}{"EventID": ` })
    assert.equal(cut.code, 3)
    assert.match(cut.stdout, /differ on 1 event$/m)
    assert.equal((await tocsin(args)).code, 2)
    const unknown = await tocsin(['parity', 'CAR-2013-08-01', '--against', flat])
    assert.equal(unknown.code, 2)
    assert.match(unknown.stderr, /There is no analytic CAR-2013-08-01: .*CAR-2013-08-001/)
    const nothing = await tocsin(['parity', 'CAR-2013-08-001'])
    assert.equal(nothing.code, 2)
    assert.match(nothing.stderr, /--against/)
  })

  it('names the events of recordings', async function () {
    const host = join(sharedFolder(this), 'telemetry/host')
    const files = ['schtask_create.zip', 'empire_schtasks_standard_user.zip', 'sysmon-atomic-red-team.json.gz']
    const { analytics } = await parity(['CAR-2013-08-001', '--against', ...files.map((file) => join(host, file))])
    const [{ implementations, differences } = assert.fail()] = analytics
    // Of each start the Security log has a copy, which the forms for Sysmon do not read.
    assert.deepEqual(
      implementations.map(({ events }) => events),
      [6, 6, 4, 4],
    )
    assert.deepEqual(
      differences.map(({ event }) => [event.input, event.code]),
      [
        [0, '4688'],
        [1, '4688'],
      ],
    )
  })
})
