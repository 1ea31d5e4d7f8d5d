/** Sysmon as ECS documents show it. Source: elastic/integrations, packages/windows/data_stream/sysmon_operational, ingest pipeline. */

export const SYSMON = 'Microsoft-Windows-Sysmon'

/** One value of `event.category` that every event with this id has. */
export const SYSMON_CATEGORY: Readonly<Record<number, string>> = {
  1: 'process',
  2: 'file',
  3: 'network',
  5: 'process',
  6: 'driver',
  7: 'process',
  8: 'process',
  9: 'process',
  10: 'process',
  11: 'file',
  12: 'registry',
  13: 'registry',
  14: 'registry',
  15: 'file',
  17: 'file',
  18: 'file',
  22: 'network',
  23: 'file',
  26: 'file',
}
