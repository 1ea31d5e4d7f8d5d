/** The detection loop: runs each enabled rule when it is due. */
import type { Clock } from '../../../model/clock.ts'
import type { Store } from '../store/store.ts'
import { type DetectionRule, type Execution, intervalMs } from './rule.ts'
import { RuleRunner } from './run.ts'

interface Scheduled {
  rule: DetectionRule
  runner: RuleRunner
  /** Clock time of the next run. */
  due: number
}

export interface LoopOptions {
  store: Store
  clock: Clock
  /** Version that alerts name. */
  version: string
  /** Resolves when all alerts are safe. */
  settled(): Promise<void>
}

export class DetectionLoop {
  readonly #options: LoopOptions
  readonly #scheduled = new Map<string, Scheduled>()
  readonly #executions = new Map<string, Execution>()
  #cancel: (() => void) | null = null
  /** Clock time that the clock will wake us at. */
  #waking = Number.POSITIVE_INFINITY
  #stopped = false

  constructor(options: LoopOptions) {
    this.#options = options
  }

  /** Takes a new or a changed rule: its next run is at once when it is enabled. */
  set(rule: DetectionRule): void {
    this.#scheduled.delete(rule.id)
    if (!rule.enabled) return
    const runner = new RuleRunner(this.#options.store, rule, this.#options.version)
    this.#scheduled.set(rule.id, { rule, runner, due: this.#options.clock.now() })
    this.#arm()
  }

  delete(id: string): void {
    this.#scheduled.delete(id)
    this.#executions.delete(id)
  }

  /** What the last run of a rule said, null before its first. */
  lastExecution(id: string): Execution | null {
    return this.#executions.get(id) ?? null
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
    this.#scheduled.clear()
  }

  /** Asks the clock for the earliest due time only: one waiting task serves all rules. */
  #arm(): void {
    if (this.#stopped || this.#scheduled.size === 0) return
    let next = Number.POSITIVE_INFINITY
    for (const { due } of this.#scheduled.values()) if (due < next) next = due
    if (next >= this.#waking) return
    this.#cancel?.()
    this.#waking = next
    this.#cancel = this.#options.clock.at(next, () => this.#runDue())
  }

  async #runDue(): Promise<void> {
    this.#waking = Number.POSITIVE_INFINITY
    this.#cancel = null
    const now = this.#options.clock.now()
    for (const [id, entry] of this.#scheduled) {
      if (entry.due > now) continue
      // A loop that was late does not run again for every interval it missed.
      entry.due = Math.max(entry.due + intervalMs(entry.rule), now)
      this.#executions.set(id, entry.runner.run(now))
      if (entry.due <= now) entry.due = now + intervalMs(entry.rule)
      await this.#breathe()
      if (this.#stopped) return
    }
    // A disk that refuses fails every request; the loop goes on.
    await this.#options.settled().catch(() => {})
    this.#arm()
  }

  #lastBreath = 0

  /** Requests get their turn when many rules are due together. */
  async #breathe(): Promise<void> {
    if (performance.now() - this.#lastBreath < 10) return
    await new Promise((resolve) => setImmediate(resolve))
    this.#lastBreath = performance.now()
  }
}
