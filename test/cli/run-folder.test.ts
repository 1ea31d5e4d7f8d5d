/** The folder of a run is its own: no run destroys another's record, and what a run left on hosts stays known. */
import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { RunRecord } from '../../src/model/run-record.ts'
import { WorkFolder } from './work-folder.ts'

const SCENARIO = {
  id: 'short',
  tests: [
    {
      id: 'query',
      provenance: { document: 'test', kind: 'own' },
      steps: [{ host: 'source', run: 'schtasks /query /fo csv' }],
      expect: [{ analytic: 'CAR-2013-08-001', is: 'match', within: '10m' }],
    },
  ],
}

const FILES = ['journal.jsonl', 'junit.xml', 'report.html', 'report.md', 'run.json']

const line = (value: object) => `${JSON.stringify({ at: '2026-01-01T00:00:00.000Z', ...value })}\n`

describe("a run's folder", () => {
  let folder: WorkFolder

  beforeEach(async () => {
    folder = await WorkFolder.make()
    await writeFile(join(folder.path, 'scenarios', 'short.yml'), stringify(SCENARIO))
  })

  afterEach(() => folder.remove())

  const run = (...args: string[]) => folder.tocsin(['run', 'short', '--lab', 'lab.yml', ...args])
  const recordIn = async (...names: string[]) =>
    RunRecord.parse(JSON.parse(await readFile(join(folder.path, ...names, 'run.json'), 'utf8')))

  it('keeps the run that was there before, in a folder of its own', async () => {
    assert.equal((await run('--out', 'out')).code, 0)
    const first = await recordIn('out')
    const { code, stderr } = await run('--out', 'out')
    assert.equal(code, 0)
    assert.ok(stderr.includes(join('out', first.id)), stderr)
    assert.deepEqual((await readdir(join(folder.path, 'out'))).sort(), [first.id, ...FILES])
    assert.deepEqual((await readdir(join(folder.path, 'out', first.id))).sort(), FILES)
    assert.deepEqual(await recordIn('out', first.id), first)
    assert.notEqual((await recordIn('out')).id, first.id)
  })

  it('keeps a file of that name which is no record', async () => {
    await mkdir(join(folder.path, 'out'))
    await writeFile(join(folder.path, 'out', 'run.json'), '{"id": "../../elsewhere"}')
    assert.equal((await run('--out', 'out')).code, 0)
    const [kept] = (await readdir(join(folder.path, 'out'))).filter((name) => !FILES.includes(name))
    assert.equal(await readFile(join(folder.path, 'out', kept!, 'run.json'), 'utf8'), '{"id": "../../elsewhere"}')
  })

  it('is given to one of two runs that begin at once', async () => {
    const both = await Promise.all([run('--out', 'out'), run('--out', 'out')])
    const codes = both.map(({ code }) => code).sort()
    const { stderr } = both.find(({ code }) => code === 2) ?? { stderr: '' }
    // The later one is refused while the other goes on, and keeps its record aside when it has ended.
    if (codes[1] === 2) assert.match(stderr, /--out out: (run \S+ is still going there|another run has just begun)/)
    assert.equal(codes[0], 0)
    assert.ok((await recordIn('out')).endedAt !== null)
  })

  it('is refused while it holds what an interrupted run left on hosts', async () => {
    const left = { test: 'a/b', marker: null, hosts: {}, changes: [], cleanup: [] }
    const journal =
      line({ type: 'run', run: 'earlier', lab: '/nowhere/lab.yml' }) + line({ type: 'opened', entry: left })
    await mkdir(join(folder.path, 'out'))
    await writeFile(join(folder.path, 'out', 'journal.jsonl'), journal)
    const { code, stderr } = await run('--out', 'out')
    assert.equal(code, 2)
    assert.match(stderr, /tocsin cleanup out/)
    assert.equal(await readFile(join(folder.path, 'out', 'journal.jsonl'), 'utf8'), journal)
  })
})
