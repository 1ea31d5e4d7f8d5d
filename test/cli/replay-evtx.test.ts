import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { event, eventData, evtx } from '../telemetry/evtx/evtx-maker.ts'
import { zip } from '../telemetry/readers/zip-maker.ts'
import { home, tocsin } from './tocsin.ts'

interface Replay {
  inputs: { shape: string; events: number; skipped: number; problemCount: number }[]
  analytics: {
    id: string
    language: string
    matches: number
    hits: { events: { record: number; host: string; code: string; provider: string; '@timestamp': string }[] }[]
  }[]
}

const PROCESS = 'CAR-2013-08-001'

const process = (NewProcessName: string) =>
  event(
    { eventId: 4688, channel: 'Security', time: '2031-03-04T05:06:07.123Z' },
    eventData({ NewProcessName, CommandLine: 'x', NewProcessId: '0x10' }),
  )

const replay = async (path: string, code: number, ...more: string[]): Promise<Replay & { stderr: string }> => {
  const finished = await tocsin(['replay', path, '--json', '--scenarios', join(home, 'scenarios'), ...more])
  assert.equal(finished.code, code, finished.stderr)
  return { ...JSON.parse(finished.stdout), stderr: finished.stderr }
}

const hitsOf = ({ analytics }: Replay, id: string) =>
  analytics.find((analytic) => analytic.id === id && analytic.language === 'eql')!.hits.map(({ events }) => events)

describe('tocsin replay of event logs', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-evtx-'))
  })
  after(() => rm(folder, { recursive: true }))

  const put = async (name: string, content: Buffer) => {
    const path = join(folder, name)
    await writeFile(path, content)
    return path
  }

  const log = () =>
    evtx([
      [process('C:\\a.exe'), process('C:\\Windows\\System32\\schtasks.exe')],
      [process('C:\\Windows\\System32\\schtasks.exe')],
    ])

  it('reads one whatever its name, also from an archive', async () => {
    for (const path of [await put('log.json', log()), await put('log.zip', zip([{ name: 'log', data: log() }]))]) {
      const result = await replay(path, 0)
      assert.deepEqual(
        result.inputs.map(({ shape, events, skipped }) => [shape, events, skipped]),
        [['evtx', 3, 0]],
      )
      const hit = {
        input: 0,
        '@timestamp': '2031-03-04T05:06:07.123Z',
        host: 'DESK7.lab.example',
        provider: 'Microsoft-Windows-Security-Auditing',
        code: '4688',
      }
      assert.deepEqual(hitsOf(result, PROCESS), [[{ ...hit, record: 2 }], [{ ...hit, record: 3 }]])
    }
  })

  it('keeps what a cut one holds, names the place and exits 3', async () => {
    const whole = log()
    const result = await replay(await put('cut.evtx', whole.subarray(0, whole.lastIndexOf('**\0\0') + 60)), 3)
    assert.deepEqual([result.inputs[0]!.events, hitsOf(result, PROCESS).length], [2, 1])
    assert.match(result.stderr, /cut\.evtx: record 3, byte \d+: the record is cut/)
  })

  it('exits 2 for one in which nothing can be read', async () => {
    const { code, stdout, stderr } = await tocsin(['replay', await put('none.evtx', log().subarray(0, 4200))])
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, /cut/)
  })
})
