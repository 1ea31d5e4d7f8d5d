/** The captures of a run's tests: they go on for as long as events count for a test's own steps, its hosts are free meanwhile. */
import type { Clock } from '../../model/clock.ts'
import type { CaptureRecord } from '../../model/run-record.ts'
import type { SensedTest } from './sensed-test.ts'
import type { Tap } from './tap.ts'

/** What captures one test: sensors of the lab file, and the emulated lab itself. */
interface Capturing {
  sensed: SensedTest | null
  tap: Tap | null
}

export class Captures {
  readonly #clock: Clock
  readonly #signal: AbortSignal
  readonly #onTrouble: (reason: string) => void
  readonly #going: Promise<void>[] = []

  constructor(clock: Clock, signal: AbortSignal, onTrouble: (reason: string) => void) {
    this.#clock = clock
    this.#signal = signal
    this.#onTrouble = onTrouble
  }

  /** Ends them at a lab time, at once when the run is interrupted. `show` gets their records now and when they have ended. */
  endAt(until: number, { sensed, tap }: Capturing, show: (records: CaptureRecord[]) => void): void {
    if (sensed === null && tap === null) return
    show(sensed?.records ?? [])
    const ended = this.#clock.busy(async () => {
      await this.#clock.sleep(Math.max(0, until - this.#clock.now()), this.#signal)
      await sensed?.stop()
      for (const trouble of [sensed?.problem, sensed?.unshipped]) if (trouble) this.#onTrouble(trouble)
      show([...(sensed?.records ?? []), ...(tap === null ? [] : [await tap.stop()])])
    })
    this.#going.push(ended)
  }

  /** Resolves when all have ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#going)
  }
}
