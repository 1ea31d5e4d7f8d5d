import assert from 'node:assert/strict'
import { fieldOf } from '../../src/model/event.ts'
import { normalise } from '../../src/telemetry/normalise.ts'

type Json = Record<string, unknown>

/** A Sysmon record in the flat-winevent shape. */
const sysmon = (eventId: number, data: Json): Json => ({
  SourceName: 'Microsoft-Windows-Sysmon',
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  Hostname: 'DESK7.lab.example',
  TimeCreated: '2031-03-04T05:06:08.500Z',
  '@timestamp': '2031-03-04T05:06:08.500Z',
  EventID: eventId,
  UtcTime: '2031-03-04 05:06:07.123',
  RuleName: '-',
  ...data,
})

const audit = (eventId: number, data: Json): Json => ({
  SourceName: 'Microsoft-Windows-Security-Auditing',
  Channel: 'Security',
  Hostname: 'DESK7.lab.example',
  Keywords: '0x8020000000000000',
  TimeCreated: '2031-03-04T05:06:08.500Z',
  EventID: eventId,
  ...data,
})

const documentOf = (record: Json, time?: 'event' | 'record'): Json => {
  const normalised = normalise(record, time ? { time } : {})
  assert.ok(normalised, 'the record is recognised')
  return normalised.document
}

/** The fields named, as the document has them. */
const pick = (document: Json, paths: string[]) =>
  Object.fromEntries(paths.map((path) => [path, fieldOf(document, path)]))

function expectFields(document: Json, expected: Json): void {
  assert.deepEqual(pick(document, Object.keys(expected)), expected)
}

describe('normalise: envelope', () => {
  it('gives a whole document', () => {
    assert.deepEqual(
      normalise(sysmon(5, { ProcessGuid: '{1-2}', ProcessId: '77', Image: 'C:\\x\\a.exe', Odd: 'kept' })),
      {
        index: 'logs-windows.sysmon_operational-default',
        document: {
          '@timestamp': '2031-03-04T05:06:07.123Z',
          event: {
            kind: 'event',
            code: '5',
            module: 'windows',
            dataset: 'windows.sysmon_operational',
            provider: 'Microsoft-Windows-Sysmon',
            category: ['process'],
            type: ['end'],
            action: 'Process terminated',
            created: '2031-03-04T05:06:08.500Z',
          },
          host: {
            name: 'DESK7.lab.example',
            hostname: 'DESK7.lab.example',
            id: 'DESK7.lab.example',
            os: { type: 'windows' },
          },
          winlog: {
            channel: 'Microsoft-Windows-Sysmon/Operational',
            event_id: '5',
            provider_name: 'Microsoft-Windows-Sysmon',
            computer_name: 'DESK7.lab.example',
            event_data: { Odd: 'kept' },
          },
          process: { entity_id: '{1-2}', pid: 77, executable: 'C:\\x\\a.exe', name: 'a.exe' },
        },
      },
    )
  })

  it('orders by the record’s own time when asked', () => {
    const record = sysmon(5, {})
    assert.equal(documentOf(record, 'record')['@timestamp'], '2031-03-04T05:06:08.500Z')
    assert.equal(documentOf(record, 'event')['@timestamp'], '2031-03-04T05:06:07.123Z')
  })

  it('takes the time of the record where the event has none of its own', () => {
    assert.equal(documentOf(audit(4689, {}))['@timestamp'], '2031-03-04T05:06:08.500Z')
  })

  it('finds the channel in any case', () => {
    assert.equal(normalise({ ...audit(4688, {}), Channel: 'security' })?.index, 'logs-system.security-default')
  })

  for (const [channel, index] of [
    ['Microsoft-Windows-TaskScheduler/Operational', 'logs-windows.taskscheduler_operational-default'],
    ['Microsoft-Windows-PowerShell/Operational', 'logs-windows.powershell_operational-default'],
    ['System', 'logs-system.system-default'],
    ['Some-Vendor/Admin', 'logs-windows.forwarded-default'],
  ] as const) {
    it(`sends ${channel} to ${index}`, () => {
      assert.equal(normalise({ ...audit(1, {}), Channel: channel })?.index, index)
    })
  }

  it('says whether what was audited succeeded', () => {
    const outcome = (Keywords: unknown) => fieldOf(documentOf({ ...audit(4624, {}), Keywords }), 'event.outcome')
    assert.equal(outcome('0x8020000000000000'), 'success')
    assert.equal(outcome('0x8010000000000000'), 'failure')
    assert.equal(outcome(Number('-9214364837600034816')), 'success')
    assert.equal(outcome(Number('-9218868437227405312')), 'failure')
    assert.equal(outcome('0xnonsense'), undefined)
  })

  it('refuses what is no event', () => {
    assert.equal(normalise({ hello: 'world' }), null)
    assert.equal(normalise({ ...audit(1, {}), EventID: 'four' }), null)
    assert.equal(normalise({ ...audit(4688, {}), TimeCreated: 'yesterday' }), null)
  })
})

describe('normalise: missing values', () => {
  for (const missing of ['-', '', '{00000000-0000-0000-0000-000000000000}', '<unknown process>', null]) {
    it(`${JSON.stringify(missing)} is no value`, () => {
      const document = documentOf(sysmon(3, { ProcessGuid: missing, Image: missing, Extra: missing }))
      assert.equal(document.process, undefined)
      assert.equal(fieldOf(document, 'winlog.event_data'), undefined)
    })
  }
})

describe('normalise: Sysmon', () => {
  it('1: a process, its parent, its file and its hashes', () => {
    const document = documentOf(
      sysmon(1, {
        ProcessGuid: '{a}',
        ProcessId: '41',
        Image: 'C:\\Tools\\Görling\\run me.exe',
        CommandLine: '"C:\\Tools\\Görling\\run me.exe" /x "a b" c\\\\"d"',
        OriginalFileName: 'RUN.EXE',
        Hashes: 'SHA1=AB,MD5=00000000,IMPHASH=CD',
        User: 'LAB\\ada',
        ParentProcessGuid: '{b}',
        ParentProcessId: '40',
        ParentImage: 'C:\\Windows\\System32\\cmd.exe',
        ParentCommandLine: 'cmd /c x',
        IntegrityLevel: 'High',
      }),
    )
    expectFields(document, {
      'event.category': ['process'],
      'event.type': ['start'],
      'process.entity_id': '{a}',
      'process.pid': 41,
      'process.name': 'run me.exe',
      'process.args': ['C:\\Tools\\Görling\\run me.exe', '/x', 'a b', 'c\\d'],
      'process.args_count': 4,
      'process.pe.original_file_name': 'RUN.EXE',
      'process.pe.imphash': 'cd',
      'process.hash': { sha1: 'ab' },
      'process.parent.entity_id': '{b}',
      'process.parent.pid': 40,
      'process.parent.name': 'cmd.exe',
      'process.parent.command_line': 'cmd /c x',
      'user.name': 'ada',
      'user.domain': 'LAB',
      'related.user': ['ada'],
      'related.hash': ['ab'],
      'winlog.event_data': { IntegrityLevel: 'High' },
    })
  })

  for (const [initiated, direction] of [
    ['false', 'ingress'],
    ['False', 'ingress'],
    ['true', 'egress'],
    ['True', 'egress'],
  ]) {
    it(`3: Initiated ${initiated} is ${direction}`, () => {
      expectFields(documentOf(sysmon(3, { Initiated: initiated })), { 'network.direction': direction })
    })
  }

  it('3: ports are numbers, addresses have one spelling', () => {
    const document = documentOf(
      sysmon(3, {
        Protocol: 'TCP',
        SourceIsIpv6: 'true',
        SourceIp: '0:0:0:0:0:0:0:1',
        SourcePort: '50001',
        DestinationIp: 'fe80:0:0:0:AB:0:0:9',
        DestinationPort: '49152',
      }),
    )
    expectFields(document, {
      'event.type': ['start', 'connection', 'protocol'],
      'source.ip': '::1',
      'source.port': 50001,
      'destination.ip': 'fe80::ab:0:0:9',
      'destination.port': 49152,
      'network.transport': 'tcp',
      'network.type': 'ipv6',
      'related.ip': ['::1', 'fe80::ab:0:0:9'],
      'winlog.event_data': undefined,
    })
  })

  it('3: what is no address and no port stays where it was', () => {
    expectFields(documentOf(sysmon(3, { SourceIp: 'printer', SourcePort: '70000' })), {
      source: undefined,
      'winlog.event_data': { SourceIp: 'printer', SourcePort: '70000' },
    })
  })

  it('7: the image details are those of the library', () => {
    const data = {
      Image: 'C:\\a.exe',
      ImageLoaded: 'C:\\Windows\\System32\\TaskSchd.dll',
      OriginalFileName: 'taskschd.dll',
    }
    expectFields(documentOf(sysmon(7, { ...data, Hashes: 'SHA256=EF', SignatureStatus: 'Valid' })), {
      'file.name': 'TaskSchd.dll',
      'file.directory': 'C:\\Windows\\System32',
      'file.extension': 'dll',
      'file.pe.original_file_name': 'taskschd.dll',
      'file.hash.sha256': 'ef',
      'file.code_signature.valid': true,
      'process.name': 'a.exe',
      'process.pe': undefined,
      'process.hash': undefined,
    })
  })

  it('10: the process is the one that reached for the other', () => {
    const data = { SourceProcessGUID: '{s}', SourceProcessId: '5', SourceImage: 'C:\\s.exe', TargetProcessGuid: '{t}' }
    expectFields(documentOf(sysmon(10, { ...data, TargetImage: 'C:\\t.exe' })), {
      'event.type': ['access'],
      'process.entity_id': '{s}',
      'process.pid': 5,
      'process.name': 's.exe',
      'winlog.event_data': { TargetProcessGUID: '{t}', TargetImage: 'C:\\t.exe' },
    })
  })

  it('11: a file', () => {
    expectFields(documentOf(sysmon(11, { TargetFilename: 'C:\\Windows\\System32\\Tasks\\Nightly' })), {
      'event.category': ['file'],
      'event.type': ['creation'],
      'file.path': 'C:\\Windows\\System32\\Tasks\\Nightly',
      'file.name': 'Nightly',
      'file.directory': 'C:\\Windows\\System32\\Tasks',
      'file.extension': undefined,
    })
  })

  for (const eventId of [12, 13, 14]) {
    it(`${eventId}: a registry change`, () => {
      const path = 'HKLM\\SOFTWARE\\Vendor\\{9}\\Actions'
      expectFields(documentOf(sysmon(eventId, { EventType: 'SetValue', TargetObject: path })), {
        'event.category': ['configuration', 'registry'],
        'event.type': ['change'],
        'registry.hive': 'HKLM',
        'registry.path': path,
        'registry.key': 'SOFTWARE\\Vendor\\{9}\\Actions',
        'registry.value': 'Actions',
        'winlog.event_data': { EventType: 'SetValue' },
      })
    })
  }

  for (const [details, data] of [
    ['Binary Data', { type: 'REG_BINARY', strings: ['Binary Data'] }],
    ['DWORD (0x00000010)', { type: 'SZ_DWORD', strings: ['16'] }],
    ['QWORD (0x00000001-0x00000002)', { type: 'SZ_QWORD', strings: ['4294967298'] }],
    ['C:\\x.exe', { type: 'REG_SZ', strings: ['C:\\x.exe'] }],
  ] as const) {
    it(`13: ${details}`, () => {
      expectFields(documentOf(sysmon(13, { TargetObject: 'HKU\\k', Details: details })), { 'registry.data': data })
    })
  }

  it('17 and 18: a pipe is a file', () => {
    expectFields(documentOf(sysmon(17, { PipeName: '\\atsvc' })), {
      'event.type': ['creation'],
      'file.name': '\\atsvc',
    })
    expectFields(documentOf(sysmon(18, { PipeName: '\\atsvc' })), { 'event.type': ['access'], 'file.name': '\\atsvc' })
  })

  it('22: a question and its answers', () => {
    const data = {
      QueryName: 'srv',
      QueryStatus: '0',
      QueryResults: 'type:  5 srv.lab;::ffff:10.1.2.3;2001:db8:0:0:0:0:0:1;',
    }
    expectFields(documentOf(sysmon(22, data)), {
      'dns.question.name': 'srv',
      'dns.resolved_ip': ['10.1.2.3', '2001:db8::1'],
      'dns.answers': [
        { type: 'CNAME', data: 'srv.lab' },
        { type: 'A', data: '10.1.2.3' },
        { type: 'AAAA', data: '2001:db8::1' },
      ],
      'sysmon.dns.status': 'SUCCESS',
      'related.hosts': ['srv'],
    })
  })

  it('23: a deleted file, hashes with the process as the vendor has them', () => {
    const data = { TargetFilename: 'C:\\t\\x.dll', Hashes: 'MD5=AA', IsExecutable: 'true', Archived: 'True' }
    expectFields(documentOf(sysmon(23, data)), {
      'event.type': ['deletion'],
      'file.extension': 'dll',
      'process.hash.md5': 'aa',
      'sysmon.file': { is_executable: true, archived: true },
    })
  })
})

describe('normalise: Security', () => {
  it('4688: the new process, and the creator as its parent', () => {
    const document = documentOf(
      audit(4688, {
        NewProcessId: '0x1f4',
        NewProcessName: 'C:\\Windows\\System32\\schtasks.exe',
        ProcessId: '0x10',
        ParentProcessName: 'C:\\Windows\\System32\\cmd.exe',
        CommandLine: 'schtasks /query',
        SubjectUserName: 'ada',
        TargetUserSid: 'S-1-0-0',
      }),
    )
    expectFields(document, {
      'event.category': ['process'],
      'event.type': ['start'],
      'event.action': 'created-process',
      'process.pid': 500,
      'process.name': 'schtasks.exe',
      'process.executable': 'C:\\Windows\\System32\\schtasks.exe',
      'process.command_line': 'schtasks /query',
      'process.parent.pid': 16,
      'process.parent.name': 'cmd.exe',
      'user.name': 'ada',
      'user.effective': undefined,
      'winlog.event_data.NewProcessName': 'C:\\Windows\\System32\\schtasks.exe',
    })
  })

  for (const [eventId, action, type] of [
    [4698, 'scheduled-task-created', 'creation'],
    [4699, 'scheduled-task-deleted', 'deletion'],
    [4700, 'scheduled-task-enabled', 'change'],
    [4701, 'scheduled-task-disabled', 'change'],
    [4702, 'scheduled-task-updated', 'change'],
  ] as const) {
    it(`${eventId}: ${action}`, () => {
      const data = { TaskName: '\\Nightly', RpcCallClientLocality: '0', ClientProcessId: '0', SubjectUserName: 'ada' }
      expectFields(documentOf(audit(eventId, data)), {
        'event.category': ['iam', 'configuration'],
        'event.type': [type, 'admin'],
        'event.action': action,
        'user.name': 'ada',
        'winlog.event_data': data,
      })
    })
  }

  it('4624: the user is the one who was logged on', () => {
    const data = { SubjectUserName: 'DESK7$', TargetUserName: 'ada', TargetLogonId: '0x9', LogonType: '3' }
    expectFields(documentOf(audit(4624, { ...data, IpAddress: '::1', IpPort: '0' })), {
      'user.name': 'ada',
      'winlog.logon': { id: '0x9', type: 'Network' },
      'source.ip': '::1',
      'source.port': undefined,
    })
  })

  it('4672: privileges as a list', () => {
    expectFields(documentOf(audit(4672, { PrivilegeList: 'SeDebugPrivilege\r\n\t\t\tSeTcbPrivilege' })), {
      'winlog.event_data.PrivilegeList': ['SeDebugPrivilege', 'SeTcbPrivilege'],
    })
  })

  it('5156: an inbound connection', () => {
    const data = { Application: '\\device\\hd\\svchost.exe', ProcessID: '9', Direction: '%%14592', Protocol: '6' }
    const ends = { SourceAddress: '10.0.0.1', SourcePort: '50000', DestAddress: '10.0.0.2', DestPort: '135' }
    expectFields(documentOf(audit(5156, { ...data, ...ends })), {
      'process.pid': 9,
      'process.name': 'svchost.exe',
      'network.direction': 'ingress',
      'network.transport': 'tcp',
      'source.ip': '10.0.0.1',
      'destination.port': 135,
    })
  })
})

describe('normalise: other channels', () => {
  it('4104: a script block', () => {
    const data = { ScriptBlockText: 'Get-Date', ScriptBlockId: 'id', MessageNumber: '1', MessageTotal: '2', Path: null }
    const record = { ...audit(4104, data), Channel: 'Microsoft-Windows-PowerShell/Operational' }
    expectFields(documentOf(record), {
      powershell: { file: { script_block_text: 'Get-Date', script_block_id: 'id' }, sequence: 1, total: 2 },
      'event.category': ['process'],
    })
  })

  it('4103: the command line of its host', () => {
    const ContextInfo =
      '   Severity = Informational\r\n   Host Application = powershell.exe -File x.ps1\r\n   Engine = 5'
    const record = { ...audit(4103, { ContextInfo }), Channel: 'Microsoft-Windows-PowerShell/Operational' }
    expectFields(documentOf(record), { 'process.command_line': 'powershell.exe -File x.ps1' })
  })

  it('106: what the task scheduler wrote, unmapped', () => {
    const record = { ...audit(106, { TaskName: '\\T' }), Channel: 'Microsoft-Windows-TaskScheduler/Operational' }
    expectFields(documentOf(record), { 'winlog.event_data': { TaskName: '\\T' }, 'event.category': undefined })
  })
})

describe('normalise: other shapes', () => {
  const nxlog = {
    EventTime: '2031-03-04 01:06:08',
    EventReceivedTime: '2031-03-04 01:06:10',
    '@timestamp': '2031-03-04T05:06:11.000Z',
    SourceModuleName: 'eventlog',
    SourceName: 'Microsoft-Windows-Security-Auditing',
    Hostname: 'DESK7',
    Channel: 'Security',
    EventType: 'AUDIT_SUCCESS',
    EventID: 4688,
    ExecutionProcessID: 4,
    ProcessId: '0x10',
    NewProcessId: '0x11',
  }

  it('nxlog: local time becomes UTC by the clocks that the collector read', () => {
    assert.equal(documentOf(nxlog)['@timestamp'], '2031-03-04T05:06:08.000Z')
    const { '@timestamp': _, ...without } = nxlog
    assert.equal(documentOf(without)['@timestamp'], '2031-03-04T01:06:08.000Z')
  })

  it('flat with Computer: TimeGenerated is the time in UTC', () => {
    const { Hostname: _, ...record } = audit(4689, { Computer: 'DESK9', TimeGenerated: '2031-03-04T10:06:08.5Z' })
    expectFields(documentOf(record), {
      '@timestamp': '2031-03-04T10:06:08.500Z',
      'host.name': 'DESK9',
      'winlog.event_data': undefined,
    })
  })

  it('nxlog: the process is never the one that wrote the log', () => {
    expectFields(documentOf({ ...nxlog, ProcessID: 4 }), { 'process.pid': 17, 'winlog.process.pid': 4 })
  })

  it('eqllib: Sysmon without host and channel', () => {
    const document = documentOf({ EventId: 1, UtcTime: '2031-03-04 05:06:07.123', Image: 'C:\\a.exe' })
    expectFields(document, {
      '@timestamp': '2031-03-04T05:06:07.123Z',
      'event.code': '1',
      'event.provider': 'Microsoft-Windows-Sysmon',
      'process.name': 'a.exe',
      host: { os: { type: 'windows' } },
    })
  })

  it('passes ECS documents, search hits and the network sensor through', () => {
    const ecs = { '@timestamp': '2031-03-04T05:06:07.123Z', event: { category: ['network'] } }
    assert.deepEqual(normalise(ecs), { index: 'unknown', document: ecs })
    assert.deepEqual(normalise({ _index: 'i', _id: '1', _source: ecs }), { index: 'i', document: ecs })
    const index = 'logs-network_traffic.dcerpc-default'
    assert.deepEqual(normalise({ shape: 'network', document: ecs }), { index, document: ecs })
  })
})
