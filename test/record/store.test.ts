import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunRecord } from '../../src/model/run-record.ts'
import { openRecordStore, readRecord } from '../../src/record/store.ts'

const record = (id: string): RunRecord => ({
  format: 'tocsin.run/1',
  id,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  durationMs: 0,
  tool: { name: 'tocsin', version: '0.0.0' },
  lab: { name: 'memory', kind: 'emulated', timeScale: 1 },
  siem: { kind: 'embedded', version: '1' },
  authorization: null,
  analytics: [],
  summary: {
    tests: 0,
    checks: 0,
    outcomes: { expected: 0, unexpected: 0, 'known-gap': 0, inconclusive: 0 },
    verdicts: { alerted: 0, matched: 0, logged: 0, unseen: 0, unknown: 0 },
  },
  clocks: [],
  tests: [],
})

describe('record store', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-store-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('writes what it was given last, and leaves nothing else behind', async () => {
    const store = await openRecordStore(join(folder, 'new', 'run'))
    for (const id of ['a', 'b', 'c']) store.save(record(id))
    await store.close()
    assert.equal((await readRecord(join(folder, 'new', 'run', 'run.json'))).id, 'c')
    assert.deepEqual(await readdir(join(folder, 'new', 'run')), ['run.json'])
  })

  it('writes as the run goes', async () => {
    const store = await openRecordStore(folder)
    store.save(record('early'))
    await new Promise((resolve) => setTimeout(resolve, 500))
    assert.equal((await readRecord(join(folder, 'run.json'))).id, 'early')
    await store.close()
  })

  it('is whole at any moment of a kill', async () => {
    const script = `
      import { openRecordStore } from ${JSON.stringify(new URL('../../src/record/store.js', import.meta.url).href)}
      const record = ${JSON.stringify(record('big'))}
      record.id = 'x'.repeat(3_000_000)
      const folder = ${JSON.stringify(folder)}
      for (;;) { const store = await openRecordStore(folder); store.save(record); await store.close(); process.stdout.write('.') }`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = new Promise((resolve) => child.on('close', resolve))
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await new Promise((resolve) => setTimeout(resolve, 100))
    child.kill('SIGKILL')
    await ended
    assert.equal((await readRecord(join(folder, 'run.json'))).id.length, 3_000_000)
  })

  it('says at once that a folder cannot be written', async () => {
    await writeFile(join(folder, 'file'), '')
    await assert.rejects(openRecordStore(join(folder, 'file')), /EEXIST|ENOTDIR/)
  })

  it('says what is wrong with a record', async () => {
    const path = join(folder, 'run.json')
    await writeFile(path, '{"format":')
    await assert.rejects(readRecord(path), /is not JSON/)
    await writeFile(path, JSON.stringify({ ...record('a'), lab: { name: 'x', kind: 'imagined', timeScale: 1 } }))
    await assert.rejects(readRecord(path), /no record of a run .*lab\.kind/)
  })
})
