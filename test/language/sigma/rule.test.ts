import assert from 'node:assert/strict'
import { compile } from '../../../src/language/compile.ts'
import { idsOf } from '../documents.ts'
import { audited, started, sysmonEvent } from '../sysmon-documents.ts'

const SCHTASKS = 'C:\\Windows\\System32\\schtasks.exe'
const encoded = (text: string) => Buffer.from(text, 'utf16le').toString('base64')

const events = [
  started('create', SCHTASKS, 'schtasks /create /tn x', { pid: 500, pe: { imphash: 'ab12' } }),
  started('dash', SCHTASKS.toUpperCase(), 'schtasks -create -tn x', { pid: 70 }),
  started('bare', SCHTASKS, 'schtasks'),
  started('silent', SCHTASKS),
  started('star', 'C:\\Temp\\a.exe', 'a *?\\b'),
  started('encoded', 'C:\\Temp\\powershell.exe', `powershell -enc ${encoded('xxNew-Object')}`),
  audited('audited', SCHTASKS, 'schtasks /query'),
  sysmonEvent('ended', 5, 'process', { process: { executable: SCHTASKS } }),
  sysmonEvent('set', 13, 'registry', {
    registry: { path: 'HKLM\\Run\\x', value: 'x' },
    process: { executable: SCHTASKS },
  }),
  sysmonEvent('key', 12, 'registry', {
    registry: { path: 'HKLM\\Run' },
    winlog: { event_data: { EventType: 'CreateKey' } },
  }),
  sysmonEvent('connection', 3, 'network', {
    network: { direction: 'egress' },
    source: { ip: '10.1.2.3', port: 445 },
    destination: { ip: '192.168.1.9', port: 445 },
    user: { domain: 'NT AUTHORITY', name: 'SYSTEM' },
  }),
  sysmonEvent('script', 4104, 'process', {
    winlog: { channel: 'Microsoft-Windows-PowerShell/Operational' },
    powershell: { file: { script_block_text: 'Register-ScheduledTask x' } },
  }),
  sysmonEvent('task', 4698, 'iam', {
    winlog: { channel: 'Security', event_data: { TaskName: '\\x', SubjectUserName: 'a', TaskContentNew: 'a' } },
  }),
]

/** What a rule finds whose detection is given. */
function found(detection: string, logsource = 'category: process_creation'): string[] {
  const indented = detection.replace(/^/gm, '    ')
  const rule = `title: t\nlogsource:\n    product: windows\n    ${logsource}\ndetection:\n${indented}\n`
  return idsOf(compile('sigma', rule).evaluate(events)).flat()
}

/** What a rule finds with one search of one entry. */
const entry = (text: string, logsource?: string) => found(`s:\n    ${text}\ncondition: s`, logsource)

const ALL = ['create', 'dash', 'bare', 'silent', 'star', 'encoded', 'audited']
const NETWORK = 'category: network_connection'

describe('sigma: rules', () => {
  const ENTRIES: [entry: string, ids: string[], logsource?: string][] = [
    [`Image: '${SCHTASKS}'`, ['create', 'dash', 'bare', 'silent', 'audited']],
    [`Image|cased: '${SCHTASKS}'`, ['create', 'bare', 'silent', 'audited']],
    [String.raw`Image: '*\s?htasks.exe'`, ['create', 'dash', 'bare', 'silent', 'audited']],
    [String.raw`Image|endswith: ['\A.exe', '\powershell.exe']`, ['star', 'encoded']],
    [`CommandLine|startswith: 'schtasks -'`, ['dash']],
    [`CommandLine|contains|all: [create, tn]`, ['create', 'dash']],
    [`CommandLine|contains|windash: ' -create'`, ['create', 'dash']],
    [String.raw`CommandLine|contains: '\*\?'`, ['star']],
    [String.raw`CommandLine|endswith: '?\\b'`, ['star']],
    [String.raw`CommandLine|endswith: '*\b'`, ['star']],
    ['CommandLine: null', ['silent']],
    [`CommandLine: ''`, ['silent']],
    ['CommandLine|exists: false', ['silent']],
    ['CommandLine|neq: schtasks', ALL.filter((id) => id !== 'bare')],
    [String.raw`CommandLine|re: '(?:/|-)create\s.*x$'`, ['create', 'dash']],
    [`CommandLine|re: 'SCHTASKS'`, []],
    [`CommandLine|re|i: '^SCHTASKS$'`, ['bare']],
    [`CommandLine|wide|base64offset|contains: 'New-Object'`, ['encoded']],
    [`CommandLine|utf16le|base64|contains: 'xxNew-Object'`, ['encoded']],
    ['ProcessId|gte: 500', ['create']],
    ['ProcessId|lt: 500', ['dash']],
    ['ProcessId: 500', ['create']],
    ['ProcessId|contains: 0', ['create', 'dash']],
    ['Hashes|contains: IMPHASH=AB12', ['create']],
    ['EventID: 4688', ['audited']],
    ['process.name: POWERSHELL.EXE', ['encoded']],
    ['SourceIp|cidr: [192.0.0.0/8, 10.1.0.0/16]', ['connection'], NETWORK],
    ['SourcePort|fieldref: DestinationPort', ['connection'], NETWORK],
    ['SourceIp|fieldref: DestinationIp', [], NETWORK],
    ["Initiated: 'true'", ['connection'], NETWORK],
    ["User|contains: 'AUTHORITY\\SYS'", ['connection'], NETWORK],
    [`TargetObject|startswith: 'HKLM\\'`, ['set'], 'category: registry_set'],
    [`TargetObject|startswith: 'HKLM\\'`, ['key'], 'category: registry_add'],
    [`TargetObject|startswith: 'HKLM\\'`, ['set', 'key'], 'category: registry_event'],
    ['ScriptBlockText|contains: scheduledtask', ['script'], 'category: ps_script'],
    ['TaskName: "\\\\x"', ['task'], 'service: security'],
    ['SubjectUserName|fieldref: TaskContentNew', ['task'], 'service: security'],
  ]
  for (const [text, ids, logsource] of ENTRIES) {
    it(`finds by ${text}${logsource === undefined ? '' : ` of ${logsource}`}`, () =>
      assert.deepEqual(entry(text, logsource), ids))
  }

  const SEARCHES = `selection_image:
    Image|endswith: '\\schtasks.exe'
selection_line:
    - CommandLine|contains: create
    - CommandLine: schtasks
filter:
    CommandLine|contains: '-'
_other:
    CommandLine: nothing
`
  const CONDITIONS: [condition: string, ...ids: string[]][] = [
    ['selection_image', 'create', 'dash', 'bare', 'silent', 'audited'],
    ['all of selection* and not filter', 'create', 'bare'],
    ['1 of selection_* and not 1 of filter*', 'create', 'bare', 'silent', 'audited'],
    ['all of them', 'dash'],
    ['any of them', 'create', 'dash', 'bare', 'silent', 'encoded', 'audited'],
    ['not selection_image and filter or selection_line and filter', 'dash', 'encoded'],
    ['selection_line and (filter or _other)', 'dash'],
    ['[selection_line and filter, _other or selection_line and not filter]', 'create', 'dash', 'bare'],
  ]
  for (const [condition, ...ids] of CONDITIONS) {
    it(`combines searches: ${condition}`, () => assert.deepEqual(found(`${SEARCHES}condition: ${condition}`), ids))
  }

  it('searches words in every field', () => {
    assert.deepEqual(found('words: [register-scheduled, nothing]\ncondition: words', 'service: powershell'), ['script'])
    assert.deepEqual(found("words:\n    '|all': [create, tn]\ncondition: words"), ['create', 'dash'])
  })

  it('reads the kind of events of its log source', () => {
    const kinds = (logsource: string) =>
      compile('sigma', `logsource: {${logsource}}\ndetection: {s: {a: b}, condition: s}`).kinds.map(({ name }) => name)
    assert.deepEqual(kinds('category: process_creation'), ['process events'])
    assert.deepEqual(kinds('category: image_load'), ['events'])
    assert.deepEqual(kinds('product: windows, service: security'), ['events'])
  })

  it('names the clause that does not hold', () => {
    const rule = `logsource: {category: process_creation, product: windows}
detection:
    s:
        Image|endswith: '\\schtasks.exe'
        CommandLine|contains:
            - delete
            - query
    condition: s`
    const { summary } = compile('sigma', rule).explain(events.slice(0, 1))
    assert.equal(summary, 'process.command_line is "schtasks /create /tn x", the rule wants "*delete*" or "*query*"')
  })
})
