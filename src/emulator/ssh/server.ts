/** OpenSSH for Windows on a loopback port: logs users on and runs what they send. */

import { createHash, timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import ssh2, { type AuthContext, type Connection, type ParsedKey } from 'ssh2'
import { type LogonSession, newSession, splitUser } from '../machine/accounts.ts'
import type { Machine } from '../machine/machine.ts'
import { Timeline } from '../machine/timeline.ts'
import { untilKilled } from '../machine/until-killed.ts'
import { SILENT } from '../shell/io.ts'
import { type SessionState, serveSession } from './session.ts'

export interface SshServer {
  port: number
  stop(): Promise<void>
}

export interface SshOptions {
  machine: Machine
  privateKey: string
  /** The lab's user of this host. */
  user: string
  /** Public keys that may log the user on. */
  authorizedKeys: ParsedKey[]
  /** 0 for any free port. */
  port: number
  /** The address that the host's telemetry shows for whoever connects. */
  controllerIp: string
}

export async function startSshServer(options: SshOptions): Promise<SshServer> {
  const connections = new Set<Connection>()
  const server = new ssh2.Server(
    { hostKeys: [options.privateKey], ident: 'OpenSSH_for_Windows_8.1' },
    (client, info) => {
      connections.add(client)
      client.on('close', () => connections.delete(client))
      // A client that goes away in the middle is no error of the host's.
      client.on('error', () => connections.delete(client))
      serveConnection(client, info.port, options)
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', () => resolve())
  })
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const client of connections) client.end()
      }),
  }
}

function serveConnection(client: Connection, sourcePort: number, options: SshOptions): void {
  // Small answers go out at once. The method is there; the types know it only of clients.
  ;(client as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true)
  const { machine } = options
  let session: LogonSession | null = null
  client.on('authentication', (attempt) => {
    session = authenticate(attempt, options, sourcePort)
    if (session === null) attempt.reject(['publickey', 'password'])
    else attempt.accept()
  })
  client.on('ready', () => {
    const at = machine.clock.now()
    const source = { ip: options.controllerIp, port: sourcePort }
    machine.report({
      kind: 'connection',
      at,
      process: machine.services.sshd,
      direction: 'inbound',
      source,
      destination: { ip: machine.ip, port: 22 },
      established: true,
    })
    machine.report({ kind: 'logon', at, session: session! })
    // Each connection has an sshd of its own, the parent of all that it runs.
    const { process } = machine.launch('"C:\\Windows\\System32\\OpenSSH\\sshd.exe" -R', {
      session: machine.sessions.system,
      parent: machine.services.sshd,
      timeline: new Timeline(machine.clock),
      workingDirectory: 'C:\\Windows\\System32',
      io: SILENT,
      awaited: true,
      program: untilKilled,
    })
    client.on('close', () => machine.processes.kill(process, 255, false))
    const state: SessionState = { machine, server: process, session: session!, open: 0, drop: () => client.end() }
    client.on('session', (accept, reject) => serveSession(accept, reject, state))
  })
  client.on('close', () => {
    if (session !== null) machine.report({ kind: 'logoff', at: machine.clock.now(), session })
  })
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

function authenticate(attempt: AuthContext, options: SshOptions, sourcePort: number): LogonSession | null {
  const { machine } = options
  const source = { ip: options.controllerIp, port: sourcePort }
  if (attempt.method === 'password') {
    const account = machine.authenticate({ user: attempt.username, password: attempt.password })
    if (account === null) return null
    // A logon with a password holds it: what it starts can speak for the user on other hosts.
    const credentials = { user: account.name, domain: account.domain, password: attempt.password }
    return newSession(account, 'network-cleartext', { credentials, source })
  }
  if (attempt.method !== 'publickey') return null
  if (splitUser(attempt.username).name.toLowerCase() !== splitUser(options.user).name.toLowerCase()) return null
  const { data } = attempt.key
  const known = options.authorizedKeys.find((key) =>
    timingSafeEqual(digest(key.getPublicSSH().toString('base64')), digest(data.toString('base64'))),
  )
  if (known === undefined) return null
  // Without a signature the client only asks whether the key would do.
  const signed = attempt.signature !== undefined && attempt.blob !== undefined
  if (signed && known.verify(attempt.blob!, attempt.signature!, attempt.hashAlgo) !== true) return null
  const identity = machine.lookup(attempt.username)
  return identity === null ? null : newSession(identity, 'network', { source })
}
