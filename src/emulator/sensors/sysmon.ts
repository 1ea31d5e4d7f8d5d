/** Sysmon: the records it makes of what happens. */
import { qualified } from '../machine/accounts.ts'
import { binaryAt, hashesOf } from '../machine/binaries.ts'
import type { Change } from '../machine/changes.ts'
import type { Machine } from '../machine/machine.ts'
import type { HostProcess } from '../machine/process.ts'
import type { SysmonRules } from './profiles.ts'
import { type Draft, messageOf, SYSMON } from './record.ts'

const NO_GUID = '{00000000-0000-0000-0000-000000000000}'
/** Sysmon writes a connection about a second after it was made, and looks its process up only then. */
const CONNECTION_LAG_MS = 1_010
/** The driver's queue: what passes between a change and its record. */
const LAG_MS = 5

/** `2020-12-19 12:00:22.176` */
const utcTime = (at: number): string => new Date(at).toISOString().replace('T', ' ').replace('Z', '')

function draft(id: number, title: string, at: number, own: Record<string, string>, lag = LAG_MS): Draft {
  const { EventType, ...rest } = own
  const fields = {
    RuleName: '-',
    ...(EventType === undefined ? {} : { EventType }),
    UtcTime: utcTime(at),
    ...rest,
  }
  return { provider: SYSMON, id, task: id, message: messageOf(`${title}:`, fields), fields, lag }
}

const identityOf = (process: HostProcess): Record<string, string> => ({
  ProcessGuid: process.guid,
  ProcessId: String(process.pid),
  Image: process.image,
})

function integrityOf({ session }: HostProcess): string {
  if (session.type === 'service') return 'System'
  return session.elevated ? 'High' : 'Medium'
}

function processCreate(process: HostProcess, at: number): Draft {
  const { binary, session, parent } = process
  return draft(1, 'Process Create', at, {
    ...identityOf(process),
    FileVersion: binary.version,
    Description: binary.description,
    Product: binary.product,
    Company: binary.company,
    OriginalFileName: binary.originalName,
    CommandLine: process.commandLine,
    CurrentDirectory: `${process.workingDirectory.replace(/\\$/, '')}\\`,
    User: qualified(session.identity),
    LogonGuid: session.guid,
    LogonId: session.id,
    TerminalSessionId: String(session.terminal),
    IntegrityLevel: integrityOf(process),
    Hashes: hashesOf(binary),
    ParentProcessGuid: parent?.guid ?? NO_GUID,
    ParentProcessId: String(parent?.pid ?? 0),
    ParentImage: parent?.image ?? '-',
    ParentCommandLine: parent?.commandLine ?? '-',
  })
}

function imageLoad(process: HostProcess, image: string, at: number): Draft {
  const binary = binaryAt(image)!
  return draft(7, 'Image loaded', at, {
    ...identityOf(process),
    ImageLoaded: image,
    FileVersion: binary.version,
    Description: binary.description,
    Product: binary.product,
    Company: binary.company,
    OriginalFileName: binary.originalName,
    Hashes: hashesOf(binary),
    Signed: 'true',
    Signature: 'Microsoft Windows',
    SignatureStatus: 'Valid',
  })
}

/** What Sysmon can still say of a process when it gets to it: nothing but its id once it has ended. */
function lateIdentity(process: HostProcess): Record<string, string> & { Image: string } {
  if (process.endedAt === null) return { ...identityOf(process), Image: process.image }
  return { ProcessGuid: NO_GUID, ProcessId: String(process.pid), Image: '<unknown process>' }
}

type Connection = Extract<Change, { kind: 'connection' }>

/** Called when the record is due, `CONNECTION_LAG_MS` after the connection; `at` carries the drift. */
function networkConnect({ process, direction, source, destination }: Connection, at: number, lag: number): Draft {
  const { Image, ...identity } = lateIdentity(process)
  return draft(
    3,
    'Network connection detected',
    at,
    {
      ...identity,
      Image,
      User: process.endedAt === null ? qualified(process.session.identity) : '-',
      Protocol: 'tcp',
      Initiated: String(direction === 'outbound'),
      SourceIsIpv6: 'false',
      SourceIp: source.ip,
      SourceHostname: '-',
      SourcePort: String(source.port),
      SourcePortName: '-',
      DestinationIsIpv6: 'false',
      DestinationIp: destination.ip,
      DestinationHostname: '-',
      DestinationPort: String(destination.port),
      DestinationPortName: '-',
    },
    lag,
  )
}

function dnsQuery({ process, name, address }: Extract<Change, { kind: 'name-resolved' }>, at: number, lag: number) {
  const { Image, ...identity } = lateIdentity(process)
  const fields = { ...identity, QueryName: name, QueryStatus: '0', QueryResults: `::ffff:${address};`, Image }
  return draft(22, 'Dns query', at, fields, lag)
}

function registry({ process, operation, target, details }: Extract<Change, { kind: 'registry' }>, at: number): Draft {
  const [id, title] =
    operation.endsWith('Value') && operation.startsWith('Set')
      ? [13, 'Registry value set']
      : [12, 'Registry object added or deleted']
  const fields = { EventType: operation, ...identityOf(process), TargetObject: target }
  return draft(id as number, title as string, at, details === undefined ? fields : { ...fields, Details: details })
}

/** A record to come: at once, or made only when it is due. */
export interface Pending {
  /** Milliseconds of lab time until it is made. */
  in: number
  make(): Draft | null
}

/** What Sysmon records of a change, if its configuration has it. Drafts are stamped in host time. */
export function sysmonRecords(machine: Machine, rules: SysmonRules, change: Change): Pending[] {
  const at = machine.hostTime(change.at)
  const now = (make: () => Draft): Pending[] => [{ in: 0, make }]
  switch (change.kind) {
    case 'process-started':
      return rules.processCreate ? now(() => processCreate(change.process, at)) : []
    case 'process-ended':
      return rules.processTerminate ? now(() => draft(5, 'Process terminated', at, identityOf(change.process))) : []
    case 'image-loaded':
      return rules.imageLoad(change.image) ? now(() => imageLoad(change.process, change.image, at)) : []
    case 'registry':
      return rules.registry(change.target) ? now(() => registry(change, at)) : []
    case 'file-created':
      return rules.fileCreate(change.path)
        ? now(() =>
            draft(11, 'File created', at, {
              ...identityOf(change.process),
              TargetFilename: change.path,
              CreationUtcTime: utcTime(machine.hostTime(change.created)),
            }),
          )
        : []
    case 'connection': {
      if (!change.established) return []
      const drift = machine.config.eid3DriftMs
      const make = () =>
        rules.networkConnect(lateIdentity(change.process).Image)
          ? networkConnect(change, at - drift, CONNECTION_LAG_MS)
          : null
      return [{ in: CONNECTION_LAG_MS, make }]
    }
    case 'name-resolved': {
      const drift = machine.config.eid3DriftMs
      const make = () => (rules.dnsQuery ? dnsQuery(change, at - drift, CONNECTION_LAG_MS) : null)
      return [{ in: CONNECTION_LAG_MS, make }]
    }
    default:
      return []
  }
}
