/** `tocsin cleanup` with journals that are torn, whose lab is gone or down, or whose run still goes on. */
import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { processIdentity } from '../../src/cli/process-identity.ts'
import { WorkFolder } from './work-folder.ts'

const line = (value: object) => `${JSON.stringify({ at: '2026-01-01T00:00:00.000Z', ...value })}\n`

const opened = (file: string) =>
  line({
    type: 'opened',
    entry: {
      test: 'a/b',
      marker: null,
      hosts: { source: 'me' },
      changes: [{ kind: 'file', host: 'source', name: file }],
      cleanup: [{ role: 'source', run: `rm -f '${file}'`, shell: 'sh', timeoutMs: 10_000 }],
    },
  })

describe('tocsin cleanup', () => {
  let folder: WorkFolder
  const path = (...names: string[]) => join(folder.path, ...names)
  const journal = async (run: string, text: string) => {
    await mkdir(path('reports', run), { recursive: true })
    await writeFile(path('reports', run, 'journal.jsonl'), text)
  }
  const journalOf = (run: string) => readFile(path('reports', run, 'journal.jsonl'), 'utf8')
  const there = (name: string) =>
    readFile(path(name)).then(
      () => true,
      () => false,
    )

  beforeEach(async () => {
    folder = await WorkFolder.make()
    const lab = { hosts: { me: { role: 'source', os: 'linux', transport: 'local-shell' } }, authorization: 'leave.yml' }
    await writeFile(path('real.yml'), stringify(lab))
    const leave = {
      approvedBy: 'tester',
      reason: 'test',
      notBefore: '2020-01-01T00:00:00Z',
      notAfter: '2099-01-01T00:00:00Z',
      hosts: [{ address: 'localhost' }],
    }
    await writeFile(path('leave.yml'), stringify(leave))
    await writeFile(path('made'), '')
  })

  afterEach(() => folder.remove())

  const ofLab = (lab: string, more: object = {}) => line({ type: 'run', run: 'run', lab: path(lab), ...more })

  it('goes on with the other runs where one has no lab file, a broken one, or no first line', async () => {
    const broken = opened(path('made'))
    await writeFile(path('broken.yml'), 'hosts: [')
    await journal('run-1', ofLab('gone.yml') + broken)
    await journal('run-2', ofLab('broken.yml') + broken)
    await journal('run-3', `{"type":"ru\n${broken}`)
    await journal('run-4', `${ofLab('real.yml')}${broken}{"type":"opened","at"`)
    const { code, stdout, stderr } = await folder.tocsin(['cleanup'])
    assert.equal(code, 3)
    assert.match(stderr, /gone\.yml is gone/)
    assert.match(stderr, /broken\.yml:1:/)
    assert.match(stderr, /first line of its journal is damaged/)
    assert.match(stdout, /a\/b: undone, and read back/)
    assert.equal(await there('made'), false)
    for (const run of ['run-1', 'run-2', 'run-3']) assert.doesNotMatch(await journalOf(run), /"closed"/)
    assert.match(await journalOf('run-4'), /"closed"/)
  })

  it('leaves a run alone that is still going', async () => {
    await journal('run-1', ofLab('real.yml', { process: processIdentity(process.pid) }) + opened(path('made')))
    const all = await folder.tocsin(['cleanup'])
    assert.equal(all.code, 0)
    assert.match(all.stdout, /still going: it is left alone/)
    const named = await folder.tocsin(['cleanup', 'run-1'])
    assert.equal(named.code, 2)
    assert.match(named.stderr, /still going/)
    assert.equal(await there('made'), true)
  })

  it('leaves the journal open while the lab is down', async () => {
    const host = { role: 'source', address: '127.0.0.1', port: 1, user: 'x', password: 'y', emulated: {} }
    const down = { hosts: { me: { ...host, hostKey: `SHA256:${'A'.repeat(43)}` } } }
    await writeFile(path('down.yml'), stringify(down))
    await journal('run-1', ofLab('down.yml') + opened('C:\\made').replace('"sh"', '"cmd"'))
    const { code, stdout } = await folder.tocsin(['cleanup'])
    assert.equal(code, 3)
    assert.match(stdout, /NOT CLEAN: .*ECONNREFUSED/)
    assert.doesNotMatch(await journalOf('run-1'), /"closed"/)
  })
})
