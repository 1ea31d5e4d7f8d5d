/** `tocsin siem serve`: the embedded SIEM on a port, for other programs. */
import type { Command } from 'commander'
import { systemClock } from '../clock/system-clock.ts'
import { FolderError } from '../siem/embedded/durable/folder-error.ts'
import { startEmbeddedSiem } from '../siem/embedded/server.ts'
import { type Io, UsageError } from './io.ts'

const DEFAULT_PORT = 9250

interface ServeOptions {
  port: string
  host: string
  data?: string
  auth: boolean
}

export function register(program: Command, io: Io): void {
  const siem = program.command('siem').description('The embedded SIEM.')
  siem
    .command('serve')
    .description('Serves the APIs of Elasticsearch and Kibana on one port until it is stopped.')
    .option('--port <number>', 'port to listen on; 0 takes a free one', String(DEFAULT_PORT))
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--data <folder>', 'keep what was acknowledged in this folder; without it everything is forgotten')
    .option('--no-auth', 'let anybody ask, with any Authorization header or none')
    .addHelpText('after', '\nExample:\n  tocsin siem serve --port 0 --data ./siem-data\n')
    .action((options: ServeOptions) => serve(options, io))
}

async function serve(options: ServeOptions, io: Io): Promise<void> {
  const port = Number(options.port)
  if (!/^\d+$/.test(options.port) || port > 65_535) {
    throw new UsageError(`--port: ${options.port} is no port; give a number from 0 to 65535`)
  }
  const server = await started(options, port)
  const stopped = new Promise<void>((resolve) => {
    const release = io.onInterrupt(() => {
      release()
      resolve()
    })
  })
  io.stdout.write(`${JSON.stringify({ url: server.url, apiKey: server.apiKey })}\n`)
  await stopped
  await server.stop()
}

async function started({ host, data, auth }: ServeOptions, port: number) {
  try {
    return await startEmbeddedSiem({
      clock: systemClock(),
      host,
      port,
      auth,
      ...(data === undefined ? {} : { dataDir: data }),
    })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new UsageError(`${host}:${port} is in use; choose another port, or 0 for a free one`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new UsageError(`${host} is no address of this machine`)
    if (code === 'EACCES' || code === 'EPERM' || code === 'ENOTDIR' || code === 'EROFS' || error instanceof FolderError)
      throw new UsageError(message)
    throw error
  }
}
