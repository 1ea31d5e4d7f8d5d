import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { remoteCreation } from '../../telemetry/remote-creation.ts'
import { tocsin } from '../tocsin.ts'

describe('what a replay learned of records', () => {
  let folder: string
  const cached = () => join(folder, 'cache', 'tocsin')
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-learned-'))
    const lines = remoteCreation().map((record) => `${JSON.stringify(record)}\n`)
    await writeFile(join(folder, 'one.json'), lines.join('').repeat(5))
    const other = {
      EventID: 22,
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      Hostname: 'desk7',
      TimeCreated: '2031-03-04T05:06:09.000Z',
      UtcTime: '2031-03-04 05:06:08.500',
      QueryName: 'lab.example',
    }
    await writeFile(join(folder, 'two.json'), `${lines.join('')}${JSON.stringify(other)}\n`.repeat(5))
    await writeFile(join(folder, 'others.json'), `${JSON.stringify(other)}\n`.repeat(5))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const replay = (file: string, ...args: string[]) => replayWith('cache', file, ...args)
  const replayWith = (cache: string, file: string, ...args: string[]) =>
    tocsin(['replay', join(folder, file), ...args], { env: { XDG_CACHE_HOME: join(folder, cache) } })
  const kept = async () => join(cached(), (await readdir(cached())).find((name) => name.startsWith('records-'))!)

  it('is kept for the next, and written again only where something is new', async () => {
    const first = await replay('one.json')
    assert.match(first.stdout, /remote-scheduled-task-creation +eql +[1-9]/)
    const { mtimeMs } = await stat(await kept())
    assert.deepEqual(await replay('one.json'), first)
    assert.equal((await stat(await kept())).mtimeMs, mtimeMs)
    await replay('two.json')
    assert.notEqual((await stat(await kept())).mtimeMs, mtimeMs)
    assert.deepEqual(await replay('one.json'), first)
  })

  it('is enough to say what a recording is in which nobody wants anything', async () => {
    const first = await replay('others.json')
    assert.match(first.stdout, /flat-winevent +5 events/)
    assert.deepEqual(await replay('others.json'), first)
  })

  it('is not kept of a recording with hundreds of channels', async () => {
    const record = { ...remoteCreation()[0], EventID: 9 }
    const lines = Array.from({ length: 201 }, (_, at) => `${JSON.stringify({ ...record, Channel: `Channel ${at}` })}\n`)
    await writeFile(join(folder, 'many.json'), lines.join(''))
    await replay('one.json')
    const before = await readFile(await kept())
    assert.match((await replay('many.json')).stdout, /201 events/)
    assert.deepEqual(await readFile(await kept()), before)
  })

  it('is not gone by where other analytics are asked for', async () => {
    const args = ['--analytic', 'remote-scheduled-task-creation']
    const [all, one] = [await replayWith('fresh', 'one.json'), await replayWith('fresher', 'one.json', ...args)]
    for (const [found, ...asked] of [[one, ...args] as const, [all] as const, [one, ...args] as const]) {
      assert.deepEqual(await replay('one.json', ...asked), found)
    }
  })

  it('is as if it were not there when it is spoilt', async () => {
    const first = await replay('one.json')
    for (const spoil of [
      (text: string) => text.slice(0, -1),
      (text: string) => text.replaceAll('actions', 'nothing'),
    ]) {
      const text = await readFile(await kept(), 'latin1')
      assert.notEqual(spoil(text), text)
      await writeFile(await kept(), spoil(text), 'latin1')
      assert.deepEqual(await replay('one.json'), first)
    }
  })
})
