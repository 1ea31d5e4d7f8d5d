/** Runs commands on hosts over SSH. */
import type { NamedHost, RunningCommand, Transport } from '../engine/ports.ts'
import { Slots } from './slots.ts'
import { SshHost } from './ssh/ssh-host.ts'
import { startOverSsh } from './ssh/start.ts'

/** OpenSSH turns connections away when 10 of them have not logged in yet (MaxStartups). */
const CONNECTING_AT_ONCE = 4

export interface SshTransportOptions {
  /** Real milliseconds until a host that does not answer counts as down; default 15 s. */
  connectTimeoutMs?: number
  /** Real milliseconds between signs of life; three that stay unanswered are a lost connection; default 5 s. */
  keepaliveMs?: number
}

/**
 * One connection a host, shared by all its commands, of which `concurrency` (default 8) run at once. A host without a
 * pinned key, or with another one, is `unreachable`, and nothing is sent to it, the password included. Passwords are taken
 * from the host as they are: `env:NAME` is resolved by the caller. What `start` started is ended by `close`.
 */
export function createSshTransport({
  connectTimeoutMs = 15_000,
  keepaliveMs = 5_000,
}: SshTransportOptions = {}): Transport {
  const hosts = new Map<string, SshHost>()
  const started = new Set<RunningCommand>()
  const connectingTo = new Map<string, Slots>()
  const hostFor = (host: NamedHost): SshHost => {
    const known = hosts.get(host.name)
    if (known !== undefined) return known
    const added = new SshHost(host, { connectTimeoutMs, keepaliveMs })
    hosts.set(host.name, added)
    return added
  }
  return {
    run: (host, command, options) => hostFor(host).run(command, options),
    async start(host, command, listener) {
      const connecting = connectingTo.get(host.name) ?? new Slots(CONNECTING_AT_ONCE)
      connectingTo.set(host.name, connecting)
      await connecting.take()
      const running = await startOverSsh(host, command, listener, { connectTimeoutMs, keepaliveMs }).finally(() =>
        connecting.release(),
      )
      started.add(running)
      void running.ended.then(() => started.delete(running))
      return running
    },
    async close() {
      await Promise.all([...started].map((running) => running.kill()))
      await Promise.all([...hosts.values()].map((host) => host.close()))
      hosts.clear()
    },
  }
}
