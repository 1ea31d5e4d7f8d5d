/** TaskScheduler, PowerShell and System to ECS: channels of which the vendor maps little or nothing. */
import { long } from './convert.ts'
import type { ChannelTable } from './table.ts'

/** No pipeline of the vendor's reads this channel: its fields stay `winlog.event_data.TaskName` and so on. */
export const taskScheduler: ChannelTable = {
  channel: 'Microsoft-Windows-TaskScheduler/Operational',
  index: 'logs-windows.taskscheduler_operational-default',
  module: 'windows',
  dataset: 'windows.taskscheduler_operational',
  provider: 'Microsoft-Windows-TaskScheduler',
  source: 'Microsoft-Windows-TaskScheduler event manifest: names of the events',
  keep: true,
  events: {
    100: { action: 'Task Started' },
    102: { action: 'Task completed' },
    106: { action: 'Task registered' },
    129: { action: 'Created Task Process' },
    140: { action: 'Task registration updated' },
    141: { action: 'Task registration deleted' },
    200: { action: 'Action started' },
    201: { action: 'Action completed' },
  },
  rows: [],
}

/** A line such as `Host Application = …` of the 4103 context; undefined when it is missing. */
const contextLine = (name: string) => (text: string) =>
  new RegExp(`^[ \\t]*${name} = (.*?)[ \\t\\r]*$`, 'm').exec(text)?.[1] || undefined

export const powershell: ChannelTable = {
  channel: 'Microsoft-Windows-PowerShell/Operational',
  index: 'logs-windows.powershell_operational-default',
  module: 'windows',
  dataset: 'windows.powershell_operational',
  provider: 'Microsoft-Windows-PowerShell',
  source: 'elastic/integrations: packages/windows/data_stream/powershell_operational, ingest pipeline',
  keep: false,
  events: {
    4103: { category: ['process'], type: ['info'], action: 'Executing Pipeline' },
    4104: { category: ['process'], type: ['info'], action: 'Execute a Remote Command' },
  },
  rows: [
    { from: 'ScriptBlockText', to: 'powershell.file.script_block_text', only: [4104] },
    { from: 'ScriptBlockId', to: 'powershell.file.script_block_id', only: [4104] },
    { from: 'MessageNumber', to: 'powershell.sequence', as: long, only: [4104] },
    { from: 'MessageTotal', to: 'powershell.total', as: long, only: [4104] },
    { from: 'Path', to: 'file.path', only: [4104] },
    { from: 'ContextInfo', to: 'process.command_line', as: contextLine('Host Application'), only: [4103], keep: true },
  ],
}

/** The vendor's pipeline for this channel gives no category; rules read `event.code` and the raw fields. */
export const system: ChannelTable = {
  channel: 'System',
  index: 'logs-system.system-default',
  module: 'system',
  dataset: 'system.system',
  provider: 'Service Control Manager',
  source: 'elastic/integrations: packages/system/data_stream/system, ingest pipeline',
  keep: true,
  events: { 7045: { action: 'service-installed' } },
  rows: [],
}
