import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { zip } from '../telemetry/readers/zip-maker.ts'
import { REMOTE_CREATION_CASES, remoteCreation, sysmon } from '../telemetry/remote-creation.ts'
import { home, tocsin } from './tocsin.ts'

type Json = Record<string, unknown>

interface HitEvent {
  input: number
  record: number
  '@timestamp': string
  host: string | null
  provider: string | null
  code: string | null
}

interface Replay {
  format: string
  inputs: { path: string; shape: string; events: number; skipped: number; problems: Json[] }[]
  analytics: { id: string; language: string; testable: boolean; matches: number; hits: { events: HitEvent[] }[] }[]
}

const SCENARIOS = join(home, 'scenarios')
const SEQUENCE = 'remote-scheduled-task-creation'

const schtasks = sysmon(1, 1, { Image: 'C:\\Windows\\System32\\schtasks.exe', CommandLine: 'schtasks /query' })

const lines = (records: Json[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')

describe('tocsin replay', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-replay-'))
  })
  after(() => rm(folder, { recursive: true }))

  const put = async (name: string, content: string | Buffer) => {
    const path = join(folder, name)
    await writeFile(path, content)
    return path
  }

  const replay = async (args: string[], code: number, input = ''): Promise<Replay & { stderr: string }> => {
    const finished = await tocsin(['replay', ...args, '--json', '--scenarios', SCENARIOS], { input })
    assert.equal(finished.code, code, finished.stderr)
    return { ...(JSON.parse(finished.stdout) as Replay), stderr: finished.stderr }
  }

  const entry = ({ analytics }: Replay, id: string, language = 'eql') =>
    analytics.find((analytic) => analytic.id === id && analytic.language === language)!

  it('prints each hit with its record, time, host and source', async () => {
    const result = await replay([await put('one.json', lines([sysmon(5, 0, {}), schtasks]))], 0)
    assert.equal(result.format, 'tocsin.replay/1')
    assert.deepEqual(
      result.inputs.map(({ path, shape, events, skipped }) => ({ path: basename(path), shape, events, skipped })),
      [{ path: 'one.json', shape: 'flat-winevent', events: 2, skipped: 0 }],
    )
    for (const language of ['eql', 'car']) {
      const { hits, matches, testable } = entry(result, 'CAR-2013-08-001', language)
      assert.deepEqual([matches, testable], [1, true])
      const event = {
        input: 0,
        record: 2,
        '@timestamp': '2031-03-04T05:06:01.000Z',
        host: 'DESK7',
        provider: 'Microsoft-Windows-Sysmon',
        code: '1',
      }
      assert.deepEqual(hits, [{ events: [event] }])
    }
  })

  it('has an entry for every implementation, and says which cannot be tested', async () => {
    const result = await replay([await put('processes.json', lines([schtasks]))], 0)
    assert.deepEqual(
      [entry(result, SEQUENCE).testable, entry(result, SEQUENCE).matches, entry(result, SEQUENCE).hits],
      [false, 0, []],
    )
    assert.equal(entry(result, 'CAR-2015-04-002', 'car').testable, false)
  })

  it('knows which events a condition asks for', async () => {
    const [connection, actions] = remoteCreation()
    const written = async (record: ReturnType<typeof sysmon>) =>
      entry(await replay([await put('one.json', lines([record]))], 0), 'task-file-or-cache-write')
    assert.equal((await written(connection!)).testable, false)
    assert.equal((await written(actions!)).testable, true)
  })

  it('takes documents in ECS by their time, and says of which it has none', async () => {
    const started = (time: unknown) => ({
      '@timestamp': time,
      event: { category: ['process'], type: ['start'], code: '1' },
      process: { executable: 'C:\\Windows\\System32\\schtasks.exe', name: 'schtasks.exe' },
    })
    const times = ['2031-03-04 10:00:02', null, '2031-03-04T12:00:01+02:00', '2031-02-30T10:00:00Z']
    const result = await replay([await put('ecs.json', lines(times.map(started)))], 3)
    assert.deepEqual(
      result.inputs[0]!.problems.map(({ record, message }) => [record, message]),
      [2, 4].map((record) => [record, 'an event without id or time']),
    )
    assert.deepEqual(
      entry(result, 'CAR-2013-08-001').hits.map(({ events: [event] }) => [event!.record, event!['@timestamp']]),
      [
        [3, '2031-03-04T10:00:01.000Z'],
        [1, '2031-03-04T10:00:02.000Z'],
      ],
    )
  })

  it('needs all kinds of event in one input to call a sequence testable', async () => {
    const [connection, actions] = remoteCreation()
    const apart = [await put('network.json', lines([connection!])), await put('registry.json', lines([actions!]))]
    assert.equal(entry(await replay(apart, 0), SEQUENCE).testable, false)
    assert.equal(
      entry(await replay([await put('both.json', lines([actions!, connection!]))], 0), SEQUENCE).testable,
      true,
    )
  })

  it('evaluates each input alone', async () => {
    const [connection, actions] = remoteCreation()
    const members = [connection, actions].map((record, index) => ({
      name: `${index}.json`,
      data: Buffer.from(lines([record!])),
    }))
    const apart = await replay([await put('apart.zip', zip(members))], 0)
    assert.deepEqual([apart.inputs.length, entry(apart, SEQUENCE).matches], [2, 0])
    const together = await replay([await put('together.json.gz', gzipSync(lines([actions!, connection!])))], 0)
    assert.deepEqual(
      entry(together, SEQUENCE).hits.map(({ events }) => events.map(({ record, code }) => [record, code])),
      [
        [
          [2, '3'],
          [1, '13'],
        ],
      ],
    )
  })

  describe('the sequence', () => {
    it('matches remote creations and nothing that lacks one clause', async () => {
      const files = await Promise.all(
        REMOTE_CREATION_CASES.map(([, records], index) => put(`case-${index}.json`, lines(records))),
      )
      const { hits } = entry(await replay([...files, '--analytic', SEQUENCE], 0), SEQUENCE)
      const matched = hits.map(({ events }) => events[0]!.input)
      for (const [input, [name, , matches]] of REMOTE_CREATION_CASES.entries()) {
        assert.equal(matched.filter((found) => found === input).length, matches, name)
      }
    })

    it('orders by the clock that was asked for', async () => {
      const [connection, actions] = remoteCreation()
      const file = await put(
        'drift.json',
        lines([{ ...connection, TimeCreated: '2031-03-04T05:06:12.000Z' }, actions!]),
      )
      assert.equal(entry(await replay([file], 0), SEQUENCE).matches, 1)
      assert.equal(entry(await replay([file, '--time', 'event'], 0), SEQUENCE).matches, 1)
      assert.equal(entry(await replay([file, '--time', 'record'], 0), SEQUENCE).matches, 0)
    })
  })

  it('cuts hits, not counts', async () => {
    const result = await replay([await put('many.json', lines([schtasks, schtasks, schtasks])), '--hits', '2'], 0)
    const { matches, hits } = entry(result, 'CAR-2013-08-001')
    assert.deepEqual([matches, hits.length], [3, 2])
  })

  it('reads standard input', async () => {
    const result = await replay(['-'], 0, JSON.stringify([schtasks, schtasks], null, 2))
    assert.deepEqual([result.inputs[0]!.path, result.inputs[0]!.events], ['-', 2])
  })

  it('reads search hits, and ECS documents', async () => {
    const document = {
      '@timestamp': '2031-03-04T05:06:07.000Z',
      event: { category: ['process'], type: ['start'], code: '1' },
      process: { name: 'SCHTASKS.EXE' },
    }
    const response = { took: 1, hits: { hits: [{ _index: 'i', _id: 'a', _source: document }, { _source: document }] } }
    const result = await replay(
      [await put('ecs.json', JSON.stringify(document)), await put('response.json', JSON.stringify(response))],
      0,
    )
    assert.deepEqual(
      result.inputs.map(({ shape, events }) => [shape, events]),
      [
        ['ecs', 1],
        ['elasticsearch', 2],
      ],
    )
    assert.deepEqual(
      entry(result, 'CAR-2013-08-001').hits.map(({ events }) => [events[0]!.input, events[0]!.record]),
      [
        [0, 1],
        [1, 1],
        [1, 2],
      ],
    )
  })

  it('exits 3 for a damaged input, with its place, and prints what the rest gives', async () => {
    const broken = `${lines([schtasks])}{"half": \n${lines([schtasks])}`
    const result = await replay([await put('broken.json', broken), await put('good.json', lines([schtasks]))], 3)
    const { events, skipped } = result.inputs[0]!
    assert.deepEqual([events, skipped, entry(result, 'CAR-2013-08-001').matches], [2, 1, 3])
    assert.match(result.stderr, /broken\.json: record 2, byte \d+: /)
  })

  it('exits 3 for a cut archive and keeps what was readable', async () => {
    const records = Array.from({ length: 2000 }, (_, index) =>
      sysmon(1, index % 60, { Image: 'C:\\schtasks.exe', index }),
    )
    const archive = zip([{ name: 'a.json', data: Buffer.from(lines(records)) }])
    const result = await replay([await put('cut.zip', archive.subarray(0, archive.length >> 1))], 3)
    const { events } = result.inputs[0]!
    assert.ok(events > 500 && events < 2000)
    assert.equal(entry(result, 'CAR-2013-08-001').matches, events)
    assert.match(result.stderr, /cut/)
  })

  it('exits 2 when nothing could be read, saying what was seen', async () => {
    await mkdir(join(folder, 'empty'))
    for (const [path, reason] of [
      [await put('strange.json', lines([{ colour: 'red', size: 3 }])), /unknown shape.*the fields colour, size/],
      [await put('nothing.json', ''), /no records/],
      [
        await put('script.js', 'const a = { b: 1 }\nrun(a)\n'),
        /script\.js: byte 0: no recording: it begins with "const a = /,
      ],
      [join(folder, 'missing.json'), /no such file/],
      [join(folder, 'empty'), /a folder without files/],
    ] as const) {
      const { code, stdout, stderr } = await tocsin(['replay', path, '--json', '--scenarios', SCENARIOS])
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, reason)
      assert.doesNotMatch(stderr, /\bat .*\.js:\d+/)
    }
  })

  it('refuses what it does not know', async () => {
    const file = await put('known.json', lines([schtasks]))
    for (const [args, reason] of [
      [[file, '--analytic', 'CAR-2013-08-01'], /no analytic CAR-2013-08-01.*did you mean 'CAR-2013-08-001'/],
      [[file, '--time', 'local'], /event, record/],
      [[file, '--hits', 'few'], /number of hits/],
      [[], /missing required argument/],
      [[''], /an argument that names a file is empty/],
      [[file, ''], /an argument that names a file is empty/],
      [['--analytic', 'CAR-2013-08-001', file], /--analytic took .*known\.json too: name files before it, or after --/],
    ] as const) {
      const { code, stderr } = await tocsin(['replay', ...args])
      assert.equal(code, 2)
      assert.match(stderr, reason)
    }
  })

  it('prints a table and the hits for people, with nothing in them that steers a terminal', async () => {
    const nasty = { ...schtasks, CommandLine: 'schtasks \u001b[31m/query\u202e' }
    const { code, stdout } = await tocsin(['replay', await put('nasty.json', lines([nasty])), '--scenarios', SCENARIOS])
    assert.equal(code, 0)
    assert.match(stdout, /1 {2}flat-winevent {2}1 event /)
    assert.match(stdout, /CAR-2013-08-001 +eql +1 +1/)
    assert.match(stdout, /not testable/)
    assert.match(stdout, /schtasks �\[31m\/query�/)
  })
})

const shared = process.env.TOCSIN_SHARED

describe('tocsin replay of public recordings', function () {
  this.timeout(60_000)
  before(function () {
    if (shared === undefined || !existsSync(join(shared, 'telemetry'))) {
      this.test!.parent!.title += ' (skipped: TOCSIN_SHARED names no folder with recordings)'
      this.skip()
    }
  })

  const replay = async (files: string[], ...args: string[]): Promise<Replay> => {
    const paths = files.map((file) => join(shared!, 'telemetry', 'host', file))
    const { code, stdout, stderr } = await tocsin(['replay', ...paths, '--json', '--scenarios', SCENARIOS, ...args])
    assert.equal(code, 0, stderr)
    return JSON.parse(stdout)
  }

  it('finds no sequence when events are ordered by the time of their records', async () => {
    const { analytics } = await replay(['schtask_create.zip'], '--time', 'record', '--analytic', SEQUENCE)
    assert.deepEqual(
      analytics.map(({ matches }) => matches),
      [0],
    )
  })

  it('reads a recording that comes over a pipe', async () => {
    const bytes = await readFile(join(shared!, 'telemetry', 'host', 'schtask_create.zip'))
    const { code, stdout } = await tocsin(['replay', '-', '--json', '--scenarios', SCENARIOS, '--analytic', SEQUENCE], {
      input: bytes as never,
    })
    assert.equal(code, 0)
    assert.equal((JSON.parse(stdout) as Replay).analytics[0]!.matches, 1)
  })
})
