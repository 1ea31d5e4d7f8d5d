/** The names of operations next to those of two programs that have their own: impacket and Wireshark. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { distance } from 'fastest-levenshtein'
import {
  interfaceNamed,
  type RpcInterface,
  rpcInterface,
  rpcInterfaces,
} from '../../../src/telemetry/rpc/interfaces.ts'
import { needsTshark } from '../../emulator/network/tshark.ts'
import { impacketMissing, knownOperations } from '../../impacket/impacket.ts'
import { framesOf, type Said, segmentsOf } from '../../wire/conversation.ts'
import { dissectedIn } from '../../wire/dissected.ts'
import { pcap } from '../../wire/packet-maker.ts'
import { bind, bindAck, request } from '../../wire/pdu-maker.ts'

describe('operations as impacket names them', () => {
  before(function () {
    if (impacketMissing === null) return
    if (process.env.CI === 'true') throw new Error(impacketMissing)
    this.skip()
  })

  /** Where a module has no UUID: the interfaces of DCOM's own calls. */
  const OF_DCOM: Record<string, string[]> = {
    RemoteActivation: ['IRemoteActivation'],
    RemoteGetClassObject: ['ISystemActivator'],
    RemoteCreateInstance: ['ISystemActivator'],
    RemQueryInterface: ['IRemUnknown', 'IRemUnknown2'],
    RemAddRef: ['IRemUnknown', 'IRemUnknown2'],
    RemRelease: ['IRemUnknown', 'IRemUnknown2'],
    ResolveOxid: ['IObjectExporter'],
    SimplePing: ['IObjectExporter'],
    ComplexPing: ['IObjectExporter'],
    ServerAlive: ['IObjectExporter'],
    ResolveOxid2: ['IObjectExporter'],
    ServerAlive2: ['IObjectExporter'],
  }

  /** MS-NRPC writes it otherwise. */
  const MISSPELT: Record<string, string> = {
    DSRUpdateReadOnlyServerDnsRecords: 'DsrUpdateReadOnlyServerDnsRecords',
  }

  it('each of an interface that is known here has that name and number', () => {
    const differences: string[] = []
    let compared = 0
    for (const { module, uuids, name, opnum } of knownOperations()) {
      const [prefix, rest] = name.split(/_(.*)/)
      const ofObject = uuids.length === 0 && rest !== undefined ? interfaceNamed(prefix!) : undefined
      const interfaces = [
        ...uuids.map((uuid) => rpcInterface(uuid)),
        ...(module === 'dcomrt' ? OF_DCOM[name]! : []).map((each) => interfaceNamed(each)),
        ofObject,
      ].filter((each) => each !== undefined)
      // MS-DRSR's own names begin with IDL_.
      const wanted = ofObject !== undefined ? rest : module === 'drsuapi' ? `IDL_${name}` : (MISSPELT[name] ?? name)
      for (const one of interfaces) {
        compared += 1
        if (one.operations[opnum] !== wanted)
          differences.push(`${one.name} ${opnum}: ${one.operations[opnum]}, not ${wanted}`)
      }
    }
    assert.deepEqual(differences, [])
    assert.ok(compared > 400, `${compared} operations`)
  })
})

/** Whether tshark has a dissector for an interface depends on its version, too. */
const VERSIONS = [0, 1, 2, 3, 4]
/** Numbers beyond ours that are asked for, too. */
const BEYOND = 12

/** What tshark calls the operations of each interface that it has a dissector for, by UUID and number. */
function namesOfTshark(): Map<string, string[]> {
  // As tshark takes them to be encrypted, it does not look for their parameters.
  const authentication: [number, number, Buffer] = [10, 6, Buffer.alloc(16)]
  const segments = rpcInterfaces.flatMap(({ uuid, operations }, number) =>
    VERSIONS.flatMap((version) => {
      const said: Said[] = [
        { by: 'client', bytes: bind([{ id: 0, uuid, version }]) },
        { by: 'server', bytes: bindAck([0]) },
      ]
      for (let opnum = 0; opnum < operations.length + BEYOND; opnum += 1) {
        said.push({
          by: 'client',
          bytes: request(opnum, { callId: 2 + opnum, authentication, stub: Buffer.alloc(16) }),
        })
      }
      return segmentsOf(said, { client: ['10.0.0.5', 50_000 + number * VERSIONS.length + version] })
    }),
  )
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-operations-'))
  try {
    writeFileSync(join(folder, 'all.pcap'), pcap(framesOf(segments)))
    const names = new Map<string, string[]>()
    for (const { interface: uuid, operation, opnum } of dissectedIn(join(folder, 'all.pcap'))) {
      if (operation === null || uuid === null || opnum === null) continue
      const own = names.get(uuid) ?? []
      own[opnum] = operation
      names.set(uuid, own)
    }
    return names
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Words that tshark, after Samba, writes otherwise. */
const SHORT: Record<string, string> = {
  enumerate: 'enum',
  information: 'info',
  password: 'pw',
  privilege: 'priv',
  privileges: 'privs',
  domain: 'dom',
  trusted: 'trust',
  remove: 'delete',
  del: 'delete',
  security: 'sec',
  conn: 'connection',
  sess: 'session',
  srv: 'server',
  users: 'user',
  aliases: 'alias',
  members: 'member',
  groups: 'group',
  domains: 'dom',
}

/** The words of a name, without what either side puts before all of an interface's. */
const wordsOf = (name: string): string[] =>
  name
    .replace(
      /^(Samr|Lsar|BaseReg|Base|IDL_DRS|RpcAsync|RpcSync|Rpc|Elfr|NetrDfs|Netrp|Netpr|Netr|EfsRpc|inq_|ept_|R(?=[A-Z]))/,
      '',
    )
    .replace(
      /^(lsa_|dfs_|winspool_Async|winspool_Sync|rpc__mgmt_|DRSUAPI_|NETRDFS|NETRPR|NetPR|NETR|Net|Ds(?=[A-Z]))/,
      '',
    )
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])|(?<=[A-Z])(?=[A-Z][a-z])|_/g, ' ')
    .toLowerCase()
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => SHORT[word] ?? word)

/** From 0, nothing in common, to 1, the same: by their words, and where those do not tell, by their letters. */
function likeness(one: string, other: string): number {
  const [words, others] = [wordsOf(one), wordsOf(other)]
  const common = words.filter((word) => others.includes(word)).length
  const [letters, otherLetters] = [words.join(''), others.join('')]
  const longest = Math.max(letters.length, otherLetters.length, 1)
  return (2 * common) / (words.length + others.length) + 1 - distance(letters, otherLetters) / longest
}

/** Operations whose name is more like another of tshark's than like that of its number, and what tshark calls them. */
const OTHERWISE: Record<string, Record<number, string>> = {
  // HKEY_USERS by its abbreviation, and so the others.
  winreg: { 4: 'OpenHKU' },
  samr: {
    6: 'EnumDomains',
    18: 'LookupRids',
    22: 'AddGroupMember',
    24: 'DeleteGroupMember',
    25: 'QueryGroupMember',
    31: 'AddAliasMember',
    32: 'DeleteAliasMember',
  },
  lsarpc: { 39: 'lsa_QueryTrustedDomainInfoBySid', 74: 'lsa_LSARSETFORESTTRUSTINFORMATION' },
  // What lists all shares is short, what lists some is long here; there it is the other way round.
  srvsvc: {
    15: 'NetShareEnumAll',
    25: 'NetTransportAdd',
    34: 'NETRPRNAMECANONICALIZE',
    53: 'NETRSERVERTRANSPORTDELEX',
  },
  // It was a dummy before Windows XP.
  netlogon: { 21: 'NetrLogonDummyRoutine1' },
  // BEL is a backup of an event log.
  eventlog: { 9: 'OpenBackupEventLogW', 16: 'OpenBackupEventLogA' },
  spoolss: { 51: 'EnumPrintProcDataTypes', 56: 'FCPN', 65: 'RFFPCNEX', 66: 'RRPCN', 67: 'RFNPCNEX' },
  // MS-DFSNM gives 6 to NetrDfsMove and reserves 7.
  netdfs: { 6: 'dfs_Rename' },
  InitShutdown: { 0: 'Init' },
}

/** Numbers that Microsoft's definitions reserve for what never goes over the wire; tshark names some from Samba's. */
const RESERVED: Record<string, number[]> = {
  IDispatch: [0, 1, 2],
  IRemUnknown: [0, 1, 2],
  IRemUnknown2: [0, 1, 2],
  ISystemActivator: [0, 1, 2],
  dssetup: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  efsrpc: [10],
  eventlog: [19, 20, 21, 23],
  lsarpc: [1, 5, 9, 21, 22, 52, 56, 60, 61, 62, 63, 64, 65, 66, 67, 69, 70, 71, 72, 75, 78, 79, 80, 81],
  netdfs: [7, 8, 9],
  samr: [4, 42, 43, 59, 60, 61, 63],
  spoolss: [37, 38, 43, 44, 45, 49, 50, 54, 55, 57, 63, 64],
  srvsvc: [0, 1, 2, 3, 4, 5, 6, 7, 29, 42, 47],
  svcctl: [10, 22, 34, 43],
  winreg: [14, 24, 25, 28, 30],
  wkssvc: [3, 4, 12, 14, 15, 16, 17, 18, 19, 21],
}

describe('operations as tshark names them', () => {
  let names: Map<string, string[]>

  before(function () {
    this.timeout(60_000)
    needsTshark(this)
    names = namesOfTshark()
  })

  it('those of the scheduler are the same', () => {
    const { uuid, operations } = interfaceNamed('ITaskSchedulerService')!
    assert.deepEqual(names.get(uuid), operations)
  })

  it('each name is most like what tshark calls that number; each difference is explained', () => {
    const differences: string[] = []
    let compared = 0
    for (const { name, uuid, operations } of rpcInterfaces) {
      const theirs = names.get(uuid)
      if (theirs === undefined) continue
      for (const [opnum, ours] of operations.entries()) {
        const their = theirs[opnum]
        if (ours === '' || their === undefined) continue
        compared += 1
        const like = theirs.map((other) => likeness(ours, other))
        const best = Math.max(...like.filter((each) => each !== undefined))
        if (likeness(ours, their) < best && OTHERWISE[name]?.[opnum] !== their) {
          differences.push(`${name} ${opnum}: ${ours} is more like ${theirs[like.indexOf(best)]} than ${their}`)
        }
      }
    }
    assert.deepEqual(differences, [])
    assert.ok(compared > 500, `${compared} operations`)
  })

  it('numbers without a name are those that are reserved', () => {
    const unnamed = Object.fromEntries(
      rpcInterfaces.flatMap(({ name, uuid, operations }: RpcInterface) => {
        const theirs = names.get(uuid) ?? []
        const missing = [...theirs.keys()].filter((opnum) => theirs[opnum] !== undefined && !operations[opnum])
        return missing.length === 0 ? [] : [[name, missing]]
      }),
    )
    assert.deepEqual(unnamed, RESERVED)
  })
})
