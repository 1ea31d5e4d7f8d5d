/**
 * Sigma's Windows fields in ECS. Source: SigmaHQ/pySigma-backend-elasticsearch, sigma/pipelines/elasticsearch/windows.py;
 * where it and the vendor's ingest pipelines differ, the pipelines count (elastic/integrations, packages/windows, packages/system).
 * What no row names is `winlog.event_data.<name>`; a name with a dot is an ECS field already.
 */

export interface SigmaField {
  /** One path, or several whose values are joined by `separator`. */
  ecs: readonly [string, ...string[]]
  separator?: string
  /** What Sigma's values are called in ECS. */
  values?: Readonly<Record<string, string>>
}

const one = (ecs: string): SigmaField => ({ ecs: [ecs] })

/** Of events that a category of log sources chooses. */
export const SIGMA_FIELDS: Readonly<Record<string, SigmaField>> = {
  EventID: one('event.code'),
  Channel: one('winlog.channel'),
  Provider_Name: one('winlog.provider_name'),
  Computer: one('winlog.computer_name'),
  ComputerName: one('winlog.computer_name'),
  Image: one('process.executable'),
  CommandLine: one('process.command_line'),
  CurrentDirectory: one('process.working_directory'),
  OriginalFileName: one('process.pe.original_file_name'),
  Company: one('process.pe.company'),
  Description: one('process.pe.description'),
  Product: one('process.pe.product'),
  FileVersion: one('process.pe.file_version'),
  ProcessGuid: one('process.entity_id'),
  ProcessId: one('process.pid'),
  ParentImage: one('process.parent.executable'),
  ParentCommandLine: one('process.parent.command_line'),
  ParentProcessGuid: one('process.parent.entity_id'),
  ParentProcessId: one('process.parent.pid'),
  SourceImage: one('process.executable'),
  SourceProcessGuid: one('process.entity_id'),
  SourceProcessId: one('process.pid'),
  SourceThreadId: one('process.thread.id'),
  User: { ecs: ['user.domain', 'user.name'], separator: '\\' },
  md5: one('process.hash.md5'),
  sha1: one('process.hash.sha1'),
  sha256: one('process.hash.sha256'),
  Imphash: one('process.pe.imphash'),
  imphash: one('process.pe.imphash'),
  TargetFilename: one('file.path'),
  ImageLoaded: one('file.path'),
  PipeName: one('file.name'),
  TargetObject: one('registry.path'),
  SourceIp: one('source.ip'),
  SourceHostname: one('source.domain'),
  SourcePort: one('source.port'),
  DestinationIp: one('destination.ip'),
  DestinationHostname: one('destination.domain'),
  DestinationPort: one('destination.port'),
  Protocol: one('network.transport'),
  Initiated: { ecs: ['network.direction'], values: { true: 'egress', false: 'ingress' } },
  QueryName: one('dns.question.name'),
  QueryStatus: one('sysmon.dns.status'),
  ScriptBlockText: one('powershell.file.script_block_text'),
  ScriptBlockId: one('powershell.file.script_block_id'),
}

/** Of a library or driver that is loaded, these are the file's. */
export const LOADED_FIELDS: Readonly<Record<string, SigmaField>> = {
  OriginalFileName: one('file.pe.original_file_name'),
  Company: one('file.pe.company'),
  Description: one('file.pe.description'),
  Product: one('file.pe.product'),
  FileVersion: one('file.pe.file_version'),
  md5: one('file.hash.md5'),
  sha1: one('file.hash.sha1'),
  sha256: one('file.hash.sha256'),
}

/** Of other channels than Sysmon's and PowerShell's: the pipelines keep what the event itself says. */
export const CHANNEL_FIELDS: Readonly<Record<string, SigmaField>> = {
  EventID: one('event.code'),
  Channel: one('winlog.channel'),
  Provider_Name: one('winlog.provider_name'),
  Computer: one('winlog.computer_name'),
  ComputerName: one('winlog.computer_name'),
}

/** Parts of Sysmon's `Hashes`, which ECS keeps apart. */
export const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  SHA1: 'sha1',
  SHA256: 'sha256',
  IMPHASH: 'imphash',
}
