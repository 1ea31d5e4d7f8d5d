/** Starts what a lab file leaves to the run: emulated hosts without a port, a SIEM without an address. */
import { anchoredClock } from '../../clock/anchored-clock.ts'
import { LeapingClock } from '../../clock/leaping-clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import { startEmulatedLab } from '../../emulator/lab.ts'
import { powershell } from '../../emulator/powershell/powershell.ts'
import { createShipper } from '../../emulator/shipper.ts'
import type { NamedHost, Siem } from '../../engine/ports.ts'
import type { Analytic } from '../../model/analytic.ts'
import type { Clock } from '../../model/clock.ts'
import { type Host, isEmulated, type Lab } from '../../model/lab.ts'
import type { LabKind } from '../../model/words.ts'
import type { ElasticConnection } from '../../siem/elastic/connection.ts'
import { ElasticSiem } from '../../siem/elastic/elastic-siem.ts'
import { prepareSiem } from '../../siem/elastic/prepare.ts'
import { startEmbeddedSiem } from '../../siem/embedded/server.ts'
import { ecsIndexTemplate } from '../../telemetry/ecs-template.ts'
import { normalise } from '../../telemetry/normalise.ts'
import { UsageError } from '../io.ts'
import { type EmulatedSensor, emulatedSensor } from './emulated-sensor.ts'

export interface OpenLab {
  /** The lab as it now is: every host with address, port and host key, the SIEM with its address and key. */
  lab: Lab
  kind: LabKind
  clock: Clock
  siem: Siem
  /** The sensor on the wire of the emulated hosts; null where there is none. */
  sensor: EmulatedSensor | null
  /** Lab seconds a real second; for a clock that leaps the mean since the lab was opened. */
  timeScale(): number
  stop(): Promise<void>
}

export interface OpenLabOptions {
  lab: Lab
  /** Whose rules an embedded SIEM gets. */
  analytics: Analytic[]
  /** Where hosts and SIEM keep their state; without it they forget everything with the process. */
  dataDir?: string
  /** The clock to run on; default: what the lab file asks for. */
  clock?: Clock
  /** Port and key of the SIEM that is started; default: a free port, a random key. */
  siem?: { port: number; apiKey?: string }
  /** Told, once for each kind of trouble, why telemetry of emulated hosts does not reach the SIEM. */
  onTrouble?: (reason: string) => void
}

/** Starts the lab. On failure everything that was started is stopped again. */
export async function openLab(options: OpenLabOptions): Promise<OpenLab> {
  const { lab, analytics, dataDir } = options
  const clock = options.clock ?? clockOf(lab)
  const from = { lab: clock.now(), real: Date.now() }
  const stops: (() => Promise<void> | void)[] = []
  let sensor: EmulatedSensor | null = null
  const stop = async () => {
    for (const each of stops.reverse()) await each()
    stops.length = 0
  }
  try {
    const siem = lab.siem.url === undefined ? await startSiem() : lab.siem
    const hosts = await startHosts(siem)
    const adapter = new ElasticSiem(connectionOf(siem))
    stops.push(() => adapter.close())
    return {
      lab: { ...lab, siem, hosts },
      kind: kindOf(lab),
      clock,
      siem: adapter,
      sensor,
      timeScale: () => Math.max(0, (clock.now() - from.lab) / Math.max(1, Date.now() - from.real)),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }

  async function startSiem(): Promise<Lab['siem']> {
    const server = await startEmbeddedSiem({
      clock,
      auth: true,
      port: options.siem?.port ?? 0,
      ...(options.siem?.apiKey === undefined ? {} : { apiKey: options.siem.apiKey }),
      ...(dataDir === undefined ? {} : { dataDir: `${dataDir}/siem` }),
    })
    stops.push(() => server.stop())
    if (clock instanceof LeapingClock) stops.push(() => clock.stop())
    const siem = { ...lab.siem, url: server.url, ...(server.apiKey === null ? {} : { apiKey: server.apiKey }) }
    await prepareSiem(connectionOf(siem), {
      template: ecsIndexTemplate(),
      analytics,
      interval: lab.siem.detection?.interval,
    })
    return siem
  }

  async function startHosts(siem: Lab['siem']): Promise<Lab['hosts']> {
    const toStart = Object.fromEntries(Object.entries(lab.hosts).filter(([, host]) => startedHere(host)))
    if (Object.keys(toStart).length === 0) return lab.hosts
    const shipper = createShipper({
      url: siem.url!,
      apiKey: siem.apiKey ?? null,
      normalise: (record) => normalise(record as Record<string, unknown>),
      clock,
      ...(options.onTrouble === undefined ? {} : { onTrouble: options.onTrouble }),
    })
    stops.push(() => shipper.stop())
    sensor = lab.networkSensor ? emulatedSensor(shipper) : null
    stops.push(() => sensor?.end())
    const emulated = await startEmulatedLab({
      hosts: toStart,
      ...(sensor === null ? {} : { capture: sensor.capture }),
      clock,
      programs: { 'powershell.exe': powershell },
      ship: (records, delayMs) => shipper.ship(records, delayMs),
      ...(dataDir === undefined ? {} : { dataDir: `${dataDir}/hosts` }),
    })
    stops.push(() => emulated.stop())
    return Object.fromEntries(
      Object.entries(lab.hosts).map(([name, host]): [string, Host] => {
        const started = emulated.hosts[name]
        if (started === undefined) return [name, host]
        const { ip, hostKey, ...reached } = started
        // A host key that the lab file pins stays pinned: a host that shows another one is refused.
        return [name, { ...host, ...reached, hostKey: host.hostKey ?? hostKey, emulated: { ...host.emulated!, ip } }]
      }),
    )
  }
}

/** Emulated, and nobody else runs it. */
const startedHere = (host: Host): boolean => host.emulated !== undefined && host.port === undefined

/** How to reach a SIEM whose address is known. */
export const connectionOf = (siem: Lab['siem']): ElasticConnection => ({
  url: siem.url!,
  kibana: siem.kibana,
  space: siem.space,
  apiKey: siem.apiKey,
  username: siem.username,
  password: siem.password,
})

/** The hosts of a lab with their names. */
export const namedHosts = (lab: Lab): NamedHost[] =>
  Object.entries(lab.hosts).map(([name, host]) => ({ ...host, name }))

/** One host that is not emulated makes a lab a real one. */
function kindOf(lab: Lab): LabKind {
  return Object.values(lab.hosts).every(isEmulated) ? 'emulated' : 'real'
}

/** Time leaps only where every part of the lab reads this process's clock. */
function clockOf(lab: Lab): Clock {
  const anchored = anchoredClock(lab)
  if (anchored !== null) return anchored
  const { clock, siem, hosts } = lab
  if (siem.url === undefined && Object.values(hosts).every(startedHere)) return new LeapingClock()
  if (clock !== undefined && clock.scale !== 1) {
    throw new UsageError('clock.scale needs clock.origin: hosts and SIEM that run elsewhere must read the same time')
  }
  return systemClock()
}
