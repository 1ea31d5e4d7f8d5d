/** The Security log to ECS. */
import { address } from './address.ts'
import { commandLine } from './command-line.ts'
import { hexOrLong, knownSid, logonType, platformDirection, port, program, protocolNumber, words } from './convert.ts'
import type { ChannelTable, EventClass } from './table.ts'

const ecsAllowedValues = 'elastic/ecs: allowed values of event.category and event.type; the pipeline has no row'

const task = (type: string, verb: string): EventClass => ({
  category: ['iam', 'configuration'],
  type: [type, 'admin'],
  action: `scheduled-task-${verb}`,
})

/** Events whose user is the account that was logged on or off; in all others it is the subject, who acted. */
const LOGON_EVENTS = [4624, 4625, 4634]
const FILTERING_EVENTS = [5156, 5158]
const SHARE_EVENTS = [5140, 5145]

export const security: ChannelTable = {
  channel: 'Security',
  index: 'logs-system.security-default',
  module: 'system',
  dataset: 'system.security',
  provider: 'Microsoft-Windows-Security-Auditing',
  source: 'elastic/integrations: packages/system/data_stream/security, ingest pipeline',
  keep: true,
  audit: true,
  events: {
    4624: { category: ['authentication'], type: ['start'], action: 'logged-in' },
    4625: { category: ['authentication'], type: ['start'], action: 'logon-failed' },
    4634: { category: ['authentication'], type: ['end'], action: 'logged-out' },
    4648: { category: ['authentication'], type: ['start'], action: 'logged-in-explicit' },
    4672: { category: ['iam'], type: ['admin'], action: 'logged-in-special' },
    4688: { category: ['process'], type: ['start'], action: 'created-process' },
    4689: { category: ['process'], type: ['end'], action: 'exited-process' },
    4697: { category: ['iam', 'configuration'], type: ['admin', 'change'], action: 'service-installed' },
    4698: task('creation', 'created'),
    4699: task('deletion', 'deleted'),
    4700: task('change', 'enabled'),
    4701: task('change', 'disabled'),
    4702: task('change', 'updated'),
    5140: { category: ['network', 'file'], type: ['info', 'access'], action: 'network-share-object-accessed' },
    5145: { category: ['network', 'file'], type: ['info', 'access'], action: 'network-share-object-access-checked' },
    5156: { category: ['network'], type: ['connection', 'allowed'], action: 'windows-firewall-connection' },
    5158: { category: ['network'], type: ['info', 'allowed'], action: 'windows-firewall-bind' },
  },
  rows: [
    { from: 'SubjectUserName', to: 'user.name', except: LOGON_EVENTS },
    { from: 'SubjectDomainName', to: 'user.domain', except: LOGON_EVENTS },
    { from: 'SubjectUserSid', to: 'user.id', except: LOGON_EVENTS },
    { from: 'SubjectLogonId', to: 'winlog.logon.id', except: LOGON_EVENTS },
    { from: 'TargetUserName', to: 'user.name', only: LOGON_EVENTS },
    { from: 'TargetDomainName', to: 'user.domain', only: LOGON_EVENTS },
    { from: 'TargetUserSid', to: 'user.id', only: LOGON_EVENTS },
    { from: 'TargetLogonId', to: 'winlog.logon.id', only: LOGON_EVENTS },
    { from: 'TargetUserName', to: 'user.effective.name', only: [4648, 4688] },
    { from: 'TargetDomainName', to: 'user.effective.domain', only: [4648, 4688] },
    { from: 'TargetUserSid', to: 'user.effective.id', as: knownSid, only: [4648, 4688] },
    { from: 'LogonType', to: 'winlog.logon.type', as: logonType, only: LOGON_EVENTS },
    { from: 'WorkstationName', to: 'source.domain', only: [4624, 4625] },
    { from: 'IpAddress', to: 'source.ip', as: address, only: [4624, 4625, 4648, ...SHARE_EVENTS] },
    { from: 'IpPort', to: 'source.port', as: port, only: [4624, 4625, 4648, ...SHARE_EVENTS] },
    { from: 'PrivilegeList', to: 'winlog.event_data.PrivilegeList', as: words, only: [4672], keep: false },
    { from: 'ProcessId', to: 'process.pid', as: hexOrLong, only: [4624, 4625, 4648, 4689, ...FILTERING_EVENTS] },
    { from: 'ProcessID', to: 'process.pid', as: hexOrLong, only: FILTERING_EVENTS },
    { from: 'ProcessName', to: 'process', as: program, only: [4624, 4625, 4648, 4689] },
    { from: 'NewProcessId', to: 'process.pid', as: hexOrLong, only: [4688] },
    { from: 'NewProcessName', to: 'process', as: program, only: [4688] },
    { from: 'CommandLine', to: 'process', as: commandLine, only: [4688] },
    { from: 'ProcessId', to: 'process.parent.pid', as: hexOrLong, only: [4688] },
    { from: 'ParentProcessName', to: 'process.parent', as: program, only: [4688] },
    { from: 'ServiceName', to: 'service.name', only: [4697] },
    { from: 'Application', to: 'process', as: program, only: FILTERING_EVENTS, source: ecsAllowedValues },
    { from: 'Direction', to: 'network.direction', as: platformDirection, only: [5156], source: ecsAllowedValues },
    { from: 'SourceAddress', to: 'source.ip', as: address, only: FILTERING_EVENTS, source: ecsAllowedValues },
    { from: 'SourcePort', to: 'source.port', as: port, only: FILTERING_EVENTS, source: ecsAllowedValues },
    { from: 'DestAddress', to: 'destination.ip', as: address, only: [5156], source: ecsAllowedValues },
    { from: 'DestPort', to: 'destination.port', as: port, only: [5156], source: ecsAllowedValues },
    { from: 'Protocol', to: 'network', as: protocolNumber, only: FILTERING_EVENTS, source: ecsAllowedValues },
  ],
}
