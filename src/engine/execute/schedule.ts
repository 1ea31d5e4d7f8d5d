/** Starts tests as their hosts become free. Nobody waits for a host with the clock busy: the lab's time can go on. */
import type { PlannedTest } from '../plan/planned.ts'
import type { NamedHost } from '../ports.ts'
import { gapFor } from './windows.ts'

export interface ScheduleOptions {
  tests: readonly PlannedTest[]
  concurrency: number
  signal: AbortSignal
  /** Lab time. */
  now(): number
  /** Runs one test; `quietUntil`: lab time before which none of its commands may run. */
  start(test: PlannedTest, quietUntil: number, quietBeforeMs: () => number): Promise<void>
}

interface HostUse {
  /** Tests on it now. */
  running: number
  exclusive: boolean
  /** Lab time when the last test left it; null while none did. */
  leftAt: number | null
  /** The gap that test asks for. */
  gapMs: number
}

/** Ends when every test has run, or when those that were started have ended after an abort. */
export function schedule({ tests, concurrency, signal, now, start }: ScheduleOptions): Promise<void> {
  const uses = new Map<NamedHost, HostUse>()
  const useOf = (host: NamedHost): HostUse => {
    const use = uses.get(host) ?? { running: 0, exclusive: false, leftAt: null, gapMs: 0 }
    uses.set(host, use)
    return use
  }
  let waiting = [...tests]
  let running = 0

  return new Promise((resolve, reject) => {
    const pump = () => {
      if (signal.aborted) waiting = []
      const reserved = new Set<HostUse>()
      const left: PlannedTest[] = []
      for (const [index, test] of waiting.entries()) {
        if (running >= concurrency) {
          left.push(...waiting.slice(index))
          break
        }
        const hosts = [...new Set(test.hosts.values())].map(useOf)
        const exclusive = test.test.isolation === 'host'
        const free = hosts.every((use) => !reserved.has(use) && !use.exclusive && !(exclusive && use.running > 0))
        if (free) begin(test, hosts, exclusive)
        else {
          // Whoever waits is next on its hosts: a stream of tests that share them cannot pass it by.
          for (const use of hosts) reserved.add(use)
          left.push(test)
        }
      }
      waiting = left
      if (running === 0 && waiting.length === 0) resolve()
    }
    const begin = (test: PlannedTest, hosts: HostUse[], exclusive: boolean) => {
      running += 1
      for (const use of hosts) {
        use.running += 1
        use.exclusive = exclusive
      }
      const gapMs = gapFor(test)
      const left = hosts.filter(({ leftAt }) => leftAt !== null)
      const quietUntil = exclusive ? Math.max(0, ...left.map((use) => use.leftAt! + Math.max(use.gapMs, gapMs))) : 0
      const lastLeft = Math.max(Number.NEGATIVE_INFINITY, ...left.map(({ leftAt }) => leftAt!))
      start(test, quietUntil, () => now() - lastLeft).then(() => {
        running -= 1
        for (const use of hosts) {
          use.running -= 1
          use.exclusive = false
          use.leftAt = now()
          use.gapMs = gapMs
        }
        pump()
      }, reject)
    }
    pump()
  })
}
