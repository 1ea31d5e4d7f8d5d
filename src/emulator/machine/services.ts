/** The processes that every host runs from its start, and the ports they listen on. */

import type { Clock } from '../../model/clock.ts'
import type { LogonSession } from './accounts.ts'
import { NETWORK_SERVICE } from './accounts.ts'
import { binaryNamed } from './binaries.ts'
import type { HostProcess, ProcessTable } from './process.ts'
import type { Sessions } from './sessions.ts'
import { Timeline } from './timeline.ts'

export interface Services {
  /** The kernel, which serves SMB and HTTP. */
  system: HostProcess
  /** RPC endpoint mapper, port 135. */
  rpc: HostProcess
  /** DCOM launcher, parent of provider hosts. */
  launcher: HostProcess
  schedule: HostProcess
  winmgmt: HostProcess
  sshd: HostProcess
}

export interface ServicePorts {
  schedule: number
  winmgmt: number
}

/** Parent names come first; `svchost` services are told apart by their command line, as on a host with enough memory. */
const BOOT = [
  { key: 'system', image: 'System', commandLine: '', parent: null },
  { key: 'wininit', image: 'wininit.exe', commandLine: 'wininit.exe', parent: 'system' },
  { key: 'services', image: 'services.exe', commandLine: 'C:\\Windows\\system32\\services.exe', parent: 'wininit' },
  { key: 'lsass', image: 'lsass.exe', commandLine: 'C:\\Windows\\system32\\lsass.exe', parent: 'wininit' },
  { key: 'launcher', image: 'svchost.exe', commandLine: svchost('DcomLaunch -p'), parent: 'services' },
  { key: 'rpc', image: 'svchost.exe', commandLine: svchost('RPCSS -p'), parent: 'services', network: true },
  { key: 'schedule', image: 'svchost.exe', commandLine: svchost('netsvcs -p -s Schedule'), parent: 'services' },
  { key: 'winmgmt', image: 'svchost.exe', commandLine: svchost('netsvcs -p -s Winmgmt'), parent: 'services' },
  { key: 'sshd', image: 'sshd.exe', commandLine: 'C:\\Windows\\System32\\OpenSSH\\sshd.exe', parent: 'services' },
] as const

function svchost(group: string): string {
  return `C:\\Windows\\system32\\svchost.exe -k ${group}`
}

export function bootServices(table: ProcessTable, sessions: Sessions, bootedAt: number, clock: Clock): Services {
  const started: Record<string, HostProcess> = {}
  for (const [index, entry] of BOOT.entries()) {
    const network = 'network' in entry
    const session: LogonSession = network ? sessions.service(NETWORK_SERVICE) : sessions.system
    const binary = binaryNamed(entry.image)
    const startedAt = bootedAt + index * 100
    const process: HostProcess = {
      pid: entry.key === 'system' ? 4 : table.nextPid(),
      guid: table.guidFor(startedAt),
      image: binary.paths[0] ?? entry.image,
      binary,
      commandLine: entry.commandLine,
      workingDirectory: 'C:\\Windows\\system32\\',
      session,
      parent: entry.parent === null ? null : (started[entry.parent] ?? null),
      timeline: new Timeline(clock, startedAt),
      startedAt,
      endedAt: null,
      killer: new AbortController(),
      closers: [],
    }
    table.add(process)
    started[entry.key] = process
  }
  return started as unknown as Services
}

/** Two listening ports a little above the low end of the range, where services that start early get theirs. */
export function servicePorts([low, high]: [number, number]): ServicePorts {
  const span = Math.max(1, high - low)
  return { schedule: low + Math.min(519, span - 1), winmgmt: low + Math.min(522, span) }
}
