/** The transport of a lab: each host gets the one that its inventory names. */

import { setMaxListeners } from 'node:events'
import type { Transport } from '../engine/ports.ts'
import type { Host } from '../model/lab.ts'
import { createLocalPowerShellTransport } from './local-powershell.ts'
import { createLocalShellTransport } from './local-shell/local-shell.ts'
import { createSshTransport, type SshTransportOptions } from './ssh.ts'

export interface TransportOptions extends SshTransportOptions {
  /** What commands on this machine find in their environment. */
  environment: NodeJS.ProcessEnv
}

/** Runs a command by its host's `transport`. `close` ends every connection and what still runs on this machine. */
export function createTransport({ environment, ...ssh }: TransportOptions): Transport {
  const transports: Record<Host['transport'], Transport> = {
    ssh: createSshTransport(ssh),
    'local-shell': createLocalShellTransport({ environment }),
    'local-powershell': createLocalPowerShellTransport({ environment }),
  }
  return {
    run(host, command, options) {
      // One run's signal stops every command at once: more listeners than Node takes for a leak.
      if (options.signal !== undefined) setMaxListeners(0, options.signal)
      return transports[host.transport].run(host, command, options)
    },
    start: (host, command, listener) => transports[host.transport].start(host, command, listener),
    async close() {
      await Promise.all(Object.values(transports).map((transport) => transport.close()))
    },
  }
}
