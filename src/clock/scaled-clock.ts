/** A clock that runs faster than real time, the same in every process that knows its anchor. */
import type { Clock } from '../model/clock.ts'

/** Lab time is `origin + (real - origin) * scale`: both agree at `origin`. Milliseconds. */
export interface Anchor {
  scale: number
  origin: number
}

/** The longest delay that a Node timer takes. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1

export class ScaledClock implements Clock {
  readonly #anchor: Anchor

  constructor(anchor: Anchor) {
    this.#anchor = anchor
  }

  now(): number {
    const { origin, scale } = this.#anchor
    return Math.round(origin + (Date.now() - origin) * scale)
  }

  at(time: number, task: () => unknown): () => void {
    let timer: NodeJS.Timeout
    const arm = () => {
      const left = (time - this.now()) / this.#anchor.scale
      timer = setTimeout(left > LONGEST_TIMER_MS ? arm : task, Math.min(Math.max(left, 0), LONGEST_TIMER_MS))
    }
    arm()
    return () => clearTimeout(timer)
  }

  busy<T>(work: () => Promise<T>): Promise<T> {
    return work()
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        cancel()
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const cancel = this.at(this.now() + ms, wake)
      signal?.addEventListener('abort', wake)
    })
  }
}
