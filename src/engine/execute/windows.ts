/** In whose time an event falls: the phases of one test in lab time, with room for clocks that differ. */
import type { Phase } from '../../model/words.ts'
import type { NamedHost } from '../ports.ts'

/** Lab milliseconds; `to` is exclusive. */
export interface Window {
  from: number
  to: number
}

/** Where commands of each phase ran; null for a phase without commands. */
export type PhaseTimes = Record<Phase, Window | null>

/** Most that a sensor's times may differ from the engine's before its events are taken for another test's. */
const SLACK_MS = 30_000

/** Shortest pause between two tests on a host, and between two phases of a test. */
const SHORTEST_GAP_MS = 2_000

/** Where hosts have clocks of their own: twice the seconds they may be off, and those that Sysmon takes to write. */
const SHORTEST_GAP_OF_CLOCKS_MS = 15_000

/**
 * The pause that keeps a test's evidence apart from what comes before or after it: no sequence spans it, and no event
 * whose time lags by less than the maxspan steps into one on the other side.
 */
export function gapFor({ maxspanMs, hosts }: { maxspanMs: number; hosts: ReadonlyMap<string, NamedHost> }): number {
  const oneClock = [...hosts.values()].every(({ transport }) => transport !== 'ssh')
  return Math.max(maxspanMs, oneClock ? SHORTEST_GAP_MS : SHORTEST_GAP_OF_CLOCKS_MS)
}

/** A phase's part of the pause before or after it, whole milliseconds. */
const half = (pauseMs: number): number => Math.floor(Math.min(SLACK_MS, pauseMs / 2))

/**
 * The windows in which events count for a phase. Each pause between two phases is shared out in halves, up to the
 * slack: `quietBeforeMs` is how long the test's hosts had been left alone, `gapAfterMs` how long they will be.
 */
export function windowsOf(
  times: PhaseTimes,
  { quietBeforeMs, gapAfterMs }: { quietBeforeMs: number; gapAfterMs: number },
): PhaseTimes {
  const order = (['setup', 'test', 'cleanup'] as const).filter((phase) => times[phase] !== null)
  const windows: PhaseTimes = { setup: null, test: null, cleanup: null }
  order.forEach((phase, index) => {
    const { from, to } = times[phase]!
    const before = order[index - 1]
    const after = order[index + 1]
    windows[phase] = {
      from: from - half(before === undefined ? quietBeforeMs : from - times[before]!.to),
      // What the next phase takes of the pause, this one does not have.
      to: after === undefined ? to + half(gapAfterMs) : times[after]!.from - half(times[after]!.from - to),
    }
  })
  return windows
}

/** The window that all phases together span; null when nothing ran. */
export function wholeWindow(windows: PhaseTimes): Window | null {
  const known = Object.values(windows).filter((window) => window !== null)
  if (known.length === 0) return null
  return { from: Math.min(...known.map(({ from }) => from)), to: Math.max(...known.map(({ to }) => to)) }
}

/** The phase in whose window a time falls. */
export function phaseAt(windows: PhaseTimes, time: number): Phase | null {
  for (const phase of ['setup', 'test', 'cleanup'] as const) {
    const window = windows[phase]
    if (window !== null && time >= window.from && time < window.to) return phase
  }
  return null
}
