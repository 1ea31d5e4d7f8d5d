/**
 * LogPoint's names in ECS. Sources: logpoint/pySigma-backend-logpoint, sigma/pipelines/logpoint/logpoint_mapping.py,
 * which names the fields of today's normaliser, and MITRE CAR's implementations, which use those of an earlier one
 * (`image` for the program, `parent_image`, `path` for the folder of a file).
 */
import type { Dialect, DialectField } from '../dialect/dialect.ts'
import { SYSMON, SYSMON_CATEGORY } from '../dialect/sysmon.ts'

/** Fields of every Windows event. */
const COMMON: DialectField[] = [
  { name: 'host', ecs: 'host.name' },
  { name: 'user', ecs: 'user.name' },
  { name: 'domain', ecs: 'user.domain' },
  { name: 'user_id', ecs: 'user.id' },
  { name: 'channel', ecs: 'winlog.channel' },
  { name: 'event_source', ecs: 'event.provider' },
]

const FILE_EVENTS = [2, 11, 15, 23, 26]
const TWO_PROCESS_EVENTS = [8, 10]

export const LOGPOINT: Dialect = {
  product: 'LogPoint',
  sourceField: 'norm_id',
  eventIdField: 'event_id',
  sources: [
    {
      value: 'WindowsSysmon',
      providers: [SYSMON],
      categories: SYSMON_CATEGORY,
      fields: [
        ...COMMON,
        { name: 'image', ecs: 'process.executable' },
        { name: 'image', ecs: 'file.path', events: [6, 7] },
        { name: 'image', ecs: 'winlog.event_data.TargetImage', events: TWO_PROCESS_EVENTS },
        { name: 'process', ecs: 'process.executable' },
        { name: 'source_image', ecs: 'process.executable' },
        { name: 'command', ecs: 'process.command_line' },
        { name: 'process_id', ecs: 'process.pid' },
        { name: 'process_guid', ecs: 'process.entity_id' },
        { name: 'parent_image', ecs: 'process.parent.executable' },
        { name: 'parent_process', ecs: 'process.parent.executable' },
        { name: 'parent_command', ecs: 'process.parent.command_line' },
        { name: 'parent_process_id', ecs: 'process.parent.pid' },
        { name: 'parent_process_guid', ecs: 'process.parent.entity_id' },
        { name: 'integrity_level', ecs: 'winlog.event_data.IntegrityLevel' },
        { name: 'logon_id', ecs: 'winlog.event_data.LogonId' },
        { name: 'application', ecs: 'process.pe.product', events: [1] },
        { name: 'vendor', ecs: 'process.pe.company', events: [1] },
        { name: 'hash', ecs: 'process.hash.md5' },
        { name: 'hash_sha1', ecs: 'process.hash.sha1' },
        { name: 'hash_sha256', ecs: 'process.hash.sha256' },
        { name: 'hash_import', ecs: 'process.pe.imphash' },
        { name: 'path', ecs: 'process.working_directory', events: [1] },
        { name: 'path', ecs: 'file.directory', events: FILE_EVENTS },
        { name: 'file', ecs: 'process.pe.original_file_name', events: [1] },
        { name: 'file', ecs: 'file.name', events: FILE_EVENTS },
        { name: 'target_file', ecs: 'file.path', events: FILE_EVENTS },
        { name: 'source_address', ecs: 'source.ip' },
        { name: 'source_port', ecs: 'source.port' },
        { name: 'source_host', ecs: 'source.domain' },
        { name: 'destination_address', ecs: 'destination.ip' },
        { name: 'destination_port', ecs: 'destination.port' },
        { name: 'destination_host', ecs: 'destination.domain' },
        { name: 'protocol', ecs: 'network.transport' },
        { name: 'query', ecs: 'dns.question.name', events: [22] },
        { name: 'target_object', ecs: 'registry.path' },
        { name: 'event_type', ecs: 'winlog.event_data.EventType' },
        { name: 'detail', ecs: 'registry.data.strings' },
        { name: 'access', ecs: 'winlog.event_data.GrantedAccess' },
        { name: 'call_trace', ecs: 'winlog.event_data.CallTrace' },
        { name: 'rule', ecs: 'rule.name' },
      ],
    },
    {
      value: 'WinServer',
      providers: ['Microsoft-Windows-Security-Auditing'],
      // elastic/integrations: packages/system/data_stream/security, ingest pipeline.
      categories: {
        4624: 'authentication',
        4688: 'process',
        4689: 'process',
        4698: 'iam',
        4702: 'iam',
        5156: 'network',
      },
      fields: [
        ...COMMON,
        { name: 'process', ecs: 'process.executable' },
        { name: 'command', ecs: 'process.command_line' },
        { name: 'parent_process', ecs: 'process.parent.executable' },
        { name: 'logon_type', ecs: 'winlog.event_data.LogonType' },
        { name: 'task', ecs: 'winlog.event_data.TaskName' },
        { name: 'source_address', ecs: 'source.ip' },
        { name: 'source_port', ecs: 'source.port' },
      ],
    },
  ],
  refused: {
    label: 'is a mark that LogPoint sets on what it stores, which events do not carry',
    msg: 'is the message as the host wrote it, which is not kept',
    device_ip: 'is the address of the collector, which events do not carry',
  },
}
