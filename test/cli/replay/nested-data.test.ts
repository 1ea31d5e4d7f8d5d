/** Shapes whose records have an event's data within an object, beside a header that the fast path reads: it must not pass them over. */
import assert from 'node:assert/strict'
import { replayInputs } from '../../../src/cli/replay/replay-inputs.ts'
import { contenderOf } from './contender-of.ts'

const IMAGE = 'C:\\Windows\\System32\\schtasks.exe'
const CHANNEL = 'Microsoft-Windows-Sysmon/Operational'
const TIME = '2031-03-04T05:06:08.500Z'

const RECORDS: Record<string, object> = {
  velociraptor: { EventTime: TIME, Channel: CHANNEL, Computer: 'DESK7', EventID: 1, EventData: { Image: IMAGE } },
  'get-winevent': {
    Id: 5,
    LogName: CHANNEL,
    ProviderName: 'Microsoft-Windows-Sysmon',
    MachineName: 'DESK7',
    TimeCreated: TIME,
    Properties: ['-', '2031-03-04 05:06:07.123', 'x', 4, IMAGE].map((Value) => ({ Value })),
  },
  'evtx-json': {
    System: { EventID: 1, Channel: CHANNEL, Computer: 'DESK7', TimeCreated: { SystemTime: TIME } },
    EventData: { Image: IMAGE },
  },
}

describe('the fast path of replay over data within objects', () => {
  for (const [shape, record] of Object.entries(RECORDS)) {
    it(shape, async () => {
      for (const plain of [true, false]) {
        const contender = contenderOf('x', { language: 'eql', query: 'any where process.name : "schtasks.exe"' })
        const stdin = (async function* () {
          yield Buffer.from(`${JSON.stringify(record)}\n`.repeat(5))
        })()
        const [input] = await replayInputs(['-'], [contender], { time: 'event', stdin, plain, drift: false })
        assert.deepEqual([input!.shape, contender.result(9).matches], [shape, 5])
      }
    })
  }
})
