import assert from 'node:assert/strict'
import { valuesOf } from '../../../src/model/event.ts'
import { IMPOSSIBLE, type Needs, NOTHING } from '../../../src/model/needs.ts'
import { type InputSummary, readEvents } from '../../../src/telemetry/read-events.ts'
import type { RecordClass } from '../../../src/telemetry/scan/record-classes.ts'
import { createSifter } from '../../../src/telemetry/scan/sifting-splitter.ts'
import type { PassedEvent, PassedEvents } from '../../../src/telemetry/scan/skimmer.ts'

type Json = Record<string, unknown>
type Times = [code: unknown, channel: unknown, provider: unknown, eventTime: number, recordTime: number]

const SYSMON = {
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  Hostname: 'desk7',
  TimeCreated: '2031-03-04T05:06:08.456Z',
  UtcTime: '2031-03-04 05:06:07.123',
  EventID: 1,
}
const SECURITY = { Channel: 'Security', Hostname: 'desk7', TimeCreated: '2031-03-04T05:06:08.456Z', EventID: 4624 }
const NXLOG = {
  Channel: 'Security',
  Hostname: 'desk7',
  SourceModuleName: 'eventlog',
  EventReceivedTime: '2031-03-04 06:06:10',
  EventTime: '2031-03-04 06:06:08',
  '@timestamp': '2031-03-04T05:06:10.100Z',
  EventID: 4624,
}
const AUDITING = { ...SECURITY, SourceName: 'Microsoft-Windows-Security-Auditing', Provider: 'b' }
const EQLLIB = { UtcTime: '2031-03-04 05:06:07.123', event_id: 1, EventId: 1 }

/** A usual record, and what is otherwise in one that comes after many of it. */
const ROWS: [about: string, usual: Json, other: Json][] = [
  ['the same', SYSMON, {}],
  ['another id', SYSMON, { EventID: 3 }],
  ['an id whose row is looked for in the same place', SYSMON, { EventID: 317 }],
  ['an id as a text', SYSMON, { EventID: '1' }],
  ['an id that goes on', SYSMON, { EventID: 11 }],
  ['an id that is none', SYSMON, { EventID: null }],
  ['a long id', SYSMON, { EventID: 100_000_001 }],
  ['a second id', SYSMON, { EventId: 1 }],
  ['another channel', SYSMON, { Channel: 'Security' }],
  ['a channel of the same length', SYSMON, { Channel: 'Microsoft-Windows-Sysmon/Operationa1' }],
  ['no channel', SYSMON, { Channel: undefined }],
  ['a channel that is no text', SYSMON, { Channel: 7 }],
  ['no time of its own', SYSMON, { UtcTime: undefined }],
  ['an odd time of its own', SYSMON, { UtcTime: '2031-03-04T05:06:08+01:00' }],
  ['a time of its own in no zone', SYSMON, { UtcTime: '2031-03-04T05:06:08+99:99' }],
  ['no time of the record', SYSMON, { TimeCreated: undefined }],
  ['no time at all', SYSMON, { TimeCreated: undefined, UtcTime: undefined }],
  ['no time that can be read', SYSMON, { TimeCreated: 'soon', UtcTime: '' }],
  ['a better time of the record', SYSMON, { TimeGenerated: '2031-03-04T05:06:09Z' }],
  ['a better time that is none', SYSMON, { TimeGenerated: '' }],
  ['a better time that is no text', SYSMON, { TimeGenerated: 5 }],
  ['another time beside it', SYSMON, { '@timestamp': '2031-03-04T05:06:09Z' }],
  ['a provider', SYSMON, { SourceName: 'Microsoft-Windows-Sysmon' }],
  ['another provider', AUDITING, { SourceName: 'Microsoft-Windows-Eventlog' }],
  ['a provider of the same length', AUDITING, { SourceName: 'Microsoft-Windows-Security-Auditinh' }],
  ['another provider in the field that does not count', AUDITING, { Provider: 'c' }],
  ['an empty provider', AUDITING, { SourceName: '' }],
  ['a provider that is spelled in another way', AUDITING, { SourceName: 'a\\b"' }],
  ['a provider beyond ASCII', AUDITING, { SourceName: 'Über' }],
  ['a provider that is no text', AUDITING, { SourceName: 7 }],
  ['no provider', AUDITING, { SourceName: undefined }],
  ['a payload', SYSMON, { Payload: '{"EventData":{}}' }],
  ['a document', SECURITY, { _source: { event: { code: '1' } } }],
  ['hits', SECURITY, { hits: { hits: [] } }],
  ['another time', SECURITY, { TimeCreated: '2031-03-04T05:06:08.000Z' }],
  ['an odd time', SECURITY, { TimeCreated: '2031-03-04T05:06:08+01:00' }],
  ['a time in no zone', SECURITY, { TimeCreated: '2031-03-04T05:06:08+24:00' }],
  ['another collector', SECURITY, { SourceModuleName: 'eventlog' }],
  ['another zone', NXLOG, { EventReceivedTime: '2031-03-04 03:06:10', EventTime: '2031-03-04 03:06:08' }],
  ['a zone that cannot be told', NXLOG, { EventReceivedTime: '2031-03-04 03:01:10' }],
  ['no time in UTC', NXLOG, { '@timestamp': undefined }],
  ['no local time', NXLOG, { EventTime: undefined }],
  ['an odd local time', NXLOG, { EventTime: '4.3.2031' }],
  ['another collector', NXLOG, { SourceModuleName: undefined, EventReceivedTime: undefined }],
  ['another id', EQLLIB, { EventId: 3 }],
  ['a host', EQLLIB, { Hostname: 'desk7' }],
]

describe('skimming', () => {
  for (const [about, usual, other] of ROWS) {
    it(`counts as reading does: ${about}`, async () => {
      const many = Array.from({ length: 6 }, () => usual)
      const records = [...many, { ...usual, ...other }, ...many]
      const bytes = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''))
      const plain = await read(bytes, false)
      const sifted = await read(bytes, true)
      assert.deepEqual(sifted.times, plain.times)
      assert.deepEqual(sifted.summary, plain.summary)
      assert.ok(sifted.passed >= 6, `${sifted.passed} passed`)
    })
  }

  it('counts those that wait for others, also where too many wait to be noted at a time', async () => {
    const times = Array.from({ length: 600 }, (_, at) => new Date(Date.UTC(2031, 2, 4, 5, 6, 7, at)).toISOString())
    const records = times.map((time) => JSON.stringify({ ...SYSMON, UtcTime: time.replace('T', ' ').slice(0, -1) }))
    const bytes = Buffer.from(records.join('\n'))
    const waiting = await read(bytes, true, { needs: Array.from({ length: 20 }, () => NOTHING), canWait: () => true })
    assert.deepEqual(waiting.times, (await read(bytes, false)).times)
    assert.ok(waiting.passed > 590, `${waiting.passed} wait`)
  })

  it('goes on where more pass than are noted at a time', async () => {
    const bytes = Buffer.from(`${JSON.stringify(SECURITY)},\n`.repeat(3000))
    const { times, passed } = await read(bytes, true)
    assert.equal(times.length, 3000)
    assert.ok(passed > 2990)
  })
})

/** Reads records that nobody wants, or not yet. */
async function read(
  bytes: Buffer,
  sifted: boolean,
  { needs = [IMPOSSIBLE], canWait = () => false }: { needs?: Needs[]; canWait?: () => boolean } = {},
): Promise<{ times: Times[]; passed: number; summary: InputSummary }> {
  const times: Times[] = []
  let passed = 0
  const rowKinds: RecordClass[] = []
  const add = (document: Json, eventTime: number, recordTime: number) => {
    // An event without a time of its own shows that of its record, and the other way round.
    const [happened, written] = [eventTime, recordTime].map((time) => (Number.isNaN(time) ? null : time))
    const named = ['event.code', 'winlog.channel', 'event.provider'].map((field) => valuesOf(document, field)[0])
    const [code, channel, provider] = named
    times.push([code, channel, provider, happened ?? written!, written ?? happened!])
  }
  const chunks = (async function* () {
    yield bytes
  })()
  const sifting = {
    sifter: createSifter(() => needs, { canWait }),
    passed: {
      row(row: number, kind: RecordClass) {
        rowKinds[row] = kind
      },
      events({ rows, eventTimes, recordTimes }: PassedEvents) {
        passed += rows.length
        for (let at = 0; at < rows.length; at += 1)
          add(rowKinds[rows[at]!]!.document, eventTimes[at]!, recordTimes[at]!)
      },
      event({ kind, eventTime, recordTime }: PassedEvent) {
        passed += 1
        add(kind.document, eventTime, recordTime)
      },
    },
  }
  const summary = await readEvents({ path: 'x', format: 'json', chunks }, sifted ? sifting : {}, (event) => {
    const { document, recorded } = event
    add(document, Date.parse(String(document['@timestamp'])), Date.parse(String(recorded)))
  })
  return { times, passed, summary }
}
