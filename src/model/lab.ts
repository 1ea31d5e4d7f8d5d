/** A lab: an inventory of hosts with roles, and its SIEM. */
import { z } from 'zod'
import { Duration } from './duration.ts'
import { Id } from './words.ts'

const Port = z.int().min(1).max(65_535)

/** Minutes and hours east of UTC, such as `+05:45`. */
const TimeZoneOffset = z.string().regex(/^[+-]\d\d:\d\d$/, 'an offset from UTC is written +02:00 or -03:30')

/** What an emulated host is like. Nothing here says what a detection should do. */
export const EmulatedHost = z.strictObject({
  kind: z.enum(['workstation', 'server']).default('server'),
  sensors: z
    .enum(['good', 'stock', 'audit', 'none'])
    .default('good')
    .describe(
      'good: Sysmon as it should be, and audit; stock: a common Sysmon configuration, no task audit; audit: Security log only',
    ),
  firewall: z.strictObject({ remoteTasks: z.boolean().default(true) }).default({ remoteTasks: true }),
  rpc: z
    .strictObject({
      overTcp: z.boolean().default(true).describe('false: DisableRpcOverTcp=1 on the Task Scheduler service'),
      dynamicPorts: z
        .tuple([Port, Port])
        .default([49_152, 65_535])
        .describe('range the host takes RPC and source ports from'),
    })
    .default({ overTcp: true, dynamicPorts: [49_152, 65_535] }),
  wire: z
    .strictObject({
      observed: z
        .boolean()
        .default(true)
        .describe('false: the network sensor does not hear it; what it exchanges with another such host is not seen'),
      gateway: z
        .strictObject({ ip: z.ipv4(), ports: z.tuple([Port, Port]) })
        .optional()
        .describe('translates addresses: its connections show the address of the gateway and a port of this range'),
    })
    .default({ observed: true }),
  skewMs: z.int().default(0).describe("how far the host's clock is ahead of the lab's"),
  eid3DriftMs: z.int().default(0).describe('how far the UtcTime of Sysmon 3 lags the connection'),
  ip: z.ipv4().optional().describe('address that its telemetry shows'),
  timeZoneOffset: TimeZoneOffset.default('+00:00'),
  codePage: z.int().default(437).describe('OEM code page of console output'),
  defaultShell: z.enum(['cmd', 'powershell']).default('cmd').describe("OpenSSH's DefaultShell"),
  loggedOn: z.array(z.string()).default([]).describe('users with an interactive session'),
  faults: z
    .strictObject({
      maxSessions: z.int().min(1).optional().describe('sessions one SSH connection may hold; default 10, as OpenSSH'),
      dropAfterCommands: z
        .int()
        .min(0)
        .optional()
        .describe('the connection is lost during the command after this many'),
      noExitStatus: z.boolean().optional(),
      hang: z.boolean().optional().describe('commands start and never end'),
      ingestDelayMs: z.int().min(0).optional().describe('telemetry arrives this much later'),
    })
    .default({}),
})
export type EmulatedHost = z.infer<typeof EmulatedHost>

/** Letters and digits first: no value of it can be taken for an option of the capture program. */
const InterfaceName = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:@-]*$/, 'a network interface is named like eth1, br0.20 or any')

/** Most that one test's capture may hold, bytes. */
const LARGEST_CAPTURE = 64 * 1024 * 1024

/** What makes a host a sensor: where and how it captures the traffic of a test, while the test runs. */
export const Sensor = z.strictObject({
  interface: InterfaceName.describe("the interface that sees the hosts' traffic: a mirror port, a bridge"),
  tool: z.enum(['tcpdump', 'dumpcap']).default('tcpdump'),
  sudo: z
    .boolean()
    .default(false)
    .describe('tcpdump by `sudo -n`, for a user who may not capture; dumpcap has rights of its own'),
  filter: z
    .string()
    .trim()
    .min(1)
    .max(2_000)
    .regex(/^[\x20-\x7e]+$/, 'a capture filter is one line of plain text')
    .optional()
    .describe("what packets must meet besides being TCP from or to the test's hosts, in pcap-filter(7)'s words"),
  vlan: z.boolean().default(false).describe('packets reach the interface with their VLAN tags on'),
  maxBytes: z.int().min(4_096).max(1_073_741_824).default(LARGEST_CAPTURE).describe('most that one test may capture'),
  maxTime: Duration.default('30m').describe('longest that one capture may go on, real time'),
  ship: z
    .boolean()
    .optional()
    .describe(
      'write its events into the SIEM, so that rules see them; default: only if the run starts the SIEM itself',
    ),
  namespace: Id.default('default').describe('its events go to logs-network_traffic.dcerpc-<namespace>'),
})
export type Sensor = z.infer<typeof Sensor>

const HostFields = z.strictObject({
  role: z.union([Id, z.array(Id).min(1)]).describe('source, target, or a role that scenarios name'),
  hostname: z.string().optional().describe("the name its telemetry carries as host.name; default: this host's key"),
  domain: z.string().optional(),
  os: z.enum(['windows', 'linux', 'macos']).default('windows'),
  transport: z.enum(['ssh', 'local-shell', 'local-powershell']).default('ssh'),
  address: z.string().optional(),
  ip: z
    .union([z.ipv4(), z.ipv6()])
    .optional()
    .describe('address that its traffic carries, where `address` is a name or another one'),
  port: Port.optional(),
  user: z.string().optional(),
  password: z.string().optional().describe('the password, or env:NAME to read it from the environment'),
  key: z.string().optional().describe('path of a private key'),
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, 'a host key is pinned as SHA256:…, as ssh-keygen -l prints it')
    .optional(),
  timeZoneOffset: TimeZoneOffset.optional().describe(
    "how far the host's wall clock is ahead of UTC, for {{role.time}}; default +00:00; emulated hosts have their own",
  ),
  concurrency: z.int().min(1).optional().describe('steps that may run on it at once; default 8 for SSH'),
  emulated: EmulatedHost.optional().describe(
    'present: this host is emulated; without a port it is started with the run',
  ),
  sensor: Sensor.optional().describe('present: this host captures the traffic of tests whose analytics read it'),
})

/** What a host with a `sensor` must be, by key, and what to write. */
const OF_SENSORS: { key: 'os' | 'transport' | 'emulated'; holds: (host: Host) => boolean; message: string }[] = [
  { key: 'os', holds: ({ os }) => os === 'linux', message: 'a sensor runs Linux: write os: linux' },
  { key: 'transport', holds: ({ transport }) => transport === 'ssh', message: 'a sensor is reached by ssh' },
  { key: 'emulated', holds: ({ emulated }) => emulated === undefined, message: 'an emulated host is no sensor' },
]

export const Host = HostFields.superRefine((host, { addIssue }) => {
  if (host.sensor === undefined) return
  for (const { key, holds, message } of OF_SENSORS) {
    if (!holds(host)) addIssue({ code: 'custom', path: [key], message })
  }
  if (host.sensor.sudo && host.sensor.tool === 'dumpcap') {
    const message = 'dumpcap needs no sudo: put the user into the group that may run it'
    addIssue({ code: 'custom', path: ['sensor', 'sudo'], message })
  }
})
export type Host = z.infer<typeof HostFields>

const LabSiem = z.strictObject({
  url: z.url().optional().describe('default: the embedded SIEM, started with the run'),
  apiKey: z.string().optional().describe('the key, or env:NAME'),
  username: z.string().optional(),
  password: z.string().optional(),
  kibana: z.url().optional().describe('default: the same address as url'),
  space: Id.optional(),
  detection: z
    .strictObject({ interval: Duration })
    .optional()
    .describe('emulated labs: interval of every rule, in place of its own'),
})

const LabClock = z.strictObject({
  scale: z.number().positive().default(1).describe('lab seconds a real second'),
  origin: z.iso.datetime().optional().describe('the real instant at which lab time and real time agree'),
})

export const Lab = z.strictObject({
  name: z.string().optional(),
  hosts: z.record(Id, Host),
  networkSensor: z.boolean().default(true),
  clock: LabClock.optional(),
  siem: LabSiem.default({}),
  authorization: z.string().optional().describe('path of the authorization file, from the lab file'),
})
export type Lab = z.infer<typeof Lab>

/** The roles of a host, as a list. */
export const rolesOf = (host: Host): string[] => (typeof host.role === 'string' ? [host.role] : host.role)

const THIS_MACHINE = /^(localhost|127(\.\d{1,3}){3}|::1)$/i

/** An emulated host answers on this machine; one that claims to be emulated somewhere else is taken for a real one. */
export const isEmulated = ({ emulated, address }: Host): boolean =>
  emulated !== undefined && (address === undefined || THIS_MACHINE.test(address))
