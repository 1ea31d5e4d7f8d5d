/**
 * The index template for ECS documents. Every field that the normaliser and the network sensor can make is mapped
 * beforehand: a rule that reads a field which no document has brought yet would otherwise fail as a whole.
 */

/** A leaf's mapping in Elasticsearch. */
interface Mapping {
  type: string
  ignore_above?: number
  fields?: Record<string, { type: string }>
}

/** ECS declares keywords with this limit. */
const IGNORE_ABOVE = 1024

const KEYWORD: Mapping = { type: 'keyword', ignore_above: IGNORE_ABOVE }
const SEARCHABLE: Mapping = { ...KEYWORD, fields: { text: { type: 'match_only_text' } } }
const LONG_TEXT: Mapping = { type: 'wildcard', fields: { text: { type: 'match_only_text' } } }

/**
 * Fields by mapping. Types as ECS 8 states them (elastic/ecs, generated/csv/fields.csv); `winlog`, `sysmon` and
 * `powershell` as the Windows integration states them (elastic/integrations, packages/windows, fields/*.yml), `zeek` and
 * `suricata` as theirs do.
 */
const FIELDS: readonly (readonly [Mapping, readonly string[]])[] = [
  [{ type: 'date' }, ['@timestamp', 'event.created', 'event.ingested', 'event.start', 'event.end']],
  [{ type: 'ip' }, ['source.ip', 'destination.ip', 'dns.resolved_ip', 'host.ip', 'related.ip']],
  [
    { type: 'long' },
    [
      'source.port',
      'destination.port',
      'process.pid',
      'process.thread.id',
      'process.args_count',
      'process.parent.pid',
      'process.parent.args_count',
      'powershell.sequence',
      'powershell.total',
      'event.sequence',
      'winlog.process.pid',
      'winlog.process.thread.id',
      'rpc.opnum',
      'rpc.call_id',
      'rpc.context_id',
      'rpc.status',
      'wire.frames',
      'wire.stream_offset',
      'wire.length',
      'wire.contexts.id',
      'wire.contexts.uuid_offset',
      'event.duration',
      'network.bytes',
      'network.packets',
      'source.bytes',
      'source.packets',
      'destination.bytes',
      'destination.packets',
    ],
  ],
  [{ type: 'double' }, ['zeek.dce_rpc.rtt']],
  [
    { type: 'boolean' },
    [
      'file.code_signature.valid',
      'sysmon.file.archived',
      'sysmon.file.is_executable',
      'process.code_signature.trusted',
    ],
  ],
  [{ type: 'match_only_text' }, ['message']],
  [{ type: 'text' }, ['powershell.file.script_block_text']],
  [LONG_TEXT, ['process.command_line', 'process.parent.command_line']],
  [{ type: 'wildcard' }, ['registry.data.strings', 'wire.raw', 'wire.printable']],
  [
    SEARCHABLE,
    [
      'process.name',
      'process.executable',
      'process.working_directory',
      'process.parent.name',
      'process.parent.executable',
      'file.path',
      'host.os.name',
      'host.os.full',
      'user.name',
      'user.full_name',
      'user.effective.name',
    ],
  ],
  [
    KEYWORD,
    [
      'event.kind',
      'event.category',
      'event.type',
      'event.action',
      'event.code',
      'event.outcome',
      'event.provider',
      'event.module',
      'event.dataset',
      'event.id',
      'host.id',
      'host.name',
      'host.hostname',
      'host.os.type',
      'host.os.family',
      'host.os.platform',
      'host.os.version',
      'agent.id',
      'observer.name',
      'observer.type',
      'agent.type',
      'rule.name',
      'service.name',
      'process.entity_id',
      'process.args',
      'process.hash.md5',
      'process.hash.sha1',
      'process.hash.sha256',
      'process.pe.original_file_name',
      'process.pe.company',
      'process.pe.description',
      'process.pe.file_version',
      'process.pe.product',
      'process.pe.imphash',
      'process.code_signature.subject_name',
      'process.parent.entity_id',
      'process.parent.args',
      'file.name',
      'file.directory',
      'file.extension',
      'file.hash.md5',
      'file.hash.sha1',
      'file.hash.sha256',
      'file.pe.original_file_name',
      'file.pe.company',
      'file.pe.description',
      'file.pe.file_version',
      'file.pe.product',
      'file.pe.imphash',
      'file.code_signature.subject_name',
      'file.code_signature.status',
      'dll.name',
      'dll.path',
      'registry.hive',
      'registry.key',
      'registry.path',
      'registry.value',
      'registry.data.type',
      'network.transport',
      'network.protocol',
      'network.direction',
      'network.type',
      'network.iana_number',
      'source.address',
      'source.domain',
      'destination.address',
      'destination.domain',
      'dns.question.name',
      'dns.answers.data',
      'dns.answers.type',
      'user.id',
      'user.domain',
      'user.effective.id',
      'user.effective.domain',
      'related.user',
      'related.hosts',
      'related.hash',
      'rpc.interface',
      'rpc.interface_uuid',
      'rpc.operation',
      'rpc.endpoint',
      'wire.contexts.interface',
      'wire.contexts.transfer_syntax',
      'wire.contexts.result',
      'network.community_id',
      'zeek.session_id',
      'zeek.dce_rpc.endpoint',
      'zeek.dce_rpc.operation',
      'zeek.dce_rpc.named_pipe',
      'zeek.connection.state',
      'zeek.connection.history',
      'suricata.eve.event_type',
      'suricata.eve.flow_id',
      'sysmon.dns.status',
      'powershell.file.script_block_id',
      'winlog.channel',
      'winlog.event_id',
      'winlog.provider_name',
      'winlog.provider_guid',
      'winlog.computer_name',
      'winlog.record_id',
      'winlog.level',
      'winlog.keywords',
      'winlog.task',
      'winlog.task_name',
      'winlog.opcode',
      'winlog.version',
      'winlog.activity_id',
      'winlog.related_activity_id',
      'winlog.user_data.xml_name',
      'winlog.user.identifier',
      'winlog.user.name',
      'winlog.user.domain',
      'winlog.user.type',
      'winlog.logon.id',
      'winlog.logon.type',
    ],
  ],
]

/** Fields of the Windows events' own data that rules read: mapped although a lab may not have seen them yet. */
const EVENT_DATA = [
  ...['TaskName', 'TaskContent', 'TaskContentNew', 'ClientProcessId', 'ClientProcessStartKey', 'ParentProcessId'],
  ...['RpcCallClientLocality', 'FQDN', 'UserName', 'UserContext', 'TaskInstanceId', 'ActionName', 'ResultCode'],
  ...['SubjectUserName', 'SubjectDomainName', 'SubjectUserSid', 'SubjectLogonId', 'TargetUserName', 'TargetUserSid'],
  ...['TargetDomainName', 'TargetLogonId', 'TargetServerName', 'LogonType', 'LogonProcessName', 'IpAddress', 'IpPort'],
  ...['AuthenticationPackageName', 'WorkstationName', 'NewProcessId', 'NewProcessName', 'ParentProcessName'],
  ...['ProcessId', 'ProcessID', 'ProcessName', 'CommandLine', 'MandatoryLabel', 'TokenElevationType', 'PrivilegeList'],
  ...['ServiceName', 'ServiceFileName', 'ServiceType', 'ServiceStartType', 'ServiceAccount', 'ImagePath', 'StartType'],
  ...['ShareName', 'ShareLocalPath', 'RelativeTargetName', 'AccessMask', 'AccessList', 'ObjectType', 'Application'],
  ...['Direction', 'SourceAddress', 'SourcePort', 'DestAddress', 'DestPort', 'Protocol', 'LayerName', 'FilterRTID'],
  ...['EventType', 'Details', 'NewName', 'IntegrityLevel', 'LogonGuid', 'LogonId', 'TerminalSessionId', 'ParentUser'],
  ...['TargetImage', 'TargetProcessGUID', 'TargetProcessId', 'GrantedAccess', 'CallTrace', 'StartAddress'],
  ...['StartModule', 'StartFunction', 'NewThreadId', 'Company', 'Description', 'FileVersion', 'Product', 'Signed'],
  ...['Signature', 'SignatureStatus', 'CreationUtcTime', 'ContextInfo', 'Payload', 'Path'],
].map((field) => `winlog.event_data.${field}`)

/** Task definitions are whole XML documents: as keywords they would be too long to be searched. */
const LONG_EVENT_DATA = new Set(['TaskContent', 'TaskContentNew', 'Payload', 'ContextInfo', 'CallTrace', 'CommandLine'])

/** Every field that the template maps, by its path. */
export function ecsFields(): Map<string, Mapping> {
  const fields = new Map<string, Mapping>()
  for (const [mapping, paths] of FIELDS) for (const path of paths) fields.set(path, mapping)
  for (const path of EVENT_DATA) {
    fields.set(path, LONG_EVENT_DATA.has(path.split('.').at(-1)!) ? { type: 'wildcard' } : KEYWORD)
  }
  return fields
}

/**
 * The body of `PUT /_index_template/…`: plain indices (no data stream), a field limit that Windows telemetry fits in,
 * and strings that nobody foresaw as keywords.
 */
export function ecsIndexTemplate(): Record<string, unknown> {
  const properties: Record<string, unknown> = {}
  for (const [path, mapping] of ecsFields()) place(properties, path.split('.'), mapping)
  return {
    index_patterns: ['logs-*-*', 'winlogbeat-*'],
    priority: 500,
    template: {
      settings: { index: { mapping: { total_fields: { limit: 5000 } }, number_of_shards: 1, number_of_replicas: 0 } },
      mappings: {
        dynamic_templates: [{ strings_as_keyword: { match_mapping_type: 'string', mapping: KEYWORD } }],
        date_detection: false,
        properties,
      },
    },
    _meta: { description: 'ECS fields of the events that tocsin ships and reads' },
  }
}

function place(properties: Record<string, unknown>, path: string[], mapping: Mapping): void {
  const [name, ...rest] = path as [string, ...string[]]
  if (rest.length === 0) {
    properties[name] = mapping
    return
  }
  properties[name] ??= { properties: {} }
  place((properties[name] as { properties: Record<string, unknown> }).properties, rest, mapping)
}
