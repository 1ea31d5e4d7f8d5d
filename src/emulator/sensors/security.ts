/** The Security log: what audit policy makes of what happens. */
import { type Identity, isService, type LogonSession } from '../machine/accounts.ts'
import type { Change } from '../machine/changes.ts'
import type { Machine } from '../machine/machine.ts'
import type { HostProcess } from '../machine/process.ts'
import { type Draft, messageOf, SECURITY } from './record.ts'

const NULL_SID = 'S-1-0-0'
const HIGH = 'S-1-16-12288'
const LABELS = { service: 'S-1-16-16384', elevated: HIGH, plain: 'S-1-16-8192' }
/** Failed audits have their own keyword. */
const FAILURE = '0x8010000000000000'

const LOGON_TYPES = { interactive: 2, network: 3, batch: 4, service: 5, 'network-cleartext': 8 }
const PRIVILEGES = [
  'SeSecurityPrivilege',
  'SeBackupPrivilege',
  'SeRestorePrivilege',
  'SeTakeOwnershipPrivilege',
  'SeDebugPrivilege',
  'SeSystemEnvironmentPrivilege',
  'SeLoadDriverPrivilege',
  'SeImpersonatePrivilege',
  'SeDelegateSessionUserImpersonatePrivilege',
]

const hex = (number: number): string => `0x${(number >>> 0).toString(16)}`

function draft(id: number, task: number, title: string, fields: Record<string, string>): Draft {
  return { provider: SECURITY, id, task, message: messageOf(title, fields), fields, lag: 0 }
}

const subject = ({ identity, id }: LogonSession): Record<string, string> => ({
  SubjectUserSid: identity.sid,
  SubjectUserName: identity.name,
  SubjectDomainName: identity.domain,
  SubjectLogonId: id,
})
const NO_SUBJECT = { SubjectUserSid: NULL_SID, SubjectUserName: '-', SubjectDomainName: '-', SubjectLogonId: '0x0' }

/** Services act as the computer. */
function actor(machine: Machine, session: LogonSession): Record<string, string> {
  if (!isService(session.identity.sid)) return subject(session)
  return { ...subject(session), SubjectUserName: `${machine.computer}$`, SubjectDomainName: machine.domain }
}

function processCreated(machine: Machine, process: HostProcess): Draft {
  const { session, parent } = process
  const kind = isService(session.identity.sid) ? 'service' : session.elevated ? 'elevated' : 'plain'
  // The creator is the parent's user; where that is another than the process's own, the own one is the target.
  const creator = parent?.session ?? session
  const other = creator.identity.sid === session.identity.sid ? null : session
  return draft(4688, 13312, 'A new process has been created.', {
    ...actor(machine, creator),
    NewProcessId: hex(process.pid),
    NewProcessName: process.image,
    TokenElevationType: kind === 'elevated' ? '%%1937' : kind === 'service' ? '%%1936' : '%%1938',
    ProcessId: hex(parent?.pid ?? 0),
    CommandLine: process.commandLine,
    TargetUserSid: other?.identity.sid ?? NULL_SID,
    TargetUserName: other?.identity.name ?? '-',
    TargetDomainName: other?.identity.domain ?? '-',
    TargetLogonId: other?.id ?? '0x0',
    ParentProcessName: parent?.image ?? '-',
    MandatoryLabel: LABELS[kind],
  })
}

function processExited(machine: Machine, process: HostProcess, exitCode: number): Draft {
  return draft(4689, 13313, 'A process has exited.', {
    ...actor(machine, process.session),
    Status: hex(exitCode),
    ProcessId: hex(process.pid),
    ProcessName: process.image,
  })
}

const targetOf = (identity: Identity, session: LogonSession): Record<string, string> => ({
  TargetUserSid: identity.sid,
  TargetUserName: identity.name,
  TargetDomainName: identity.domain,
  TargetLogonId: session.id,
})

/** A logon: its privileges, the logon, its groups, in the order in which they are recorded. */
function logon(machine: Machine, session: LogonSession): Draft[] {
  const { identity, source } = session
  const target = targetOf(identity, session)
  const type = String(LOGON_TYPES[session.type])
  const network = session.type === 'network'
  const [logonProcess, authentication] = !network
    ? ['Advapi  ', 'Negotiate']
    : session.ntlm
      ? ['NtLmSsp ', 'NTLM']
      : ['Kerberos', 'Kerberos']
  const privileges = draft(4672, 12548, 'Special privileges assigned to new logon.', {
    ...subject(session),
    PrivilegeList: PRIVILEGES.join('\n\t\t\t'),
  })
  const by = network ? NO_SUBJECT : actor(machine, machine.sessions.system)
  const process = session.type === 'network-cleartext' ? machine.services.sshd : null
  const logonDraft = draft(4624, 12544, 'An account was successfully logged on.', {
    ...by,
    ...target,
    LogonType: type,
    LogonProcessName: logonProcess!,
    AuthenticationPackageName: authentication!,
    WorkstationName: '-',
    LogonGuid: session.guid,
    TransmittedServices: '-',
    LmPackageName: session.ntlm ? 'NTLM V2' : '-',
    KeyLength: session.ntlm ? '128' : '0',
    ProcessId: hex(process?.pid ?? 0),
    ProcessName: process?.image ?? '-',
    IpAddress: source?.ip ?? '-',
    IpPort: source === null ? '-' : String(source.port),
    ImpersonationLevel: '%%1833',
    RestrictedAdminMode: '-',
    TargetOutboundUserName: '-',
    TargetOutboundDomainName: '-',
    VirtualAccount: '%%1843',
    TargetLinkedLogonId: '0x0',
    ElevatedToken: session.elevated ? '%%1842' : '%%1843',
  })
  const groups = draft(4627, 12554, 'Group membership information.', {
    ...by,
    ...target,
    LogonType: type,
    EventIdx: '1',
    EventCountTotal: '1',
    GroupMembership: ['S-1-1-0', 'S-1-5-32-544', 'S-1-5-32-545', 'S-1-5-2', 'S-1-5-11', 'S-1-5-15', HIGH]
      .map((sid) => `\n\t\t%{${sid}}`)
      .join(''),
  })
  return session.elevated ? [privileges, logonDraft, groups] : [logonDraft, groups]
}

function logonFailed(change: Extract<Change, { kind: 'logon-failed' }>): Draft {
  const fields = {
    ...NO_SUBJECT,
    TargetUserSid: NULL_SID,
    TargetUserName: change.user,
    TargetDomainName: change.domain,
    Status: '0xc000006d',
    FailureReason: '%%2313',
    SubStatus: change.reason === 'password' ? '0xc000006a' : '0xc0000064',
    LogonType: '3',
    LogonProcessName: 'NtLmSsp ',
    AuthenticationPackageName: 'NTLM',
    WorkstationName: '-',
    TransmittedServices: '-',
    LmPackageName: '-',
    KeyLength: '0',
    ProcessId: '0x0',
    ProcessName: '-',
    IpAddress: change.source.ip,
    IpPort: String(change.source.port),
  }
  const failed = draft(4625, 12544, 'An account failed to log on.', fields)
  return { ...failed, provider: { ...SECURITY, Keywords: FAILURE } }
}

const logoff = (session: LogonSession): Draft =>
  draft(4634, 12545, 'An account was logged off.', {
    ...targetOf(session.identity, session),
    LogonType: String(LOGON_TYPES[session.type]),
  })

const devicePath = (image: string): string =>
  image.includes(':') ? `\\device\\harddiskvolume2${image.slice(2).toLowerCase()}` : image

function portBound({ process, port }: Extract<Change, { kind: 'port-bound' }>): Draft {
  return draft(5158, 12810, 'The Windows Filtering Platform has permitted a bind to a local port.', {
    ProcessId: String(process.pid),
    Application: devicePath(process.image),
    SourceAddress: '0.0.0.0',
    SourcePort: String(port),
    Protocol: '6',
    FilterRTID: '0',
    LayerName: '%%14608',
    LayerRTID: '36',
  })
}

function connection({ process, direction, source, destination }: Extract<Change, { kind: 'connection' }>): Draft {
  const inbound = direction === 'inbound'
  return draft(5156, 12810, 'The Windows Filtering Platform has permitted a connection.', {
    ProcessID: String(process.pid),
    Application: devicePath(process.image),
    Direction: inbound ? '%%14592' : '%%14593',
    SourceAddress: source.ip,
    SourcePort: String(source.port),
    DestAddress: destination.ip,
    DestPort: String(destination.port),
    Protocol: '6',
    FilterRTID: inbound ? '80863' : '77864',
    LayerName: inbound ? '%%14610' : '%%14611',
    LayerRTID: inbound ? '44' : '48',
    RemoteUserID: NULL_SID,
    RemoteMachineID: NULL_SID,
  })
}

const TASK_EVENTS = {
  created: { id: 4698, title: 'A scheduled task was created.' },
  deleted: { id: 4699, title: 'A scheduled task was deleted.' },
  enabled: { id: 4700, title: 'A scheduled task was enabled.' },
  disabled: { id: 4701, title: 'A scheduled task was disabled.' },
  updated: { id: 4702, title: 'A scheduled task was updated.' },
}

/** Client ids are zero for a client on another host; the locality is 0 for both, as recordings show. */
function taskChanged(machine: Machine, change: Extract<Change, { kind: 'task' }>): Draft {
  const { session, process } = change.client
  const { id, title } = TASK_EVENTS[change.operation]
  return draft(id, 12804, title, {
    ...subject(session),
    TaskName: change.path,
    [change.operation === 'updated' ? 'TaskContentNew' : 'TaskContent']: change.xml,
    ClientProcessStartKey: process === null ? '0' : String(0x6_0000_0000_0000 + process.pid),
    ClientProcessId: String(process?.pid ?? 0),
    ParentProcessId: String(process?.parent?.pid ?? 0),
    RpcCallClientLocality: '0',
    FQDN: machine.name,
  })
}

/** What the Security log gets of a change, before audit policy picks. */
export function securityRecords(machine: Machine, change: Change): Draft[] {
  switch (change.kind) {
    case 'process-started':
      return [processCreated(machine, change.process)]
    case 'process-ended':
      return [processExited(machine, change.process, change.exitCode)]
    case 'logon':
      return logon(machine, change.session)
    case 'logon-failed':
      return [logonFailed(change)]
    case 'logoff':
      return [logoff(change.session)]
    case 'port-bound':
      return [portBound(change)]
    case 'connection':
      return [connection(change)]
    case 'task':
      return [taskChanged(machine, change)]
    default:
      return []
  }
}
