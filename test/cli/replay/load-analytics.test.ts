import assert from 'node:assert/strict'
import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Finished, home, tocsin } from '../tocsin.ts'

describe('the analytics of a replay', () => {
  let folder: string
  let cache: string
  let recording: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-analytics-'))
    cache = join(folder, 'cache')
    recording = join(folder, 'one.json')
    const record = {
      EventID: 4688,
      Channel: 'Security',
      Hostname: 'DESK7',
      TimeCreated: '2031-03-04T05:06:07.000Z',
      NewProcessName: 'C:\\Windows\\System32\\schtasks.exe',
    }
    await writeFile(recording, JSON.stringify(record))
    await cp(join(home, 'scenarios'), join(folder, 'scenarios'), { recursive: true })
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const replay = (env: Record<string, string> = { XDG_CACHE_HOME: cache }): Promise<Finished> =>
    tocsin(['replay', recording, '--scenarios', join(folder, 'scenarios')], { env })
  const analytic = () => join(folder, 'scenarios', 'analytics', 'CAR-2013-08-001.yml')

  it('are the same when they come out of the cache, and read again when a file changes', async () => {
    const first = await replay()
    assert.match(first.stdout, /CAR-2013-08-001 +eql +1 +1/)
    const kept = await readdir(join(cache, 'tocsin'))
    assert.deepEqual(await replay(), first)
    const text = await readFile(analytic(), 'utf8')
    await writeFile(analytic(), text.replace('process.name : "schtasks.exe"', 'process.name : "other.exe"'))
    assert.match((await replay()).stdout, /CAR-2013-08-001 +eql +0/)
    assert.deepEqual(await readdir(join(cache, 'tocsin')), kept)
  })

  it('are read where nothing can be kept, and a spoilt cache is none', async () => {
    const elsewhere = await replay({ XDG_CACHE_HOME: join(recording, 'is no folder') })
    const kept = (await readdir(join(cache, 'tocsin'))).find((name) => name.startsWith('analytics-'))!
    await writeFile(join(cache, 'tocsin', kept), '{"key":')
    assert.deepEqual(await replay(), elsewhere)
    assert.equal(elsewhere.code, 0)
  })

  it('are not kept with a mistake in them', async () => {
    await appendFile(analytic(), 'colour: red\n')
    for (let turn = 0; turn < 2; turn += 1) {
      const { code, stderr } = await replay()
      assert.equal(code, 2)
      assert.match(stderr, /CAR-2013-08-001\.yml:\d+.*colour/)
    }
  })
})
