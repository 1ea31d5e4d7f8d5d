/** The network sensors of a run: started for each test that needs them, and their clocks known. */
import { isIP } from 'node:net'
import type { Clock } from '../../model/clock.ts'
import { isEmulated } from '../../model/lab.ts'
import type { ClockOffset } from '../../model/run-record.ts'
import type { PlannedTest, SensorHost } from '../plan/planned.ts'
import type { CaptureReader, EvidenceFile, Journal, NamedHost, Transport } from '../ports.ts'
import type { RunOptions } from '../run-options.ts'
import { addressOf } from '../texts.ts'
import { Capture } from './capture.ts'
import { clockOffset } from './clock-offset.ts'
import { filterFor, type OwnConnection } from './filter.ts'
import { SensedTest, type Ship } from './sensed-test.ts'

/** What a run with network sensors takes. */
export interface SensingOptions {
  reader(): CaptureReader
  /** Opens a file of evidence, by its path from the run's folder. */
  keep(path: string): EvidenceFile
  ship: Ship
  /** Connections that the run makes besides those to its hosts: the SIEM's. */
  own: OwnConnection[]
}

interface SensorsContext {
  transport: Transport
  journal: Journal
  clock: Clock
  signal: AbortSignal
  sensing: SensingOptions
  /** Every test of the run. */
  tests: readonly PlannedTest[]
}

/** Real time for which a sensor that could not be reached is not tried again: no test has to wait for it anew. */
const DOWN_MS = 60_000

export class Sensors {
  readonly #context: SensorsContext
  readonly #own: OwnConnection[]
  readonly #offsets = new Map<string, Promise<ClockOffset | null>>()
  readonly #down = new Map<string, { reason: string; until: number }>()

  /** Null where no test needs a sensor. */
  static of(options: RunOptions): Sensors | null {
    const { transport, journal, clock, signal, sensing, plan } = options
    if (sensing === undefined || plan.tests.every(({ sensors }) => sensors.length === 0)) return null
    return new Sensors({ transport, journal, clock, signal, sensing, tests: plan.tests })
  }

  private constructor(context: SensorsContext) {
    this.#context = context
    const hosts = context.tests.flatMap(({ hosts, sensors }) => [...hosts.values(), ...sensors])
    const ssh = [...new Set(hosts)].flatMap((host) => sshOf(host))
    this.#own = unique([...context.sensing.own, ...ssh])
  }

  /** Starts what the test needs and waits until it listens; null when it needs no sensor. Never throws for what sensors do. */
  async begin(planned: PlannedTest): Promise<SensedTest | null> {
    if (planned.sensors.length === 0) return null
    const { clock, sensing } = this.#context
    const sensed = new SensedTest(sensing.ship, () => clock.now())
    await Promise.all(planned.sensors.map((sensor) => this.#begin(planned, sensor, sensed)))
    return sensed
  }

  async #begin(planned: PlannedTest, sensor: SensorHost, sensed: SensedTest): Promise<void> {
    const { transport, journal, clock, signal, sensing } = this.#context
    const down = this.#down.get(sensor.name)
    let offsetMs = 0
    const capture = new Capture(
      { transport, journal, now: () => clock.now(), signal, ...sensing },
      {
        sensor,
        test: planned,
        filter: filterFor(addressesOf(planned), this.#own, sensor.sensor),
        onDocuments: (documents) => sensed.take(documents, sensor, offsetMs),
      },
    )
    sensed.captures.push(capture)
    if (down !== undefined && Date.now() < down.until) {
      capture.record.problem = down.reason
      return
    }
    offsetMs = (await this.#offset(sensor))?.offsetMs ?? 0
    const reached = await capture.start()
    const { problem } = capture.record
    if (problem === null) return
    if (!reached) this.#down.set(sensor.name, { reason: problem, until: Date.now() + DOWN_MS })
  }

  #offset(host: NamedHost): Promise<ClockOffset | null> {
    const known = this.#offsets.get(host.name) ?? clockOffset(host, this.#context)
    this.#offsets.set(host.name, known)
    return known
  }

  /**
   * The clocks of the sensors that were used and of the hosts they watched. Asking leaves traces on hosts, so it waits for the
   * lab time after which no test looks for any.
   */
  clocks(quietFrom: number): Promise<ClockOffset[]> {
    const { clock, signal, tests } = this.#context
    return clock.busy(async () => {
      await clock.sleep(Math.max(0, quietFrom - clock.now()), signal)
      const watched = tests
        .filter(({ sensors }) => sensors.some(({ name }) => this.#offsets.has(name)))
        .flatMap(({ hosts }) => [...hosts.values()])
      const hosts = signal.aborted ? [] : [...new Set(watched)].filter((host) => !isEmulated(host))
      await Promise.all(hosts.map((host) => this.#offset(host)))
      const all = await Promise.all(this.#offsets.values())
      return all.filter((offset) => offset !== null)
    })
  }
}

/** The addresses of a test's hosts, each once. The plan has seen to it that each has one. */
const addressesOf = ({ hosts }: PlannedTest): string[] => [
  ...new Set([...hosts.values()].map(addressOf).filter((address) => address !== undefined)),
]

/** A name is left out: what it means to the sensor is not known here. */
const sshOf = ({ transport, address, port = 22 }: NamedHost): OwnConnection[] =>
  transport === 'ssh' && address !== undefined && isIP(address) !== 0 ? [{ ip: address, port }] : []

const unique = (connections: readonly OwnConnection[]): OwnConnection[] => [
  ...new Map(connections.map((connection) => [`${connection.ip} ${connection.port}`, connection])).values(),
]
