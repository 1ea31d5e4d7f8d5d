/**
 * Names of the values that PowerShell's `Get-WinEvent` lists without them, by provider and event id, in the order of the
 * provider's template. Later versions of an event add names at the end; `least` is how many the oldest has whose order this is.
 * Sources: the manifests of the providers, and the events' pages in Microsoft's "Advanced security audit policy settings".
 */

interface Names {
  least: number
  names: readonly string[]
}

const names = (least: number, text: string): Names => ({ least, names: text.split(' ') })

const SUBJECT = 'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId'
const CLIENT = 'ClientProcessStartKey ClientProcessId ParentProcessId RpcCallClientLocality FQDN'
const PROCESS = 'UtcTime ProcessGuid ProcessId'

const task = (content: string) => names(6, `${SUBJECT} TaskName ${content} ${CLIENT}`)

const PROVIDERS: Readonly<Record<string, Readonly<Record<number, Names>>>> = {
  'microsoft-windows-sysmon': {
    1: names(
      22,
      `RuleName ${PROCESS} Image FileVersion Description Product Company OriginalFileName CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser`,
    ),
    3: names(
      18,
      `RuleName ${PROCESS} Image User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName`,
    ),
    5: names(5, `RuleName ${PROCESS} Image User`),
    7: names(
      15,
      `RuleName ${PROCESS} Image ImageLoaded FileVersion Description Product Company OriginalFileName Hashes Signed Signature SignatureStatus User`,
    ),
    10: names(
      11,
      'RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace SourceUser TargetUser',
    ),
    11: names(7, `RuleName ${PROCESS} Image TargetFilename CreationUtcTime User`),
    12: names(7, `RuleName EventType ${PROCESS} Image TargetObject User`),
    13: names(8, `RuleName EventType ${PROCESS} Image TargetObject Details User`),
    14: names(8, `RuleName EventType ${PROCESS} Image TargetObject NewName User`),
    17: names(7, `RuleName EventType ${PROCESS} PipeName Image User`),
    18: names(7, `RuleName EventType ${PROCESS} PipeName Image User`),
    22: names(8, `RuleName ${PROCESS} QueryName QueryStatus QueryResults Image User`),
    23: names(10, `RuleName ${PROCESS} User Image TargetFilename Hashes IsExecutable Archived`),
  },
  'microsoft-windows-security-auditing': {
    4624: names(
      20,
      `${SUBJECT} TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType LogonProcessName AuthenticationPackageName WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort ImpersonationLevel RestrictedAdminMode TargetOutboundUserName TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken`,
    ),
    4634: names(5, 'TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType'),
    4648: names(
      14,
      `${SUBJECT} LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName TargetInfo ProcessId ProcessName IpAddress IpPort`,
    ),
    4672: names(5, `${SUBJECT} PrivilegeList`),
    4688: names(
      8,
      `${SUBJECT} NewProcessId NewProcessName TokenElevationType ProcessId CommandLine TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel`,
    ),
    4689: names(7, `${SUBJECT} Status ProcessId ProcessName`),
    4697: names(
      9,
      `${SUBJECT} ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount ClientProcessStartKey ClientProcessId ParentProcessId`,
    ),
    4698: task('TaskContent'),
    4699: task('TaskContent'),
    4700: task('TaskContent'),
    4701: task('TaskContent'),
    4702: task('TaskContentNew'),
    5140: names(11, `${SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath AccessMask AccessList`),
    5145: names(
      13,
      `${SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath RelativeTargetName AccessMask AccessList AccessReason`,
    ),
    5156: names(
      11,
      'ProcessID Application Direction SourceAddress SourcePort DestAddress DestPort Protocol FilterRTID LayerName LayerRTID RemoteUserID RemoteMachineID',
    ),
  },
  'microsoft-windows-taskscheduler': {
    100: names(3, 'TaskName UserContext InstanceId'),
    102: names(3, 'TaskName UserContext InstanceId'),
    106: names(2, 'TaskName UserContext'),
    129: names(4, 'TaskName Path ProcessID Priority'),
    140: names(2, 'TaskName UserName'),
    141: names(2, 'TaskName UserName'),
    200: names(3, 'TaskName ActionName TaskInstanceId EnginePID'),
    201: names(4, 'TaskName TaskInstanceId ActionName ResultCode EnginePID'),
  },
  'microsoft-windows-powershell': {
    4103: names(3, 'ContextInfo UserData Payload'),
    4104: names(5, 'MessageNumber MessageTotal ScriptBlockText ScriptBlockId Path'),
  },
  'service control manager': {
    7045: names(5, 'ServiceName ImagePath ServiceType StartType AccountName'),
  },
}

/** The names of so many values; where their order is not known they are numbered, as Winlogbeat does. */
export function propertyNames(provider: string | null, eventId: number, count: number): readonly string[] {
  const known = PROVIDERS[(provider ?? '').toLowerCase()]?.[eventId]
  if (known !== undefined && count >= known.least && count <= known.names.length) return known.names
  return Array.from({ length: count }, (_, index) => `param${index + 1}`)
}
