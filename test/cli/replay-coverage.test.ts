/** `replay --coverage`: what would have caught it, and what could not have. */
import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CoverageCell } from '../../src/cli/replay/coverage.ts'
import { remoteCreation, sysmon } from '../telemetry/remote-creation.ts'
import { home, tocsin } from './tocsin.ts'

type Json = Record<string, unknown>

const lines = (records: Json[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')

const process = sysmon(1, 1, { Image: 'C:\\Windows\\System32\\cmd.exe', CommandLine: 'cmd.exe /c ver' })

/** The sequence reads network and registry events; this connection has no direction. */
const undirected = remoteCreation().map((record) => {
  const { Initiated: _, ...rest } = record as Json
  return rest
})

describe('tocsin replay --coverage', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-coverage-'))
    await writeFile(join(folder, 'process.json'), lines([process]))
    await writeFile(join(folder, 'remote.json'), lines(remoteCreation() as Json[]))
    await writeFile(join(folder, 'undirected.json'), lines(undirected))
    await cp(join(home, 'scenarios'), join(folder, 'scenarios'), { recursive: true })
  })
  after(() => rm(folder, { recursive: true }))

  const replay = (...args: string[]) => tocsin(['replay', '--coverage', ...args], { cwd: folder })

  const cellsOf = async (id: string, ...files: string[]): Promise<CoverageCell[]> => {
    const { code, stdout, stderr } = await replay('--json', ...files)
    assert.equal(code, 0, stderr)
    const { format, analytics } = JSON.parse(stdout)
    assert.equal(format, 'tocsin.replay/1')
    const found = analytics.find(
      (analytic: { id: string; language: string }) => analytic.id === id && analytic.language === 'eql',
    )
    assert.equal(
      found.matches,
      found.coverage.reduce((sum: number, { matches }: CoverageCell) => sum + matches, 0),
    )
    return found.coverage
  }

  it('tells what was missed from what could not have matched, by kind of event and by field', async () => {
    const cells = await cellsOf('remote-scheduled-task-creation', 'process.json', 'remote.json', 'undirected.json')
    assert.deepEqual(cells, [
      {
        input: 0,
        matches: 0,
        result: 'not-testable',
        missing: { kinds: ['network events', 'registry events'], fields: [], fieldsOf: {} },
      },
      { input: 1, matches: 1, result: 'matched', missing: { kinds: [], fields: [], fieldsOf: {} } },
      {
        input: 2,
        matches: 0,
        result: 'not-testable',
        missing: { kinds: [], fields: ['network.direction'], fieldsOf: { 'network events': ['network.direction'] } },
      },
    ])
    const [missed] = await cellsOf('CAR-2013-08-001', 'process.json')
    assert.deepEqual(missed, {
      input: 0,
      matches: 0,
      result: 'missed',
      missing: { kinds: [], fields: [], fieldsOf: {} },
    })
  })

  it('shows it as a table with what is missing', async () => {
    const { code, stdout } = await replay('process.json', 'remote.json', 'undirected.json')
    assert.equal(code, 0)
    assert.match(stdout, /Coverage\n +#1 +#2 +#3\n/)
    assert.match(stdout, /remote-scheduled-task-creation +eql +– +1 +–\n/)
    assert.match(stdout, /CAR-2013-08-001 +eql +0 +– +–\n/)
    assert.match(stdout, /remote-scheduled-task-creation \(eql\): no network events and no registry events in #1\n/)
    assert.match(stdout, /remote-scheduled-task-creation \(eql\): no network events with network\.direction in #3\n/)
    assert.match(stdout, /CAR-2013-08-001 \(eql\): no process events in #2, #3\n/)
  })

  it('breaks a wide table into parts that fit', async () => {
    await mkdir(join(folder, 'many'))
    for (let n = 10; n < 50; n += 1) await writeFile(join(folder, 'many', `${n}.json`), lines([process]))
    const { stdout } = await replay('many')
    const tables = stdout.split('Coverage\n').slice(1)
    assert.ok(tables.length > 1)
    for (const line of tables.join('\n').split('\n')) {
      if (line.includes('#') && !line.includes(':')) assert.ok(line.length <= 120, line)
    }
    assert.match(stdout, /not testable|no network events/)
  })

  it('reads the events of a recorded run, test by test', async () => {
    const run = ['run', 'schtasks-local/create', 'schtasks-local/create-dash-form', '--record', 'recording']
    assert.equal((await tocsin(run, { cwd: folder })).code, 0)
    const cells = await cellsOf('CAR-2013-08-001', 'recording')
    assert.deepEqual(
      cells.map(({ result }) => result),
      ['matched', 'matched'],
    )
  })

  it('does not go with a cluster', async () => {
    const { code, stderr } = await replay('--on', 'elastic', '--index', 'x')
    assert.equal(code, 2)
    assert.match(stderr, /--coverage reads every event: it goes with files/)
  })
})
