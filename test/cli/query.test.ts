import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { remoteCreation, sysmon } from '../telemetry/remote-creation.ts'
import { tocsin } from './tocsin.ts'

const SCHTASKS = sysmon(1, 1, { Image: 'C:\\Windows\\System32\\schtasks.exe', CommandLine: 'schtasks /query' })
const lines = (records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')

const SAME_HIT: [language: string, query: string][] = [
  ['eql', 'process where process.name : "SCHTASKS.exe"'],
  ['kuery', 'process.name: schtasks.exe and event.category: process'],
  ['kql', 'process.name: schtasks.exe and event.category: process'],
  ['dnif', '_fetch * from event where $LogName=WINDOWS-SYSMON AND $App=SCHTASKS.EXE limit 5'],
  ['logpoint', 'norm_id=WindowsSysmon image="*\\schtasks.exe"'],
  [
    'sigma',
    "logsource: {category: process_creation, product: windows}\ndetection: {s: {Image|endswith: '\\schtasks.exe'}, condition: s}",
  ],
  ['car', 'p = search Process:Create\nq = filter p where exe == "schtasks.exe"\noutput q'],
]

describe('tocsin query', function () {
  this.timeout(60_000)
  let folder: string
  let file: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-query-'))
    file = join(folder, 'events.json')
    await writeFile(file, lines([SCHTASKS, ...remoteCreation()]))
  })
  after(() => rm(folder, { recursive: true }))

  for (const [language, query] of SAME_HIT) {
    it(`runs ${language} over standard input, with hits as Elasticsearch prints them`, async () => {
      const { code, stdout } = await tocsin(['query', '--language', language, query, '--json'], {
        input: lines([SCHTASKS, ...remoteCreation()]),
      })
      assert.equal(code, 0)
      const { hits, timed_out } = JSON.parse(stdout)
      assert.equal(timed_out, false)
      assert.deepEqual(hits.total, { value: 1, relation: 'eq' })
      assert.equal(hits.events[0]._id, '1')
      assert.equal(hits.events[0]._source.process.name, 'schtasks.exe')
    })
  }

  it('reads what must not come and what ends a sequence, of whatever category', async () => {
    const found = async (query: string) => {
      const { stdout } = await tocsin(['query', '--language', 'eql', query, file, '--json'])
      return JSON.parse(stdout).hits.total.value
    }
    const [first, last] = ['[process where true]', '[registry where true]']
    assert.equal(await found(`sequence ${first} ${last}`), 1)
    assert.equal(await found(`sequence ${first} ${last} until [network where true]`), 0)
    assert.equal(await found(`sequence with maxspan=1h ${first} ![network where true] ${last}`), 0)
  })

  it('prints sequences with their join keys', async () => {
    const query =
      'sequence by process.entity_id with maxspan=1m [network where true] ![file where true] [registry where true]'
    const { code, stdout } = await tocsin(['query', '--language', 'eql', query, file, '--json'])
    assert.equal(code, 0)
    const [sequence] = JSON.parse(stdout).hits.sequences
    assert.deepEqual(sequence.join_keys, ['{scheduler}'])
    assert.deepEqual(
      sequence.events.map((event: { _id: string }) => event._id),
      ['2', '', '3'],
    )
    assert.equal(sequence.events[1].missing, true)
  })

  it('prints a line an event for people', async () => {
    const { stdout, stderr } = await tocsin(['query', '--language', 'eql', 'process where true', file])
    assert.match(
      stdout,
      /events\.json\n {2}record 1 {2}2031-03-04T05:06:01\.000Z {2}DESK7 {2}Microsoft-Windows-Sysmon 1 {2}schtasks \/query\n$/,
    )
    assert.equal(stderr, '1 hit\n')
  })

  it('shows a mistake in its place and exits 2', async () => {
    const { code, stderr } = await tocsin(['query', '--language', 'eql', 'process where a = 1', file])
    assert.equal(code, 2)
    assert.equal(stderr, 'query:1:17: Use [==] for equality, not [=]\n1 | process where a = 1\n                    ^\n')
  })

  it('finds any number of hits', async () => {
    const one = JSON.stringify({ '@timestamp': '2031-03-04T05:06:07Z', event: { category: 'process', code: '1' } })
    const { code, stdout, stderr } = await tocsin(['query', '--language', 'eql', 'any where true', '-'], {
      input: `${one}\n`.repeat(130_000),
    })
    assert.equal(code, 0, stderr)
    assert.equal(stdout.split('\n').length, 130_002)
  })

  it('exits 3 for a damaged input, 2 for none', async () => {
    const cut = await tocsin(['query', '--language', 'eql', 'any where true', '-'], {
      input: `${lines([SCHTASKS])}{"EventID": `,
    })
    assert.equal(cut.code, 3)
    const none = await tocsin(['query', '--language', 'eql', 'any where true', join(folder, 'nothing.json')])
    assert.equal(none.code, 2)
    assert.match(none.stderr, /No events could be read/)
  })

  for (const args of [
    ['query', '--language', 'eql', 'any where true', ''],
    ['explain', 'CAR-2013-08-001', ''],
    ['parity', 'CAR-2013-08-001', '--against', ''],
    ['wire', ''],
  ]) {
    it(`${args[0]} refuses an empty argument, and does not read the current folder`, async () => {
      const { code, stdout, stderr } = await tocsin(args, { cwd: folder })
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, /^an argument that names a file is empty/)
    })
  }
})
