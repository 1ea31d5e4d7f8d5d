/** Live progress: a few lines that change in place on a terminal; elsewhere only what somebody must know. */
import { createLogUpdate } from 'log-update'
import type { RunEvent, RunListener } from '../../model/run-event.ts'
import { columns, count, plain, shorten } from '../text.ts'
import { day, timeOfDay } from '../time.ts'
import { OUTCOME } from '../words.ts'
import { type Paint, paintFor } from './paint.ts'
import { follow, newProgress, type ProgressState } from './progress-state.ts'
import { sized } from './sized.ts'

export interface Progress {
  listen: RunListener
  /** Takes the changing lines away. Nothing is written after it. */
  stop(): void
}

/** Real time between two drawings, milliseconds: fast enough to look alive, slow enough to be calm. */
const REDRAW_MS = 100

/** Steps shown at once. */
const STEPS_SHOWN = 4

/** Progress on a stream, which should not be the one that carries data. */
export function startProgress(given: NodeJS.WriteStream, { colour }: { colour: boolean }): Progress {
  const stream = sized(given)
  const state = newProgress()
  const paint = paintFor(colour)
  const live = stream.isTTY ? createLogUpdate(stream) : null
  const said = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const draw = () => {
    timer = undefined
    live?.(renderProgress(state, paint, stream.columns).join('\n'))
  }
  const say = (line: string) => {
    // The same trouble at every look at the SIEM is one line.
    if (said.has(line)) return
    said.add(line)
    if (live) live.persist(line)
    else stream.write(`${line}\n`)
  }
  return {
    listen(event) {
      if (stopped) return
      follow(state, event)
      const line = noticeOf(event)
      if (line !== null) say(line)
      if (live) timer ??= setTimeout(draw, REDRAW_MS).unref()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      live?.clear()
      live?.done()
    },
  }
}

/** What somebody must know even where progress is not shown; null for the rest. */
function noticeOf(event: RunEvent): string | null {
  if (event.type === 'sensor-trouble') return `Sensor: ${plain(event.reason)}`
  if (event.type === 'siem-trouble') return `SIEM: ${plain(event.reason)}`
  if (event.type === 'interrupted') return 'Interrupted: cleaning up. Please wait.'
  if (event.type === 'cleanup-finished' && event.cleanup.status === 'failed') {
    return `Clean-up of ${plain(event.test)} failed: ${plain(event.cleanup.reason ?? 'no reason is recorded')}`
  }
  return null
}

/** The changing lines, none longer than `width`. */
export function renderProgress(state: ProgressState, paint: Paint, width: number): string[] {
  const { executed, tests, judged, checks, outcomes, running, labTime } = state
  const bad = (['unexpected', 'inconclusive'] as const)
    .filter((outcome) => outcomes[outcome] > 0)
    .map((outcome) => `  ${paint.outcome[outcome](`${OUTCOME[outcome].symbol} ${outcomes[outcome]}`)}`)
  const counts = `${executed} of ${count(tests, 'test')} executed  ${judged} of ${count(checks, 'check')} judged`
  const steps = [...running.values()].slice(0, STEPS_SHOWN).map(({ host, test, command }) => {
    const head = `  ${plain(host)}  ${plain(test)}  `
    return paint.dim(cut(`${head}${plain(command)}`, width - 1))
  })
  return [`${cut(counts, width - 12)}${bad.join('')}`, ...(steps.length > 0 ? steps : waiting(labTime, paint))]
}

function waiting(labTime: number | null, paint: Paint): string[] {
  if (labTime === null) return []
  const iso = new Date(labTime).toISOString()
  return [paint.dim(`  waiting for the SIEM; lab time ${day(iso)} ${timeOfDay(iso).slice(0, 8)} UTC`)]
}

const cut = (text: string, width: number): string => (columns(text) <= width ? text : `${shorten(text, width)}`)
