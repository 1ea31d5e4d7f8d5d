/** Hand-made records of a remote task creation, and of near misses that each lack one thing. */

type Json = Record<string, unknown>

/** A Sysmon record in the flat-winevent shape, at a second of one minute. */
export const sysmon = (EventID: number, second: number, data: Json): Json => {
  const time = `05:06:${String(second).padStart(2, '0')}.000`
  return {
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    SourceName: 'Microsoft-Windows-Sysmon',
    Hostname: 'DESK7',
    TimeCreated: `2031-03-04T${time}Z`,
    EventID,
    UtcTime: `2031-03-04 ${time}`,
    ProcessGuid: '{scheduler}',
    ...data,
  }
}

const CONNECTION: Json = {
  Image: 'C:\\Windows\\System32\\svchost.exe',
  Protocol: 'tcp',
  Initiated: 'false',
  SourceIp: '10.9.8.7',
  SourcePort: '50123',
  DestinationIp: '10.9.8.6',
  DestinationPort: '49667',
}

const KEY = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tasks\\{1-2}'

const ACTIONS: Json = {
  EventType: 'SetValue',
  Image: 'C:\\Windows\\System32\\svchost.exe',
  TargetObject: `${KEY}\\Actions`,
  Details: 'Binary Data',
}

/** A connection to the task scheduler's port, then the write of a task's actions. */
export const remoteCreation = (
  connection: Json = {},
  actions: Json = {},
  [first, second]: readonly [number, number] = [10, 11],
): [Json, Json] => [sysmon(3, first, { ...CONNECTION, ...connection }), sysmon(13, second, { ...ACTIONS, ...actions })]

/** Name, records, and how often the sequence matches them. */
export const REMOTE_CREATION_CASES: readonly (readonly [string, Json[], number])[] = [
  ['as it should be', remoteCreation(), 1],
  ['near the end of the span', remoteCreation({}, {}, [0, 59]), 1],
  ['image in other case', remoteCreation({ Image: 'C:\\WINDOWS\\system32\\SVCHOST.EXE' }), 1],
  ['the lowest ports', remoteCreation({ SourcePort: '49152', DestinationPort: '49152' }), 1],
  ['one second beyond the span', remoteCreation({}, { UtcTime: '2031-03-04 05:07:01.000' }, [0, 1]), 0],
  ['another process', remoteCreation({}, { ProcessGuid: '{other}' }), 0],
  ['a process that is not known', remoteCreation({ ProcessGuid: '-' }, { ProcessGuid: '-' }), 0],
  ['another host', remoteCreation({}, { Hostname: 'DESK8' }), 0],
  ['the other way round', remoteCreation({}, {}, [12, 11]), 0],
  ['a connection out', remoteCreation({ Initiated: 'true' }), 0],
  ['a low source port', remoteCreation({ SourcePort: '49151' }), 0],
  ['a low destination port', remoteCreation({ DestinationPort: '135' }), 0],
  ['another image', remoteCreation({ Image: 'C:\\Windows\\System32\\lsass.exe' }), 0],
  ['from 127.0.0.1', remoteCreation({ SourceIp: '127.0.0.1' }), 0],
  ['from ::1, spelt in full', remoteCreation({ SourceIp: '0:0:0:0:0:0:0:1' }), 0],
  ['another value', remoteCreation({}, { TargetObject: `${KEY}\\Hash` }), 0],
  ['another key', remoteCreation({}, { TargetObject: 'HKLM\\SOFTWARE\\Vendor\\Actions' }), 0],
]
