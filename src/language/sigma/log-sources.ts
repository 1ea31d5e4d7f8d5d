/**
 * Sigma's Windows log sources in ECS. Sources: SigmaHQ/sigma-specification, Sigma Taxonomy Appendix (which Sysmon event
 * or channel a source is); elastic/ecs, allowed values of event.category and event.type (what other sensors report).
 */

/** Events of a kind, whichever sensor saw them. */
export interface CategorySource {
  /** `event.category` values, any of which the events have. */
  categories: readonly [string, ...string[]]
  /** Sysmon's events of the kind. */
  sysmon: readonly number[]
  /** `winlog.event_data.EventType` values that Sysmon's events have besides. */
  eventTypes?: readonly string[]
  /** `event.type` values by which other sensors tell the kind, any of which does; none when only Sysmon has it. */
  types: readonly string[]
}

/** Events of a channel of the Windows event log. */
export interface ChannelSource {
  channel: string
  /** Ids that the source is confined to. */
  codes?: readonly number[]
}

export const CATEGORY_SOURCES: Readonly<Record<string, CategorySource>> = {
  process_creation: { categories: ['process'], sysmon: [1], types: ['start'] },
  process_termination: { categories: ['process'], sysmon: [5], types: ['end'] },
  process_access: { categories: ['process'], sysmon: [10], types: ['access'] },
  create_remote_thread: { categories: ['process'], sysmon: [8], types: [] },
  raw_access_thread: { categories: ['process'], sysmon: [9], types: [] },
  network_connection: { categories: ['network'], sysmon: [3], types: ['start', 'connection'] },
  dns_query: { categories: ['network'], sysmon: [22], types: ['protocol'] },
  file_event: { categories: ['file'], sysmon: [11], types: ['creation'] },
  file_change: { categories: ['file'], sysmon: [2], types: ['change'] },
  file_delete: { categories: ['file'], sysmon: [23, 26], types: ['deletion'] },
  create_stream_hash: { categories: ['file'], sysmon: [15], types: [] },
  pipe_created: { categories: ['file'], sysmon: [17, 18], types: [] },
  registry_event: {
    categories: ['registry'],
    sysmon: [12, 13, 14],
    types: ['creation', 'change', 'deletion', 'access'],
  },
  registry_add: { categories: ['registry'], sysmon: [12], eventTypes: ['CreateKey'], types: ['creation'] },
  registry_set: { categories: ['registry'], sysmon: [13], types: ['change'] },
  registry_delete: {
    categories: ['registry'],
    sysmon: [12],
    eventTypes: ['DeleteKey', 'DeleteValue'],
    types: ['deletion'],
  },
  registry_rename: { categories: ['registry'], sysmon: [14], types: [] },
  image_load: { categories: ['process', 'library'], sysmon: [7], types: ['start'] },
  driver_load: { categories: ['driver'], sysmon: [6], types: ['start'] },
}

const POWERSHELL = 'Microsoft-Windows-PowerShell/Operational'
const POWERSHELL_CLASSIC = 'Windows PowerShell'

/** Categories that are one channel's. */
export const CHANNEL_CATEGORIES: Readonly<Record<string, ChannelSource>> = {
  ps_script: { channel: POWERSHELL, codes: [4104] },
  ps_module: { channel: POWERSHELL, codes: [4103] },
  ps_classic_start: { channel: POWERSHELL_CLASSIC, codes: [400] },
  ps_classic_provider_start: { channel: POWERSHELL_CLASSIC, codes: [600] },
}

/** Channels by service. Source: SigmaHQ/pySigma, sigma/pipelines/common.py. */
export const SERVICES: Readonly<Record<string, ChannelSource>> = {
  application: { channel: 'Application' },
  'appmodel-runtime': { channel: 'Microsoft-Windows-AppModel-Runtime/Admin' },
  'appxdeployment-server': { channel: 'Microsoft-Windows-AppXDeploymentServer/Operational' },
  'appxpackaging-om': { channel: 'Microsoft-Windows-AppxPackaging/Operational' },
  'bits-client': { channel: 'Microsoft-Windows-Bits-Client/Operational' },
  capi2: { channel: 'Microsoft-Windows-CAPI2/Operational' },
  'certificateservicesclient-lifecycle-system': {
    channel: 'Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational',
  },
  'codeintegrity-operational': { channel: 'Microsoft-Windows-CodeIntegrity/Operational' },
  'diagnosis-scripted': { channel: 'Microsoft-Windows-Diagnosis-Scripted/Operational' },
  'dns-client': { channel: 'Microsoft-Windows-DNS Client Events/Operational' },
  'dns-server': { channel: 'DNS Server' },
  'driver-framework': { channel: 'Microsoft-Windows-DriverFrameworks-UserMode/Operational' },
  'firewall-as': { channel: 'Microsoft-Windows-Windows Firewall With Advanced Security/Firewall' },
  'iis-configuration': { channel: 'Microsoft-IIS-Configuration/Operational' },
  ldap: { channel: 'Microsoft-Windows-LDAP-Client/Debug' },
  'lsa-server': { channel: 'Microsoft-Windows-LSA/Operational' },
  'msexchange-management': { channel: 'MSExchange Management' },
  ntlm: { channel: 'Microsoft-Windows-NTLM/Operational' },
  openssh: { channel: 'OpenSSH/Operational' },
  powershell: { channel: POWERSHELL },
  'powershell-classic': { channel: POWERSHELL_CLASSIC },
  'printservice-admin': { channel: 'Microsoft-Windows-PrintService/Admin' },
  'printservice-operational': { channel: 'Microsoft-Windows-PrintService/Operational' },
  security: { channel: 'Security' },
  'shell-core': { channel: 'Microsoft-Windows-Shell-Core/Operational' },
  'smbclient-security': { channel: 'Microsoft-Windows-SmbClient/Security' },
  sysmon: { channel: 'Microsoft-Windows-Sysmon/Operational' },
  system: { channel: 'System' },
  taskscheduler: { channel: 'Microsoft-Windows-TaskScheduler/Operational' },
  'terminalservices-localsessionmanager': {
    channel: 'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational',
  },
  windefend: { channel: 'Microsoft-Windows-Windows Defender/Operational' },
  wmi: { channel: 'Microsoft-Windows-WMI-Activity/Operational' },
}
