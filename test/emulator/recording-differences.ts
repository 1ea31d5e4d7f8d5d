/** How the emulated hosts may differ from the recording: each row with its reason. A row that excuses nothing fails. */

export interface Difference {
  /** `absent`: recorded, not emulated; `extra`: the other way round; `shape`: a field's value or presence. */
  kind: 'absent' | 'extra' | 'shape'
  role?: 'source' | 'target'
  channel: string
  id: number
  /** Only records whose field fits. */
  where?: { field: string; pattern: RegExp }
  /** `shape` only. */
  field?: string
  reason: string
}

const SYSMON = 'Microsoft-Windows-Sysmon/Operational'
const SECURITY = 'Security'

const HANDLES = 'object access audit follows SACLs of single registry keys; the emulated hosts set none'
const SSHD =
  'recorded from a PowerShell window; over SSH a service starts the shell for its user, who then is the target'

export const DIFFERENCES: Difference[] = [
  {
    kind: 'absent',
    channel: SYSMON,
    id: 7,
    where: { field: 'ImageLoaded', pattern: /^(?!.*\\taskschd\.dll$)/i },
    reason: 'the recording logs every library; a Sysmon configuration fit for use includes taskschd.dll only',
  },
  {
    kind: 'absent',
    channel: SYSMON,
    id: 10,
    reason: 'process access is recorded for debugging there; the profile does not record it',
  },
  {
    kind: 'absent',
    role: 'source',
    channel: SYSMON,
    id: 12,
    where: { field: 'TargetObject', pattern: /\\Services\\Tcpip\\Parameters$/ },
    reason: 'the recording logs every key; the profile includes the TaskCache only',
  },
  { kind: 'absent', role: 'source', channel: SECURITY, id: 4656, reason: HANDLES },
  { kind: 'absent', role: 'source', channel: SECURITY, id: 4658, reason: HANDLES },
  { kind: 'absent', role: 'source', channel: SECURITY, id: 4663, reason: HANDLES },
  { kind: 'absent', role: 'source', channel: SECURITY, id: 4690, reason: HANDLES },
  {
    kind: 'absent',
    role: 'target',
    channel: SECURITY,
    id: 4673,
    reason: 'use of sensitive privileges is not among the audit subcategories of the profile',
  },
  {
    kind: 'shape',
    role: 'source',
    channel: SECURITY,
    id: 4688,
    where: { field: 'ParentProcessName', pattern: /\\powershell\.exe$/ },
    field: 'TargetUserName',
    reason: SSHD,
  },
  {
    kind: 'shape',
    role: 'source',
    channel: SECURITY,
    id: 4688,
    where: { field: 'ParentProcessName', pattern: /\\powershell\.exe$/ },
    field: 'TargetDomainName',
    reason: SSHD,
  },
]
