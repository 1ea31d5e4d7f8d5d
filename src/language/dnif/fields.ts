/**
 * DNIF's names in ECS. DNIF publishes no list of fields for Sysmon: the meaning of each name is what MITRE CAR's
 * implementations use it for next to their pseudocode (CAR-2013-02-003, -03-001, -04-002, -05-002, -05-004, -08-001,
 * -07-005), and of the addresses and users what DNIF's data models say (dnif.it/docs/explore/DDM).
 */
import type { Dialect } from '../dialect/dialect.ts'
import { SYSMON, SYSMON_CATEGORY } from '../dialect/sysmon.ts'

export const DNIF: Dialect = {
  product: 'DNIF',
  sourceField: 'LogName',
  eventIdField: 'EventID',
  sources: [
    {
      value: 'WINDOWS-SYSMON',
      providers: [SYSMON],
      categories: SYSMON_CATEGORY,
      fields: [
        { name: 'App', ecs: 'process.name' },
        // CAR searches it for switches and arguments: it is the command line, not the image.
        { name: 'Process', ecs: 'process.command_line' },
        { name: 'ParentProcess', ecs: 'process.parent.command_line' },
        { name: 'CPID', ecs: 'process.pid' },
        { name: 'PPID', ecs: 'process.parent.pid' },
        { name: 'SystemName', ecs: 'host.name' },
        { name: 'User', ecs: 'user.name' },
        { name: 'HashMD5', ecs: 'process.hash.md5' },
        { name: 'HashSHA1', ecs: 'process.hash.sha1' },
        { name: 'HashSHA256', ecs: 'process.hash.sha256' },
        { name: 'SrcIP', ecs: 'source.ip' },
        { name: 'SrcPort', ecs: 'source.port' },
        { name: 'DstIP', ecs: 'destination.ip' },
        { name: 'DstPort', ecs: 'destination.port' },
        { name: 'Proto', ecs: 'network.transport' },
      ],
    },
  ],
  refused: {
    Duration: 'chooses a stretch of time before now; here the events that are given are the time: leave it out',
    Stream: 'names a store of DNIF, which events do not carry: leave it out',
  },
}
