/** What the network sensors saw of one test, as it comes: written into the SIEM, or kept to be judged beside its events. */
import { createHash } from 'node:crypto'
import { type EventDocument, fieldOf } from '../../model/event.ts'
import type { CaptureRecord } from '../../model/run-record.ts'
import type { SensorHost } from '../plan/planned.ts'
import type { Capture } from './capture.ts'
import { indexOf } from './needs.ts'

/** Writes events into the SIEM; what is there already counts as written. Throws when it could not. */
export type Ship = (events: EventDocument[]) => Promise<void>

/** Real time for which events are gathered before they are written. */
const GATHER_MS = 400
/** Tries to write the same events, and the real time between two. */
const TRIES = 3
const RETRY_MS = 1_000

/** What tells one message from all others; frame numbers do not, for captures of tests that share hosts number alike frames differently. */
const IDENTITY = [
  '@timestamp',
  'source.ip',
  'source.port',
  'destination.ip',
  'destination.port',
  'event.action',
  'rpc.interface',
  'rpc.opnum',
  'rpc.call_id',
  'rpc.context_id',
]

/** What judging a test takes of its sensors. */
export interface Sensed {
  /** Events that are not in the SIEM. */
  readonly local: readonly EventDocument[]
  /** Nothing more will come. */
  readonly finished: boolean
  /** Why events that belong into the SIEM are not there; null when they are. */
  readonly unshipped: string | null
  /** Why nobody can say what went over the wire; null when every sensor saw all of it. */
  readonly problem: string | null
  /** Whether it is an event that the SIEM has not. */
  isLocal(event: EventDocument): boolean
}

/** What the sensors of an earlier run saw, whose events are where the others are. */
export const sensedBefore = (captures: readonly CaptureRecord[]): Sensed => ({
  local: [],
  finished: true,
  unshipped: null,
  problem: problemOf(captures),
  isLocal: () => false,
})

function problemOf(captures: readonly CaptureRecord[]): string | null {
  const problems = captures.flatMap(({ sensor, problem }) => (problem === null ? [] : [`sensor ${sensor}: ${problem}`]))
  return problems.length === 0 ? null : problems.join('; ')
}

export class SensedTest implements Sensed {
  readonly captures: Capture[] = []
  readonly local: EventDocument[] = []
  finished = false
  unshipped: string | null = null
  readonly #localIds = new Set<string>()
  readonly #ship: Ship
  readonly #now: () => number
  #waiting: EventDocument[] = []
  #timer: NodeJS.Timeout | undefined
  #shipping: Promise<void> = Promise.resolve()

  /** `now`: lab time. */
  constructor(ship: Ship, now: () => number) {
    this.#ship = ship
    this.#now = now
  }

  /** Takes documents of a sensor whose clock is so far ahead of the run's. */
  take(documents: readonly Record<string, unknown>[], sensor: SensorHost, offsetMs: number): void {
    for (const document of documents) {
      const event = eventOf(document, sensor, offsetMs)
      if (!sensor.sensor.ship) this.#keep([event])
      else this.#waiting.push(event)
    }
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS)
  }

  get problem(): string | null {
    return problemOf(this.records)
  }

  /** By its id: tests that share hosts see the same message, each in its own capture. */
  isLocal = (event: EventDocument): boolean => this.#localIds.has(event.id)

  get records(): CaptureRecord[] {
    return this.captures.map(({ record }) => record)
  }

  /** Ends the captures and writes what is left to write. Never throws. */
  async stop(): Promise<void> {
    await Promise.all(this.captures.map((capture) => capture.stop()))
    this.#flush()
    await this.#shipping
    this.finished = true
  }

  #keep(events: readonly EventDocument[]): void {
    for (const event of events) {
      this.local.push(event)
      this.#localIds.add(event.id)
    }
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const events = this.#waiting
    this.#waiting = []
    if (events.length > 0) this.#shipping = this.#shipping.then(() => this.#write(events))
  }

  async #write(events: EventDocument[]): Promise<void> {
    const ingested = new Date(this.#now()).toISOString()
    const written = events.map((event) => ({ ...event, source: withIngested(event.source, ingested) }))
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#ship(written)
      } catch (error) {
        if (tries < TRIES) await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
        else {
          this.unshipped = `events of a sensor could not be written into the SIEM: ${error instanceof Error ? error.message : String(error)}`
          this.#keep(events)
          return
        }
      }
    }
  }
}

function eventOf(document: Record<string, unknown>, sensor: SensorHost, offsetMs: number): EventDocument {
  const identity = JSON.stringify([sensor.name, ...IDENTITY.map((path) => fieldOf(document, path) ?? null)])
  const at = Date.parse(String(fieldOf(document, '@timestamp')))
  const observer = { type: 'sensor', ...(document.observer as object | undefined), name: sensor.name }
  return {
    index: indexOf(sensor.sensor),
    id: createHash('sha256').update(identity).digest('base64url').slice(0, 27),
    source: { ...document, '@timestamp': new Date(Math.round(at - offsetMs)).toISOString(), observer },
  }
}

const withIngested = (source: Record<string, unknown>, ingested: string): Record<string, unknown> => ({
  ...source,
  event: { ...(source.event as object | undefined), ingested },
})
