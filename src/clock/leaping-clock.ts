/**
 * The clock of an embedded lab. It runs with real time while somebody is busy or nobody waits for it, and leaps from one
 * due time to the next while all who are busy sleep. Due tasks run in order, one at a time, and each settles before time goes on: task scheduler,
 * shipping and detection loop meet every due time however fast the days go by.
 */
import type { Clock } from '../model/clock.ts'
import { LONGEST_TIMER_MS } from './scaled-clock.ts'

interface Due {
  time: number
  /** Order of asking, for tasks of the same time. */
  order: number
  task: () => unknown
}

export class LeapingClock implements Clock {
  /** Lab time minus real time; grows with every leap. */
  #ahead: number
  #real: () => number
  #due: Due[] = []
  #order = 0
  #busy = 0
  #sleepers = 0
  #running = false
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor({ start, real = Date.now }: { start?: number; real?: () => number } = {}) {
    this.#real = real
    this.#ahead = start === undefined ? 0 : start - real()
  }

  now(): number {
    return this.#real() + this.#ahead
  }

  at(time: number, task: () => unknown): () => void {
    const due = { time, order: this.#order++, task }
    const after = this.#due.findIndex((other) => other.time > time)
    this.#due.splice(after === -1 ? this.#due.length : after, 0, due)
    this.#arm()
    return () => {
      const index = this.#due.indexOf(due)
      if (index !== -1) this.#due.splice(index, 1)
    }
  }

  async busy<T>(work: () => Promise<T>): Promise<T> {
    this.#busy += 1
    try {
      return await work()
    } finally {
      this.#busy -= 1
      this.#arm()
    }
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      this.#busy -= 1
      this.#sleepers += 1
      const wake = () => {
        cancel()
        signal?.removeEventListener('abort', wake)
        // Busy again before anything else may run: no leap between the end of the sleep and what follows it.
        this.#busy += 1
        this.#sleepers -= 1
        resolve()
      }
      const cancel = this.at(this.now() + ms, wake)
      signal?.addEventListener('abort', wake)
    })
  }

  /** Runs nothing any more. */
  stop(): void {
    this.#stopped = true
    this.#due = []
    clearTimeout(this.#timer)
  }

  #mayLeap(): boolean {
    return this.#busy === 0 && this.#sleepers > 0
  }

  #arm(): void {
    if (this.#running || this.#stopped) return
    clearTimeout(this.#timer)
    const next = this.#due[0]
    if (next === undefined) return
    // Not at once even for a leap: whoever became idle in this turn of the event loop may become busy again in it.
    const wait = this.#mayLeap() ? 0 : Math.min(Math.max(0, next.time - this.now()), LONGEST_TIMER_MS)
    this.#timer = setTimeout(() => void this.#run(), wait)
  }

  async #run(): Promise<void> {
    if (this.#running) return
    this.#running = true
    try {
      for (let next = this.#due[0]; next !== undefined && !this.#stopped; next = this.#due[0]) {
        const wait = next.time - this.now()
        if (wait > 0) {
          if (!this.#mayLeap()) break
          this.#ahead += wait
        }
        this.#due.shift()
        await next.task()
        // Signals and sockets get their turn between due tasks.
        await new Promise((resolve) => setImmediate(resolve))
      }
    } finally {
      this.#running = false
      this.#arm()
    }
  }
}
