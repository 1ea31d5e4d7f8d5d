/** One event in every shape that recordings have: the same document must come of it. */
import assert from 'node:assert/strict'
import { fieldOf } from '../../src/model/event.ts'
import { type InputSummary, readEvents } from '../../src/telemetry/read-events.ts'
import { unpack } from '../../src/telemetry/readers/unpack.ts'
import { event, eventData, evtx } from './evtx/evtx-maker.ts'

type Json = Record<string, unknown>

interface Event {
  channel: string
  provider: string
  eventId: number
  /** When the record was written. */
  time: string
  data: Record<string, string>
}

const HOST = 'DESK7.lab.example'

const CONNECTION: Event = {
  channel: 'Microsoft-Windows-Sysmon/Operational',
  provider: 'Microsoft-Windows-Sysmon',
  eventId: 3,
  time: '2031-03-04T05:06:08.500Z',
  data: {
    UtcTime: '2031-03-04 05:06:07.123',
    ProcessGuid: '{12345678-9abc-def0-1122-334455667788}',
    ProcessId: '77',
    Image: 'C:\\Windows\\System32\\svchost.exe',
    Initiated: 'false',
    SourceIp: '10.0.0.9',
    SourcePort: '50000',
    DestinationIp: '0:0:0:0:0:0:0:1',
    DestinationPort: '49667',
    Odd: 'kept',
  },
}

const PROCESS: Event = {
  channel: 'Security',
  provider: 'Microsoft-Windows-Security-Auditing',
  eventId: 4688,
  time: '2031-03-04T05:06:08.500Z',
  data: {
    NewProcessName: 'C:\\Windows\\System32\\schtasks.exe',
    NewProcessId: '0x1f4',
    CommandLine: 'schtasks /query',
    Odd: 'kept',
  },
}

const EXPECTED: [Event, Json][] = [
  [
    CONNECTION,
    {
      '@timestamp': '2031-03-04T05:06:07.123Z',
      'event.code': '3',
      'event.category': ['network'],
      'event.provider': 'Microsoft-Windows-Sysmon',
      'event.created': '2031-03-04T05:06:08.500Z',
      'host.name': HOST,
      'host.os.type': 'windows',
      'winlog.channel': 'Microsoft-Windows-Sysmon/Operational',
      'process.entity_id': '{12345678-9abc-def0-1122-334455667788}',
      'process.pid': 77,
      'process.name': 'svchost.exe',
      'network.direction': 'ingress',
      'source.ip': '10.0.0.9',
      'source.port': 50_000,
      'destination.ip': '::1',
      'destination.port': 49_667,
      'winlog.event_data': { Odd: 'kept' },
    },
  ],
  [
    PROCESS,
    {
      '@timestamp': '2031-03-04T05:06:08.500Z',
      'event.code': '4688',
      'event.category': ['process'],
      'event.action': 'created-process',
      'host.name': HOST,
      'process.pid': 500,
      'process.name': 'schtasks.exe',
      'process.command_line': 'schtasks /query',
      'winlog.event_data': PROCESS.data,
    },
  ],
]

const named = (data: Record<string, string>) => Object.entries(data)

/** The `System` element as converters write it: how attributes and text of an element are put. */
const system = (
  { channel, provider, eventId, time }: Event,
  attributes: (name: string, value: Json) => Json,
): Json => ({
  ...attributes('Provider', { Name: provider, Guid: '54849625-5478-4994-A5BA-3E3B0328C30D' }),
  EventID: eventId,
  Version: 2,
  Keywords: '0x8020000000000000',
  ...attributes('TimeCreated', { SystemTime: time }),
  EventRecordID: 1,
  Correlation: null,
  ...attributes('Execution', { ProcessID: 4, ThreadID: 72 }),
  Channel: channel,
  Computer: HOST,
  Security: null,
})

const bare = (text: string) => text.replace(/^\{(.*)\}$/, '$1')
const bareGuids = (data: Record<string, string>) =>
  Object.fromEntries(named(data).map(([name, text]) => [name, bare(text)]))

const xml = ({ eventId, channel, provider, time, data }: Event): string => {
  const items = named(data).map(([name, text]) => `<Data Name='${name}'>${text}</Data>`)
  return `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${provider}'/><EventID>${eventId}</EventID><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='${time.replace('Z', '1234Z')}'/><Channel>${channel}</Channel><Computer>${HOST}</Computer></System><EventData>${items.join('')}</EventData></Event>`
}

/** The values of an event in the order of its template, as .NET types them. */
const PROPERTIES: Record<number, unknown[]> = {
  3: [
    ...['-', '2031-03-04 05:06:07.123', '12345678-9abc-def0-1122-334455667788', 77, CONNECTION.data.Image],
    ...[
      'NT AUTHORITY\\SYSTEM',
      'tcp',
      false,
      false,
      '10.0.0.9',
      '-',
      50_000,
      '-',
      true,
      '0:0:0:0:0:0:0:1',
      '-',
      49_667,
      '-',
    ],
  ],
  4688: [
    { BinaryLength: 12, AccountDomainSid: null, Value: 'S-1-5-18' },
    ...['DESK7$', 'LAB', 999, 500, PROCESS.data.NewProcessName, '%%1936', 4, PROCESS.data.CommandLine],
  ],
}

const winEvent = ({ eventId, channel, provider }: Event, TimeCreated: string): Json => ({
  Id: eventId,
  Version: 2,
  Keywords: Number('-9214364837600034816'),
  RecordId: 7,
  ProviderName: provider,
  ProviderId: '54849625-5478-4994-a5ba-3e3b0328c30d',
  LogName: channel,
  ProcessId: 4,
  MachineName: HOST,
  UserId: { BinaryLength: 12, AccountDomainSid: null, Value: 'S-1-5-18' },
  TimeCreated,
  Properties: PROPERTIES[eventId]!.map((Value) => ({ Value })),
  KeywordsDisplayNames: ['Audit Success'],
  Message: 'text',
})

const winlogbeat7 = (one: Event): Json => ({
  '@timestamp': one.time,
  event: { code: String(one.eventId), kind: 'event', provider: one.provider, created: '2031-03-04T05:07:00.000Z' },
  host: { name: 'desk7', id: 'machine-id', os: { type: 'windows', build: '19044' } },
  agent: { type: 'winlogbeat' },
  winlog: {
    channel: one.channel,
    provider_name: one.provider,
    computer_name: HOST,
    event_id: String(one.eventId),
    keywords: ['Audit Success'],
    event_data: one.data,
  },
})

const winlogbeat6 = (one: Event): Json => ({
  '@timestamp': one.time,
  '@metadata': { beat: 'winlogbeat' },
  log_name: one.channel,
  source_name: one.provider,
  computer_name: HOST,
  event_id: one.eventId,
  keywords: ['Audit Success'],
  beat: { name: 'desk7' },
  event_data: one.data,
})

function dotted(value: Json, path = ''): Json {
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, inner]) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? dotted(inner as Json, `${path}${key}.`)
        : { [path + key]: inner },
    ),
  )
}

/** An event as JSON, an event log, a text of another kind. */
type Recording = Json | Buffer | string

/** Name of the shape, how it was written, and the bytes of a recording with one event. */
const SHAPES: [shape: string, how: string, write: (one: Event) => Recording, but?: string[]][] = [
  [
    'flat-winevent',
    '',
    ({ eventId, channel, provider, time, data }) => ({
      ...data,
      EventID: eventId,
      Channel: channel,
      SourceName: provider,
      Hostname: HOST,
      TimeCreated: time,
    }),
  ],
  [
    'flat-winevent',
    'v2: local time in TimeCreated, UTC in TimeGenerated; the id a text, the channel in lower case',
    ({ eventId, channel, provider, time, data }) => ({
      ...data,
      EventID: String(eventId),
      Channel: channel.toLowerCase(),
      SourceName: provider,
      Computer: HOST,
      TimeCreated: '2031-03-04T00:06:08.500Z',
      TimeGenerated: time,
    }),
    ['winlog.channel'],
  ],
  [
    'flat-winevent',
    'without a channel',
    ({ eventId, provider, time, data }) => ({
      ...data,
      EventId: eventId,
      ProviderName: provider.toLowerCase(),
      MachineName: HOST,
      TimeCreated: time,
    }),
    ['event.provider'],
  ],
  [
    'flat-winevent',
    'forwarded',
    ({ eventId, provider, time, data }) => ({
      ...data,
      EventID: eventId,
      Channel: 'ForwardedEvents',
      SourceName: provider,
      Hostname: HOST,
      TimeCreated: time,
    }),
    ['winlog.channel'],
  ],
  [
    'nxlog-flat',
    '',
    ({ eventId, channel, provider, data }) => ({
      ...data,
      EventID: eventId,
      Channel: channel,
      SourceName: provider,
      Hostname: HOST,
      EventTime: '2031-03-04 01:06:08',
      EventReceivedTime: '2031-03-04 01:06:10',
      '@timestamp': '2031-03-04T05:06:10.700Z',
      SourceModuleName: 'eventlog',
    }),
    ['event.created', '@timestamp'],
  ],
  [
    'evtx',
    '',
    ({ eventId, channel, provider, time, data }) =>
      evtx([[event({ eventId, channel, provider, time, computer: HOST }, eventData(data))]]),
  ],
  ['evtx-xml', '', xml],
  [
    'evtx-json',
    'attributes in an object of their own, as evtx_dump',
    (one) => ({
      Event: {
        '#attributes': { xmlns: 'x' },
        System: system(one, (name, value) => ({ [name]: { '#attributes': value } })),
        EventData: bareGuids(one.data),
      },
    }),
  ],
  [
    'evtx-json',
    'attributes beside their element, as chainsaw',
    (one) => ({
      Event_attributes: { xmlns: 'x' },
      Event: {
        System: {
          ...system(one, (name, value) => ({ [`${name}_attributes`]: value })),
          EventID_attributes: { Qualifiers: '' },
        },
        EventData: bareGuids(one.data),
      },
    }),
  ],
  [
    'evtx-json',
    'attributes with a sign, data as a list, as python-evtx',
    (one) => ({
      Event: {
        '@xmlns': 'x',
        System: {
          ...system(one, (name, value) => ({
            [name]: Object.fromEntries(Object.entries(value).map(([key, inner]) => [`@${key}`, inner])),
          })),
          EventID: { '@Qualifiers': '', '#text': String(one.eventId) },
          TimeCreated: { '@SystemTime': one.time.replace('T', ' ').replace('Z', '000+00:00') },
        },
        EventData: { Data: named(one.data).map(([name, text]) => ({ '@Name': name, '#text': text })) },
      },
    }),
  ],
  [
    'evtx-json',
    'attributes as fields, no root, the id in an object',
    (one) => ({
      System: { ...system(one, (name, value) => ({ [name]: value })), EventID: { Value: one.eventId } },
      EventData: one.data,
    }),
  ],
  [
    'evtx-json',
    'seconds since 1970, as Velociraptor',
    (one) => ({
      System: {
        ...system(one, (name, value) => ({ [name]: value })),
        EventID: { Value: one.eventId },
        TimeCreated: { SystemTime: Date.parse(one.time) / 1000 },
      },
      EventData: one.data,
    }),
  ],
  [
    'evtx-json',
    'within what was found, as chainsaw',
    (one) => ({
      group: 'Sigma',
      document: {
        kind: 'evtx',
        data: {
          Event: { System: system(one, (name, value) => ({ [`${name}_attributes`]: value })), EventData: one.data },
        },
      },
      timestamp: one.time,
    }),
  ],
  [
    'velociraptor',
    '',
    ({ eventId, channel, provider, time, data }) => ({
      EventTime: time,
      Computer: HOST,
      Channel: channel,
      Provider: provider,
      EventID: eventId,
      EventRecordID: 7,
      EventData: data,
      UserData: null,
      Message: 'text',
      OSPath: 'C:\\x.evtx',
    }),
  ],
  [
    'get-winevent',
    'Windows PowerShell',
    (one) => winEvent(one, `/Date(${Date.parse(one.time)})/`),
    ['winlog.event_data'],
  ],
  [
    'get-winevent',
    'PowerShell 7',
    (one) => winEvent(one, one.time.replace('05:06:08.500Z', '00:06:08.5001234-05:00')),
    ['winlog.event_data'],
  ],
  ['splunk', 'an export', (one) => ({ preview: false, offset: 0, result: { _raw: xml(one), _time: one.time } })],
  ['splunk', 'one result', (one) => ({ _raw: xml(one) })],
  [
    'evtxecmd',
    '',
    ({ eventId, channel, provider, time, data }) => ({
      EventId: eventId,
      Channel: channel,
      Provider: provider,
      Computer: HOST,
      TimeCreated: time.replace('Z', '1234+00:00'),
      Keywords: 'Audit success',
      Payload: JSON.stringify({
        EventData: { Data: named(data).map(([name, text]) => ({ '@Name': name, '#text': text })) },
      }),
    }),
  ],
  ['winlogbeat-6', '', winlogbeat6],
  ['winlogbeat-6', 'dotted', (one) => dotted(winlogbeat6(one))],
  ['winlogbeat', '', winlogbeat7, ['host.name']],
  ['winlogbeat', 'dotted', (one) => dotted(winlogbeat7(one)), ['host.name']],
  ['elasticsearch/winlogbeat', '', (one) => ({ _index: 'i', _id: '1', _source: winlogbeat7(one) }), ['host.name']],
  [
    'elasticsearch/winlogbeat',
    'fields instead of the source',
    (one) => ({
      _index: 'i',
      _id: '1',
      fields: Object.fromEntries(Object.entries(dotted(winlogbeat7(one))).map(([key, value]) => [key, [value].flat()])),
    }),
    ['host.name'],
  ],
]

async function read(recording: Recording) {
  const isText = typeof recording === 'string'
  const bytes = Buffer.isBuffer(recording) ? recording : Buffer.from(isText ? recording : JSON.stringify(recording))
  const documents: Json[] = []
  const chunks = (async function* () {
    yield bytes
  })()
  const summaries: InputSummary[] = []
  for await (const input of unpack('x', chunks))
    summaries.push(await readEvents(input, {}, ({ document }) => documents.push(document)))
  assert.equal(summaries.length, 1)
  return { ...summaries[0]!, document: documents[0]! }
}

describe('shapes', () => {
  for (const [shape, how, write, but = []] of SHAPES) {
    it(`${shape}${how && `, ${how}`}`, async () => {
      for (const [one, expected] of EXPECTED) {
        const { document, problems, ...summary } = await read(write(one))
        assert.deepEqual([summary.shape, problems], [shape, []])
        for (const [field, value] of Object.entries(expected)) {
          if (!but.includes(field)) assert.deepEqual(fieldOf(document, field), value, field)
        }
      }
    })
  }

  it('evtx: the header beside the data', async () => {
    const { document } = await read(
      evtx([[event({ eventId: 4688, channel: 'Security', recordId: 77 }, eventData({ Level: 'its own' }))]]),
    )
    assert.deepEqual(
      ['process', 'record_id', 'version', 'keywords', 'event_data', 'level'].map((field) =>
        fieldOf(document, `winlog.${field}`),
      ),
      [{ pid: 4, thread: { id: 72 } }, '77', '2', '0x8020000000000000', { Level: 'its own' }, undefined],
    )
  })

  it('get-winevent: what .NET types otherwise, and values whose order is not known', async () => {
    const { document } = await read(winEvent(PROCESS, PROCESS.time))
    assert.deepEqual(fieldOf(document, 'winlog.event_data'), {
      SubjectUserSid: 'S-1-5-18',
      SubjectUserName: 'DESK7$',
      SubjectDomainName: 'LAB',
      SubjectLogonId: '0x3e7',
      NewProcessId: '0x1f4',
      NewProcessName: PROCESS.data.NewProcessName,
      TokenElevationType: '%%1936',
      ProcessId: '0x4',
      CommandLine: 'schtasks /query',
    })
    assert.deepEqual(
      ['message', 'event.outcome', 'winlog.record_id', 'winlog.user.identifier', 'process.parent.pid'].map((field) =>
        fieldOf(document, field),
      ),
      ['text', 'success', 7, 'S-1-5-18', 4],
    )
    const short = { ...winEvent(PROCESS, PROCESS.time), Properties: [{ Value: 'a' }, { Value: 2 }] }
    assert.deepEqual(fieldOf((await read(short)).document, 'winlog.event_data'), { param1: 'a', param2: '2' })
  })

  it('lists of records in one object', async () => {
    for (const name of ['records', 'results', 'value', 'Events']) {
      const result = await read({ count: 2, [name]: [winlogbeat6(PROCESS), winlogbeat6(CONNECTION)] })
      assert.deepEqual([result.events, result.skipped, result.shape], [2, 0, 'winlogbeat-6'])
    }
    assert.match((await read({ records: [{ a: 1 }] })).problems[0]!.message, /unknown shape.*the fields records/)
  })

  it('whole responses of searches', async () => {
    const hit = { _index: 'i', _id: '1', _source: winlogbeat7(PROCESS) }
    for (const [hits, events] of [
      [{ total: { value: 2 }, hits: [hit, hit] }, 2],
      [{ events: [hit] }, 1],
      [{ sequences: [{ join_keys: ['a'], events: [hit, hit] }, { events: [hit] }] }, 3],
    ] as const) {
      const result = await read({ took: 1, hits })
      assert.deepEqual([result.events, result.skipped, result.shape], [events, 0, 'elasticsearch/winlogbeat'])
    }
  })

  it('winlogbeat: keeps what the shipper says, and the host’s own id', async () => {
    const { document } = await read(winlogbeat7(PROCESS))
    assert.deepEqual(document.host, { name: HOST, hostname: HOST, id: HOST, os: { type: 'windows', build: '19044' } })
    assert.deepEqual(document.agent, { type: 'winlogbeat' })
    const collected = { ...winlogbeat7(PROCESS), host: { name: 'collector', id: 'its-id' } }
    assert.equal(fieldOf((await read(collected)).document, 'host.id'), HOST)
  })

  it('leaves documents alone that went through a pipeline', async () => {
    const document = { ...winlogbeat7(PROCESS), event: { code: '4688', category: ['process'] } }
    const result = await read(document)
    assert.deepEqual([result.shape, result.document], ['ecs', document])
  })

  it('user data, unnamed data and data of one name', async () => {
    const head = {
      System: { EventID: 1102, Channel: 'Security', Computer: HOST, TimeCreated: { '@SystemTime': CONNECTION.time } },
    }
    const user = await read({
      Event: { ...head, UserData: { LogFileCleared: { SubjectUserName: 'ada', Odd: { Deep: 'x' } } } },
    })
    assert.equal(fieldOf(user.document, 'user.name'), 'ada')
    assert.deepEqual(fieldOf(user.document, 'winlog.user_data'), {
      xml_name: 'LogFileCleared',
      SubjectUserName: 'ada',
      Deep: 'x',
    })
    for (const Data of [['a', 'b'], { '#text': ['a', 'b'] }, [{ '#text': 'a' }, { '#text': 'b' }]]) {
      const { document } = await read({ Event: { ...head, EventData: { Data } } })
      assert.deepEqual(fieldOf(document, 'winlog.event_data'), { param1: 'a', param2: 'b' })
    }
    const twice = await read({
      Event: {
        ...head,
        EventData: {
          Data: [
            { '@Name': 'N', '#text': 'a' },
            { '@Name': 'N', '#text': 'b' },
          ],
        },
      },
    })
    assert.deepEqual(fieldOf(twice.document, 'winlog.event_data'), { N: ['a', 'b'] })
  })

  it('the schema of eqllib', async () => {
    const { shape, document } = await read({
      event_type: 'network',
      subtype: 'incoming',
      timestamp: 131_883_570_878_990_000,
      pid: 7,
      unique_pid: '{g}',
      process_name: 'svchost.exe',
      process_path: 'C:\\Windows\\svchost.exe',
      source_address: '10.0.0.9',
      source_port: '50000',
      destination_port: 49_667,
      user: 'NT AUTHORITY\\SYSTEM',
      user_name: 'SYSTEM',
      logon_id: 3,
    })
    assert.equal(shape, 'eqllib-normalised')
    assert.deepEqual(
      ['@timestamp', 'event.category', 'network.direction', 'process', 'source', 'destination', 'user', 'eqllib'].map(
        (field) => fieldOf(document, field),
      ),
      [
        '2018-12-04T00:31:27.899Z',
        ['network'],
        'ingress',
        { pid: 7, entity_id: '{g}', executable: 'C:\\Windows\\svchost.exe', name: 'svchost.exe' },
        { ip: '10.0.0.9', port: 50_000 },
        { port: 49_667 },
        { domain: 'NT AUTHORITY', name: 'SYSTEM' },
        { logon_id: 3 },
      ],
    )
  })

  it('several in one file, each said', async () => {
    const lines = [SHAPES[0]![2](PROCESS), winlogbeat6(PROCESS), { _source: winlogbeat7(PROCESS) }]
    const chunks = (async function* () {
      for (const line of lines) yield Buffer.from(`\ufeff${JSON.stringify(line, null, 2)}\r\n`)
    })()
    const codes: unknown[] = []
    const { shape, skipped } = await readEvents({ path: 'x', format: 'json', chunks }, {}, ({ document }) =>
      codes.push(fieldOf(document, 'event.code')),
    )
    assert.deepEqual(
      [shape, codes],
      ['elasticsearch/winlogbeat + flat-winevent + winlogbeat-6', ['4688', '4688', '4688']],
    )
    assert.equal(skipped, 0)
  })

  it('survives records that nest without end', async () => {
    for (const [open, close] of [
      ['{"_source":', '}'],
      ['{"System":{},"EventData":', '}'],
      ['{"Event":', '}'],
      ['{"winlog":', '}'],
    ] as const) {
      const text = `${open.repeat(50_000)}{}${close.repeat(50_000)}`
      const chunks = (async function* () {
        yield Buffer.from(text)
      })()
      const { events } = await readEvents({ path: 'x', format: 'json', chunks }, {}, () => {})
      assert.equal(events, 0)
    }
  })
})
