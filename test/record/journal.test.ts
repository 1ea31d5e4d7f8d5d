import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JournalEntry } from '../../src/model/journal.ts'
import { continueJournal, openJournal, openJournals, readJournal } from '../../src/record/journal.ts'

const entry = (test: string): JournalEntry => ({
  test,
  marker: null,
  hosts: { source: 'ws1' },
  changes: [{ kind: 'file', host: 'source', name: 'C:\\x' }],
  cleanup: [
    { role: 'source', run: 'del C:\\x /p {{source.password}}', shell: 'cmd', timeoutMs: 1_000 },
    { waitMs: 1_000 },
  ],
})

describe('journal', () => {
  let reports: string
  beforeEach(async () => {
    reports = await mkdtemp(join(tmpdir(), 'tocsin-journal-'))
  })
  afterEach(() => rm(reports, { recursive: true }))

  it('has an entry on disk as soon as open resolves, and knows what is still open', async () => {
    const folder = join(reports, 'run-1')
    const journal = await openJournal(folder, { id: 'run-1', lab: '/labs/lab.yml' })
    await Promise.all(['a', 'b', 'c'].map((test) => journal.open(entry(test))))
    assert.match(await readFile(join(folder, 'journal.jsonl'), 'utf8'), /"test":"c"/)
    await journal.close('b')
    const state = await readJournal(folder)
    assert.deepEqual([state?.run, state?.lab], ['run-1', '/labs/lab.yml'])
    assert.deepEqual(state?.open, [entry('a'), entry('c')])
  })

  it('knows which captures may still go on, also where nothing else is open', async () => {
    const journal = await openJournal(join(reports, 'run-1'), { id: 'run-1', lab: '/labs/lab.yml' })
    const captures = ['one', 'two'].map((name) => ({ id: `tocsin-capture-${name}`, sensor: 'tap1', test: `a/${name}` }))
    for (const capture of captures) await journal.capturing(capture)
    await journal.captured('tocsin-capture-one')
    const [state, ...others] = await openJournals(reports)
    assert.deepEqual([state?.captures, state?.open, others], [[captures[1]], [], []])
  })

  it('is read up to the line that a killed run left cut', async () => {
    const folder = join(reports, 'run-1')
    const journal = await openJournal(folder, { id: 'run-1', lab: null })
    await journal.open(entry('a'))
    await appendFile(join(folder, 'journal.jsonl'), '{"type":"closed","at":"2026-0')
    assert.deepEqual((await readJournal(folder))?.open, [entry('a')])
  })

  it('goes on after a cut line without losing what follows', async () => {
    const folder = join(reports, 'run-1')
    const journal = await openJournal(folder, { id: 'run-1', lab: null })
    await journal.open(entry('a'))
    await appendFile(join(folder, 'journal.jsonl'), '{"type":"opened","at":"2026-0')
    await continueJournal((await readJournal(folder))!).close('a')
    assert.deepEqual((await readJournal(folder))?.open, [])
  })

  it('finds the runs that left something', async () => {
    assert.deepEqual(await openJournals(join(reports, 'nowhere')), [])
    for (const id of ['run-2', 'run-1', 'run-3']) {
      const journal = await openJournal(join(reports, id), { id, lab: null })
      await journal.open(entry('a'))
      if (id === 'run-2') await journal.close('a')
    }
    await appendFile(join(reports, 'README.md'), 'not a run')
    assert.deepEqual(
      (await openJournals(reports)).map(({ run }) => run),
      ['run-1', 'run-3'],
    )
    assert.equal(await readJournal(join(reports, 'no-run')), null)
  })
})
