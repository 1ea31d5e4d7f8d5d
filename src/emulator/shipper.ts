/** Ships telemetry to a SIEM with `_bulk`, as an agent does: gathers, sends at due times on the lab's clock, tries again. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../model/clock.ts'
import type { RawRecord } from './sensors/record.ts'

export interface Normalised {
  index: string
  document: Record<string, unknown>
}

export interface ShipperOptions {
  url: string
  apiKey: string | null
  /** The ECS document of a record and where it goes; null for what is not shipped. */
  normalise: (raw: RawRecord) => Normalised | null
  clock: Clock
  /** Lab milliseconds between two times at which records are sent. */
  gatherMs?: number
  /** Told what could not be delivered, once for each kind of trouble. */
  onTrouble?: (reason: string) => void
}

export interface Shipper {
  /** Takes records; `delayMs` holds them back for that much lab time more. */
  ship(records: RawRecord[], delayMs?: number): Promise<void>
  /** Sends what is left, whether due or not, and takes no more. */
  stop(): Promise<void>
}

interface Queued {
  id: string
  due: number
  index: string
  document: Record<string, unknown>
}

const GATHER_MS = 500
/** Documents in one request. */
const BATCH = 2_000
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 30_000
/** What waits for a SIEM that is away: beyond it the oldest is given up. */
const LONGEST_QUEUE = 200_000
/** Real time: how long one request may take. */
const REQUEST_LIMIT_MS = 10_000

export function createShipper(options: ShipperOptions): Shipper {
  return new BulkShipper(options)
}

class BulkShipper implements Shipper {
  readonly #options: ShipperOptions
  readonly #troubles = new Set<string>()
  #queue: Queued[] = []
  #wakeAt = Infinity
  #cancel: () => void = () => {}
  #retryMs = 0
  #sending: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: ShipperOptions) {
    this.#options = options
  }

  async ship(records: RawRecord[], delayMs = 0): Promise<void> {
    const { normalise, clock, gatherMs = GATHER_MS } = this.#options
    if (this.#stopped) return
    // The next of evenly spaced times, so that what is written together is sent together.
    const due = (Math.floor((clock.now() + delayMs) / gatherMs) + 1) * gatherMs
    for (const raw of records) {
      const normalised = normalise(raw)
      if (normalised !== null) this.#queue.push({ id: randomUUID(), due, ...normalised })
    }
    if (this.#queue.length > LONGEST_QUEUE) {
      this.#queue.splice(0, this.#queue.length - LONGEST_QUEUE)
      this.#trouble('the SIEM takes no telemetry, the oldest is given up')
    }
    if (this.#queue.length > 0) this.#wake(Math.max(due, clock.now() + this.#retryMs))
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#sending
    await this.#send(Infinity)
  }

  /** Sends at `time`, or earlier if that is already set. */
  #wake(time: number): void {
    if (this.#stopped || time >= this.#wakeAt) return
    this.#cancel()
    this.#wakeAt = time
    this.#cancel = this.#options.clock.at(time, () => {
      this.#wakeAt = Infinity
      this.#sending = this.#sending.then(() => this.#send(this.#options.clock.now()))
      return this.#sending
    })
  }

  async #send(until: number): Promise<void> {
    const due = this.#queue.filter((entry) => entry.due <= until)
    for (let start = 0; start < due.length; start += BATCH) {
      const batch = due.slice(start, start + BATCH)
      const done = await this.#post(batch)
      this.#queue = this.#queue.filter((entry) => !done.has(entry.id))
      if (done.size < batch.length) {
        this.#retryMs = Math.min(LONGEST_RETRY_MS, Math.max(FIRST_RETRY_MS, this.#retryMs * 2))
        this.#wake(this.#options.clock.now() + this.#retryMs)
        return
      }
      this.#retryMs = 0
    }
    const next = this.#queue.reduce((least, { due: time }) => Math.min(least, time), Infinity)
    if (next !== Infinity) this.#wake(next)
  }

  /** Posts a batch; gives the ids that need no further try: written, there already, or refused for good. */
  async #post(batch: Queued[]): Promise<Set<string>> {
    const { url, apiKey, clock } = this.#options
    const ingested = new Date(clock.now()).toISOString()
    const lines = batch.flatMap(({ id, index, document }) => [
      JSON.stringify({ create: { _index: index, _id: id } }),
      JSON.stringify(withIngested(document, ingested)),
    ])
    try {
      const response = await fetch(new URL('_bulk?filter_path=items.*.status', url.endsWith('/') ? url : `${url}/`), {
        method: 'POST',
        headers: {
          'content-type': 'application/x-ndjson',
          'accept-encoding': 'identity',
          ...(apiKey === null ? {} : { authorization: `ApiKey ${apiKey}` }),
        },
        body: `${lines.join('\n')}\n`,
        signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
      })
      if (!response.ok) {
        this.#trouble(`the SIEM answers ${response.status} to telemetry`)
        await response.body?.cancel()
        return new Set()
      }
      return this.#settled(batch, (await response.json()) as { items?: Record<string, { status: number }>[] })
    } catch (error) {
      const cause = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : ''
      this.#trouble(`telemetry cannot be sent: ${cause}`)
      return new Set()
    }
  }

  #settled(batch: Queued[], { items = [] }: { items?: Record<string, { status: number }>[] }): Set<string> {
    const done = new Set<string>()
    for (const [index, { id }] of batch.entries()) {
      const status = items[index]?.create?.status ?? 500
      // 409: an earlier try got through, and only its answer was lost.
      if (status < 400 || status === 409) done.add(id)
      else if (status !== 429 && status < 500) {
        done.add(id)
        this.#trouble(`the SIEM refuses an event with ${status}`)
      }
    }
    return done
  }

  #trouble(reason: string): void {
    if (this.#troubles.has(reason)) return
    this.#troubles.add(reason)
    this.#options.onTrouble?.(reason)
  }
}

function withIngested(document: Record<string, unknown>, ingested: string): Record<string, unknown> {
  const { event } = document
  const nested = event !== null && typeof event === 'object'
  return nested ? { ...document, event: { ...event, ingested } } : { ...document, 'event.ingested': ingested }
}
