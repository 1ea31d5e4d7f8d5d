/** What emulated hosts put on the wire, judged by Wireshark's dissectors and by the recording of a real remote creation. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { powershell } from '../../../src/emulator/powershell/powershell.ts'
import { sharedFolder } from '../../language/shared-folder.ts'
import { assertAgreement } from '../../wire/agreement.ts'
import { PASSWORD, startTestLab, type TestLab } from '../lab.ts'
import { dissect, needsTshark } from './tshark.ts'

const TARGET = `LAB/operator:${PASSWORD}@srv1`
const CREATE = 'schtasks /create /s srv1 /tn remote /tr "cmd.exe /c ver" /sc daily /ru SYSTEM /f'
const session = (options: string) =>
  [
    `$p = ConvertTo-SecureString '${PASSWORD}' -AsPlainText -Force`,
    "$c = New-Object System.Management.Automation.PSCredential('LAB\\operator', $p)",
    `$s = New-CimSession -ComputerName srv1 -Credential $c${options}`,
    'Get-ScheduledTask -CimSession $s',
  ].join('; ')

/** Names of the interfaces by what tshark prints, and short forms of PDU types. */
const INTERFACES: Record<string, string> = {
  'e1af8308-5d1f-11c9-91a4-08002b14a0fa': 'epmapper',
  '86d35949-83c9-4044-b424-db363231fd0c': 'scheduler',
  '000001a0-0000-0000-c000-000000000046': 'activator',
  '00000143-0000-0000-c000-000000000046': 'unknown2',
  'f309ad18-d86a-11d0-a075-00c04fb68820': 'wmi-login',
  '9556dc99-828c-11cf-a37e-00aa003240c7': 'wmi-services',
}
const TYPES: Record<string, string> = {
  0: 'request',
  2: 'response',
  3: 'fault',
  11: 'bind',
  12: 'ack',
  14: 'alter',
  15: 'altered',
  16: 'auth3',
}

const ASK_MAPPER = ['bind epmapper ×3', 'ack 2,0,3', 'request 3', 'response 3']
const ASK_MAPPER_RAW = ['bind epmapper ×1', 'ack 0', 'request 3', 'response 3']
const BIND = ['bind scheduler ×3', 'ack 2,0,3', 'alter scheduler ×1', 'altered 0', 'request 0', 'response 0']
const calls = (...opnums: number[]) => opnums.flatMap((opnum) => [`request ${opnum}`, `response ${opnum}`])
const bindCom = (name: string) => [`bind ${name} ×3`, 'ack 0,2,3', `alter ${name} ×1`, 'altered 0']

/** Commands in an order in which each finds what it needs, the PDUs they make, and the ports they go to. */
const PROCEDURES: { name: string; command: string; pdus: string[]; ports: number[]; exitCode?: number }[] = [
  { name: 'schtasks /create', command: CREATE, pdus: [...ASK_MAPPER, ...BIND, ...calls(7, 1)], ports: [135, 49_671] },
  {
    name: 'schtasks /query',
    command: 'schtasks /query /tn remote /s srv1',
    pdus: [...ASK_MAPPER, ...BIND, ...calls(7, 2, 17, 16)],
    ports: [135, 49_671],
  },
  {
    name: 'schtasks /run',
    command: 'schtasks /run /tn remote /s srv1',
    pdus: [...ASK_MAPPER, ...BIND, ...calls(7, 12)],
    ports: [135, 49_671],
  },
  {
    name: 'schtasks /end',
    command: 'schtasks /end /tn remote /s srv1',
    pdus: [...ASK_MAPPER, ...BIND, ...calls(7, 11)],
    ports: [135, 49_671],
  },
  {
    name: 'schtasks /change',
    command: 'schtasks /change /tn remote /tr notepad.exe /s srv1',
    pdus: [...ASK_MAPPER, ...BIND, ...calls(7, 2, 17, 16, 1)],
    ports: [135, 49_671],
  },
  {
    name: 'schtasks /delete',
    command: 'schtasks /delete /tn remote /f /s srv1',
    pdus: [...ASK_MAPPER, ...BIND, ...calls(7, 2, 17, 16, 13)],
    ports: [135, 49_671],
  },
  {
    name: 'schtasks with a wrong password',
    command: 'schtasks /query /s srv1 /u LAB\\operator /p wrong',
    pdus: [...ASK_MAPPER, 'bind scheduler ×3', 'ack 2,0,3', 'alter scheduler ×1', 'fault'],
    ports: [135, 49_671],
    exitCode: 1,
  },
  {
    name: 'schtasks to a host that registers no TCP endpoint',
    command: 'schtasks /query /s notcp',
    pdus: ASK_MAPPER,
    ports: [135],
    exitCode: 1,
  },
  { name: 'schtasks to a closed host', command: 'schtasks /query /s closed', pdus: [], ports: [135], exitCode: 1 },
  {
    name: 'a library over TCP',
    command: `tschclient.py -source-port 40123 -create bound ${TARGET}`,
    pdus: [...ASK_MAPPER_RAW, 'bind scheduler ×1', 'ack 0', 'auth3', ...calls(1)],
    ports: [135, 49_671],
  },
  {
    name: 'a library over the pipe',
    command: `atexec.py -delete-only -task-name bound ${TARGET}`,
    pdus: ['bind scheduler ×1', 'ack 0', 'auth3', ...calls(13)],
    ports: [445],
  },
  {
    name: 'a library over the pipe with a wrong password',
    command: 'atexec.py -delete-only -task-name bound LAB/operator:wrong@srv1',
    pdus: [],
    ports: [445],
    exitCode: 1,
  },
  { name: 'a CIM session over WSMan', command: `powershell -Command "${session('')}"`, pdus: [], ports: [5985] },
  {
    name: 'a CIM session over DCOM',
    command: `powershell -Command "${session(' -SessionOption (New-CimSessionOption -Protocol Dcom)')}"`,
    pdus: [
      ...bindCom('activator'),
      ...calls(4),
      ...bindCom('unknown2'),
      ...calls(3),
      'alter wmi-login ×1',
      'altered 0',
      ...calls(3, 6),
      'alter wmi-services ×1',
      'altered 0',
      'request 6',
      ...Array<string>(4).fill('response 6'),
      ...['request 24', 'request 24', 'response 24'],
    ],
    ports: [135, 49_674],
  },
]

const FIELDS = [
  'frame.number',
  'tcp.dstport',
  'tcp.flags.syn',
  'tcp.flags.ack',
  'tcp.checksum.status',
  'ip.checksum.status',
  '_ws.expert.message',
  '_ws.malformed',
  'dcerpc.pkt_type',
  'dcerpc.opnum',
  'dcerpc.cn_num_ctx_items',
  'dcerpc.cn_bind_to_uuid',
  'dcerpc.cn_ack_result',
]
type Row = Record<string, string>

/** A PDU in short, as the table above has it. */
function pduOf(row: Row): string {
  const type = TYPES[row['dcerpc.pkt_type']!]!
  const uuids = [...new Set(row['dcerpc.cn_bind_to_uuid']!.split(','))]
  const detail: Record<string, string> = {
    request: row['dcerpc.opnum']!,
    response: row['dcerpc.opnum']!,
    bind: `${uuids.map((uuid) => INTERFACES[uuid] ?? uuid).join()} ×${row['dcerpc.cn_num_ctx_items']}`,
    alter: `${uuids.map((uuid) => INTERFACES[uuid] ?? uuid).join()} ×${row['dcerpc.cn_num_ctx_items']}`,
    ack: row['dcerpc.cn_ack_result']!,
    altered: row['dcerpc.cn_ack_result']!,
  }
  return `${type} ${detail[type] ?? ''}`.trim()
}

/** What Wireshark remarks of the real ones as well: how connections end, that a server refuses, that it has no key. */
const REMARKS =
  /^(Connection (reset|finish|establish).*|This frame (initiates|undergoes).*|Fault: nca_s_fault_access_denied|.*could not decrypt the message\.|(POST|HTTP).*|)$/

describe('the emulated wire', () => {
  let lab: TestLab
  let rows: Row[]
  /** Frames of each procedure, from 1. */
  const frames = new Map<string, [first: number, last: number]>()

  before(async function () {
    this.timeout(60_000)
    needsTshark(this)
    lab = await startTestLab(
      {
        ws1: { hostname: 'ws1.lab.test', domain: 'LAB' },
        srv1: { hostname: 'srv1.lab.test', domain: 'LAB' },
        closed: { emulated: { firewall: { remoteTasks: false } } },
        notcp: { emulated: { rpc: { overTcp: false } } },
      },
      { programs: { 'powershell.exe': powershell } },
    )
    for (const { name, command, exitCode = 0 } of PROCEDURES) {
      const first = lab.capture.length
      const result = await lab.run('ws1', command)
      assert.equal(result.exitCode, exitCode, `${name}: ${result.stderr}`)
      frames.set(name, [first, lab.capture.length - 1])
    }
    rows = dissect(Buffer.concat(lab.capture), FIELDS)
  })
  after(() => lab?.stop())

  const of = (name: string) => rows.slice(frames.get(name)![0] - 1, frames.get(name)![1])

  for (const { name, pdus, ports } of PROCEDURES) {
    it(`carries ${name}`, () => {
      const found = of(name)
      // A segment may end one PDU and hold the next.
      assert.deepEqual(found.filter((row) => row['dcerpc.pkt_type'] !== '').map(pduOf), pdus)
      const opened = found.filter((row) => row['tcp.flags.syn'] === '1' && row['tcp.flags.ack'] === '0')
      assert.deepEqual(
        opened.map((row) => Number(row['tcp.dstport'])),
        ports,
      )
    })
  }

  it('has nothing that is malformed, and every checksum is right', () => {
    for (const row of rows) {
      const frame = `frame ${row['frame.number']}`
      assert.equal(row['_ws.malformed'], '', frame)
      assert.deepEqual([row['tcp.checksum.status'], row['ip.checksum.status']], ['1', '1'], frame)
      for (const remark of row['_ws.expert.message']!.split(',')) assert.match(remark, REMARKS, frame)
    }
  })

  describe('says the same to tshark', () => {
    const told = (name: string, fields: string[], filter: string): string[] => {
      const [first, last] = frames.get(name)!
      const own = `frame.number >= ${first} && frame.number <= ${last} && ${filter}`
      return dissect(Buffer.concat(lab.capture), fields, own).map((row) => fields.map((field) => row[field]).join(' '))
    }

    it('where an interface listens, or that it is registered nowhere', () => {
      const fields = ['epm.proto.tcp_port', 'epm.proto.ip', 'epm.num_towers', 'epm.rc']
      const answers = (name: string) => told(name, fields, 'epm && dcerpc.pkt_type == 2')
      const [found] = answers('schtasks /create')
      assert.match(found!, /^49671 [0-9.]+ 1 0x00000000$/)
      assert.deepEqual(answers('a library over TCP'), [found])
      assert.deepEqual(answers('schtasks to a host that registers no TCP endpoint'), ['  0 0x16c9a0d6'])
    })

    it('why a context is refused, that a call was not done, and which object it is for', () => {
      const acks = told('schtasks /create', ['dcerpc.cn_ack_reason'], 'dcerpc.pkt_type == 12')
      assert.deepEqual(acks, ['2', '2'])
      const fields = ['dcerpc.cn_flags.dne', 'dcerpc.cn_status']
      assert.deepEqual(told('schtasks with a wrong password', fields, 'dcerpc.pkt_type == 3'), ['1 0x00000005'])
      const asked = 'dcerpc.pkt_type == 0 && dcerpc.obj_id'
      const objects = told('a CIM session over DCOM', ['dcerpc.opnum', 'dcerpc.cn_flags.object'], asked)
      assert.deepEqual(objects, ['3 1', '3 1', '6 1', '6 1', '24 1', '24 1'])
    })

    it('in segments of which only the last is pushed, and several are acknowledged at once', () => {
      const segments = told('schtasks /create', ['tcp.len', 'tcp.flags.push'], 'tcp.flags.syn == 0')
      const pushed = segments.filter((segment) => segment.endsWith(' 1'))
      assert.ok(pushed.length >= 14 && pushed.every((segment) => !segment.startsWith('0 ')))
      const full = segments.flatMap((segment, index) => (segment.startsWith('1460 ') ? [index] : []))
      assert.equal(full.length, 3)
      for (const index of full) {
        assert.equal(segments[index], '1460 0')
        const [next, after] = segments.slice(index + 1)
        // Another full one, or the last one with its acknowledgement.
        assert.ok(next === '1460 0' || (pushed.includes(next!) && after === '0 0'), `${next}, ${after}`)
      }
    })
  })

  it('is decoded as tshark reads it', () => {
    const { none, ...told } = assertAgreement(Buffer.concat(lab.capture), 'the emulated wire')
    // The two that end an authentication are about no interface.
    assert.equal(none, PROCEDURES.flatMap(({ pdus }) => pdus).filter((pdu) => pdu === 'auth3').length)
    assert.ok(told.dissector! > 50, JSON.stringify(told))
  })

  it('passes in order of time', () => {
    const times = dissect(Buffer.concat(lab.capture), ['frame.time_epoch']).map((row) =>
      Number(row['frame.time_epoch']),
    )
    for (const { name } of PROCEDURES) {
      const [first, last] = frames.get(name)!
      const own = times.slice(first - 1, last)
      assert.deepEqual(own, [...own].sort(), name)
    }
  })
})

/** What of each PDU is compared with the recorded one. */
const FORM = [
  'dcerpc.pkt_type',
  'dcerpc.cn_flags',
  'dcerpc.cn_call_id',
  'dcerpc.cn_ctx_id',
  'dcerpc.opnum',
  'dcerpc.cn_num_ctx_items',
  'dcerpc.cn_bind_to_uuid',
  'dcerpc.cn_bind_trans_id',
  'dcerpc.cn_ack_result',
  'dcerpc.cn_ack_trans_id',
  'dcerpc.cn_max_xmit',
  'dcerpc.auth_type',
  'dcerpc.auth_level',
]
const LENGTHS = ['dcerpc.cn_frag_len', 'dcerpc.cn_auth_len', 'dcerpc.cn_alloc_hint']

describe('the emulated wire next to a recorded remote creation', () => {
  let lab: TestLab
  let folder: string
  let recorded: Row[]
  let emulated: Row[]

  before(async function () {
    this.timeout(60_000)
    needsTshark(this)
    const shared = sharedFolder(this)
    folder = mkdtempSync(join(tmpdir(), 'tocsin-recorded-'))
    const [capture] = Object.values(unzipSync(readFileSync(join(shared, 'telemetry/pcap/schtask_create.zip'))))
    writeFileSync(join(folder, 'recorded.pcapng'), capture!)
    recorded = dissect(join(folder, 'recorded.pcapng'), [...FORM, ...LENGTHS], 'dcerpc && tcp.port in {56587,56588}')
    const domain = 'THESHIRE'
    lab = await startTestLab({
      WORKSTATION5: { hostname: 'workstation5.theshire.local', domain },
      WORKSTATION6: { hostname: 'workstation6.theshire.local', domain },
    })
    const { exitCode } = await lab.run(
      'WORKSTATION5',
      'schtasks /create /F /tn \\Microsoft\\Windows\\SoftwareProtectionPlatform\\EventCacheManager /tr "C:\\Windows\\system32\\cmd.exe /C C:\\Windows\\System32\\notepad.exe" /sc ONSTART /ru system /S WORKSTATION6',
    )
    assert.equal(exitCode, 0)
    emulated = dissect(Buffer.concat(lab.capture), [...FORM, ...LENGTHS], 'dcerpc')
  })
  after(async () => {
    await lab?.stop()
    if (folder !== undefined) rmSync(folder, { recursive: true })
  })

  const form = (rows: Row[]) => rows.map((row) => Object.fromEntries(FORM.map((field) => [field, row[field]])))

  it('has the same PDUs in the same order, with the same contexts, numbers and flags', () => {
    assert.deepEqual(form(emulated), form(recorded))
  })

  it('has PDUs of the same lengths, but for what depends on names, on other tasks and on the task', () => {
    const lengths = (rows: Row[]) => rows.map((row) => LENGTHS.map((field) => Number(row[field])))
    const [ours, theirs] = [lengths(emulated), lengths(recorded)]
    /** PDUs that differ, and how far, in bytes. */
    const far = Object.fromEntries(
      theirs.flatMap((each, index) => {
        const most = Math.max(...each.map((length, at) => Math.abs(length - ours[index]![at]!)))
        return most === 0 ? [] : [[index, most]]
      }),
    )
    const { 4: ticket, 11: listing, 12: definition, ...others } = far
    assert.deepEqual(others, {})
    // The recorded ticket names the host without its domain; the recorded host had other tasks to list.
    assert.ok(ticket! <= 20, `ticket: ${ticket}`)
    assert.ok(listing! <= 256, `listing: ${listing}`)
    assert.ok(definition! <= 400, `definition: ${definition}`)
  })
})
