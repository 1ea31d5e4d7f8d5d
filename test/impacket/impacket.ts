/** What Debian's python3-impacket has: a real client and a real endpoint of ITaskSchedulerService, and names of operations. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { home } from '../cli/tocsin.ts'

const script = (name: string) => join(home, 'test', 'impacket', name)

/** Debian's packages belong to the system's Python, which need not be the first on the PATH. */
const python = ['/usr/bin/python3', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import impacket.dcerpc.v5.tsch']).status === 0,
)

export const impacketMissing = python === undefined ? 'no python3 has impacket: install python3-impacket' : null

/** The command of a step that registers so many tasks. */
export const clientCommand = (sourcePort: number, port: number, times = 1): string =>
  `${python} '${script('client.py')}' ${sourcePort} ${port} ${times}`

/** Resolves when it listens; gives what stops it. */
export async function startEndpoint(port: number): Promise<() => Promise<void>> {
  const child = spawn(python!, [script('endpoint.py'), String(port)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', (code) => reject(new Error(`the endpoint ended with ${code}`)))
  })
  return () => {
    child.stdin.end()
    return ended
  }
}

export interface KnownOperation {
  module: string
  /** Interfaces of the module; empty of those of COM. */
  uuids: string[]
  /** Of COM's behind the interface's name and `_`. */
  name: string
  opnum: number
}

/** Every operation that it can call. */
export function knownOperations(): KnownOperation[] {
  const found: [string, string[], string, number][] = JSON.parse(
    execFileSync(python!, [script('operations.py')], { encoding: 'utf8' }),
  )
  return found.map(([module, uuids, name, opnum]) => ({ module, uuids, name, opnum }))
}

/** An SMB server and its client, of version 1 or 2, on an address of loopback: a bind and a call through `\\PIPE\\atsvc`. */
export function callThroughPipe(address: string, version: 1 | 2, port: number): void {
  execFileSync(python!, [script('pipe.py'), address, String(version), String(port)], { timeout: 30_000, stdio: 'pipe' })
}
