/** Emulated hosts for the tests, with SSH clients on them. */
import ssh2, { type Client, type ConnectConfig } from 'ssh2'
import { systemClock } from '../../src/clock/system-clock.ts'
import { type EmulatedLab, type EmulatedLabOptions, startEmulatedLab } from '../../src/emulator/lab.ts'
import type { RawRecord, WindowsRecord } from '../../src/emulator/sensors/record.ts'
import { Host } from '../../src/model/lab.ts'
import { createCaptureDecoder } from '../../src/wire/decode-capture.ts'

export const PASSWORD = 'Correct-Horse-7'

export interface Result {
  /** Null when there was no exit status. */
  exitCode: number | null
  stdout: string
  stderr: string
}

export interface TestLab extends EmulatedLab {
  /** What the hosts' sensors shipped, and what the network sensor's capture holds, as it was decoded. */
  records: RawRecord[]
  /** What the network sensor captured, as a pcap file: its header, then frame by frame. */
  capture: Buffer[]
  /** Records of Windows hosts, in the order in which they were shipped. */
  events(): WindowsRecord[]
  connect(host: string, more?: Partial<ConnectConfig>): Promise<Client>
  /** Runs a command on a host over a connection that is kept; standard input is ended after `stdin`. */
  run(host: string, command: string, stdin?: string): Promise<Result>
}

type EmulatedInput = Parameters<typeof Host.parse>[0]

/** Starts hosts; each entry is what its lab file would say, role, user and password left out. `deaf`: without a network sensor. */
export async function startTestLab(
  hosts: Record<string, Record<string, unknown>>,
  { deaf, ...more }: Partial<EmulatedLabOptions> & { deaf?: true } = {},
): Promise<TestLab> {
  const records: RawRecord[] = []
  const capture: Buffer[] = []
  const decoder = createCaptureDecoder({
    onEvent: ({ document }) => void records.push({ shape: 'network', document }),
  })
  const listen = (bytes: Buffer) => {
    capture.push(bytes)
    decoder.push(bytes)
  }
  const parsed = Object.entries(hosts).map(([name, host]) => {
    const input: EmulatedInput = { role: 'any', user: 'operator', password: PASSWORD, emulated: {}, ...host }
    return [name, Host.parse(input)] as const
  })
  const lab = await startEmulatedLab({
    hosts: Object.fromEntries(parsed),
    ...(deaf ? {} : { capture: listen }),
    clock: systemClock(),
    ship: async (shipped) => void records.push(...shipped),
    ...more,
  })
  const clients = new Map<string, Promise<Client>>()
  const open: Client[] = []
  const connect = (name: string, config: Partial<ConnectConfig> = {}): Promise<Client> => {
    const { address, port, user, password } = lab.hosts[name]!
    return new Promise((resolve, reject) => {
      const client = new ssh2.Client()
      open.push(client)
      client
        .on('ready', () => resolve(client.setNoDelay(true)))
        .on('error', reject)
        .connect({ host: address, port, username: user, password, ...config })
    })
  }
  return {
    ...lab,
    records,
    capture,
    events: () => records.filter((record): record is WindowsRecord => !('shape' in record)),
    connect,
    async run(name, command, stdin = '') {
      if (!clients.has(name)) clients.set(name, connect(name))
      return execute(await clients.get(name)!, command, stdin)
    },
    async stop() {
      for (const client of open) client.end()
      await lab.stop()
    },
  }
}

/** Runs a command; `stdin` null leaves standard input open. */
export function execute(client: Client, command: string, stdin: string | null = ''): Promise<Result> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error)
      const result: Result = { exitCode: null, stdout: '', stderr: '' }
      channel.on('data', (data: Buffer) => {
        result.stdout += data.toString('latin1')
      })
      channel.stderr.on('data', (data: Buffer) => {
        result.stderr += data.toString('latin1')
      })
      channel.on('exit', (code: number | null) => {
        result.exitCode = code
      })
      channel.on('close', () => resolve(result))
      if (stdin !== null) channel.end(stdin)
    })
  })
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
