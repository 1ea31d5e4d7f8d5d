/** Time is a port: engine, emulator and the lab's SIEM read one clock. All times are milliseconds since 1970, lab time. */
export interface Clock {
  now(): number

  /**
   * Runs `task` at lab time `time` (at once when that has passed). A clock that can be moved forward meets due
   * tasks in order and waits for each to settle before it goes on. Returns what cancels it.
   */
  at(time: number, task: () => unknown): () => void

  /**
   * Keeps the clock from being moved forward at once while `work` runs. Inside it, `sleep` is the only way to let
   * lab time pass: the clock may be moved forward as soon as everybody who is busy sleeps.
   */
  busy<T>(work: () => Promise<T>): Promise<T>

  /** Waits `ms` of lab time; ends early, without an error, when `signal` aborts. Only inside `busy`. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
