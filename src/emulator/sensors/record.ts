/** The shape in which sensors give their records: flat, as in the public recordings this project is tested against. */

/** Top level: `EventID` is a number, all else text; the event's own fields stand beside the record's. */
export type WindowsRecord = {
  SourceName: string
  ProviderGuid: string
  Level: string
  Keywords: string
  Channel: string
  Hostname: string
  TimeCreated: string
  '@timestamp': string
  EventID: number
  Message: string
  Task: string
} & Record<string, string | number>

/** An event of the lab's network sensor: an ECS document. */
export interface NetworkRecord {
  shape: 'network'
  document: Record<string, unknown>
}

export type RawRecord = WindowsRecord | NetworkRecord

export interface Provider {
  SourceName: string
  ProviderGuid: string
  Level: string
  Keywords: string
  Channel: string
}

export const SYSMON: Provider = {
  SourceName: 'Microsoft-Windows-Sysmon',
  ProviderGuid: '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
  Level: '4',
  Keywords: '0x8000000000000000',
  Channel: 'Microsoft-Windows-Sysmon/Operational',
}

export const SECURITY: Provider = {
  SourceName: 'Microsoft-Windows-Security-Auditing',
  ProviderGuid: '{54849625-5478-4994-a5ba-3e3b0328c30d}',
  Level: '0',
  Keywords: '0x8020000000000000',
  Channel: 'Security',
}

export const TASK_SCHEDULER: Provider = {
  SourceName: 'Microsoft-Windows-TaskScheduler',
  ProviderGuid: '{de7b24ea-73c8-4a09-985d-5bdadcfa9017}',
  Level: '4',
  Keywords: '0x8000000000000000',
  Channel: 'Microsoft-Windows-TaskScheduler/Operational',
}

/** What a sensor makes of one change, before it is stamped with host and time. */
export interface Draft {
  provider: Provider
  id: number
  task: number
  message: string
  fields: Record<string, string>
  /** Milliseconds from the change to its record. */
  lag: number
}

export function record({ provider, id, task, message, fields, lag }: Draft, host: string, at: number): WindowsRecord {
  const time = new Date(at + lag).toISOString()
  return {
    ...provider,
    Hostname: host,
    TimeCreated: time,
    '@timestamp': time,
    EventID: id,
    Message: message,
    Task: String(task),
    ...fields,
  }
}

/** A title and a line a field, as event messages are laid out. */
export const messageOf = (title: string, fields: Record<string, string>): string =>
  [title, ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`)].join('\r\n')
