/** Logs of network sensors through the analytics. The logs are written by hand, but for the one that is shared. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sharedFolder } from '../language/shared-folder.ts'
import { bind, flow, overThePipe, request, stats, TASK_SCHEDULER } from '../telemetry/suricata/eve-records.ts'
import { CLOSE, CONNECTION, header, OVER_THE_PIPE, REMOTE_CREATION } from '../telemetry/zeek/logs.ts'
import { home, tocsin } from './tocsin.ts'

interface Replay {
  inputs: { shape: string; events: number; skipped: number; problems: { message: string; record: number }[] }[]
  analytics: {
    id: string
    language: string
    testable: boolean
    matches: number
    hits: { events: { record: number }[] }[]
  }[]
}

/** Languages of the implementations that read events; the others read packets. */
const ON_EVENTS = ['eql', 'car']
const NETWORK = 'CAR-2015-04-002'
const TSV = `${header('dce_rpc')}${REMOTE_CREATION.join('')}${OVER_THE_PIPE}${CLOSE}`
/** The same calls as Zeek's JSON writer gives them. */
const JSON_LINES = REMOTE_CREATION.map((line) => {
  const [ts, uid, orig_h, orig_p, resp_h, resp_p, rtt, named_pipe, endpoint, operation] = line.trim().split('\t')
  const ends = { 'id.orig_h': orig_h, 'id.orig_p': Number(orig_p), 'id.resp_h': resp_h, 'id.resp_p': Number(resp_p) }
  return JSON.stringify({ ts: Number(ts), uid, ...ends, rtt: Number(rtt), named_pipe, endpoint, operation })
}).join('\n')
const EVE = [bind(TASK_SCHEDULER, TASK_SCHEDULER), request(0), flow(), request(1), overThePipe(), stats()]
  .map((record) => JSON.stringify(record))
  .join('\n')

describe('tocsin replay on logs of network sensors', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-logs-'))
  })
  after(() => rm(folder, { recursive: true }))

  const replay = async (text: string, code: number): Promise<Replay> => {
    const path = join(folder, 'sensor.log')
    await writeFile(path, text)
    return replayFile(path, code)
  }

  const replayFile = async (path: string, code: number): Promise<Replay> => {
    const args = ['replay', path, '--analytic', NETWORK, '--json', '--scenarios', join(home, 'scenarios')]
    const finished = await tocsin(args)
    assert.equal(finished.code, code, finished.stderr)
    return JSON.parse(finished.stdout) as Replay
  }

  const recordsOf = ({ analytics }: Replay, language: string) =>
    analytics.find((entry) => entry.language === language)!.hits.map(({ events }) => events[0]!.record)

  const LOGS: [name: string, text: string, shape: string, events: number, hits: number[]][] = [
    ['Zeek’s dce_rpc.log', TSV, 'zeek-dce-rpc', 5, [2, 3, 4]],
    ['the same as JSON', JSON_LINES, 'zeek-dce-rpc', 4, [2, 3, 4]],
    ['Zeek’s conn.log, which has no interface', `${header('conn')}${CONNECTION}${CLOSE}`, 'zeek-conn', 1, []],
    ['both logs joined', `${header('conn')}${CONNECTION}${TSV}`, 'zeek-conn + zeek-dce-rpc', 6, [3, 4, 5]],
    ['Suricata’s EVE', EVE, 'suricata-eve', 6, [1, 2, 4]],
  ]
  for (const [name, text, shape, events, hits] of LOGS) {
    it(`finds the calls between dynamic ports in ${name}`, async () => {
      const result = await replay(text, 0)
      assert.deepEqual(result.inputs[0], {
        path: join(folder, 'sensor.log'),
        shape,
        events,
        skipped: 0,
        problems: [],
        problemCount: 0,
      })
      for (const language of ON_EVENTS) {
        assert.deepEqual(recordsOf(result, language), hits, language)
        assert.ok(result.analytics.find((entry) => entry.language === language)!.testable, language)
      }
    })
  }

  it('says what of a log was cut, and uses the rest', async () => {
    const { inputs, ...result } = await replay(TSV.slice(0, TSV.indexOf('SchRpcRegisterTask') + 3), 3)
    assert.deepEqual(recordsOf({ inputs, ...result }, 'eql'), [2, 3, 4])
    const [{ events, skipped, problems }] = inputs as [Replay['inputs'][0]]
    assert.deepEqual([events, skipped], [4, 0])
    assert.deepEqual(
      problems.map(({ message, record }) => [message, record]),
      [['the last line has no end', 4]],
    )
  })

  it('finds nothing in the shared log', async function () {
    const { inputs, analytics } = await replayFile(join(sharedFolder(this), 'telemetry/zeek/negative_dce_rpc.log'), 0)
    assert.equal(inputs[0]!.shape, 'zeek-dce-rpc')
    assert.ok(inputs[0]!.events > 0 && inputs[0]!.skipped === 0)
    for (const { language, testable, matches } of analytics) {
      assert.deepEqual([testable, matches], [ON_EVENTS.includes(language), 0], language)
    }
  })
})
