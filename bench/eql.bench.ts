/** EQL: evaluation beside the Python implementation, and a long stream through a sequence in bounded memory. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { compile } from '../src/language/compile.ts'
import type { EventDocument } from '../src/model/event.ts'
import { pythonWithEql } from '../test/python-eql/python-eql.ts'

/** Each with the ratio it must reach. */
const QUERIES: { name: string; query: string; goal: number }[] = [
  {
    name: 'event query',
    query:
      'registry where process_name : "explorer.exe" and registry_path : "*Explorer*" and not registry_value == "Locales"',
    goal: 20,
  },
  {
    name: 'sequence with a join key',
    query: 'sequence by unique_pid with maxspan=5m [process where true] [registry where true]',
    goal: 10,
  },
]
const REPEATS = 20
const STREAMS = [1, 2, 5, 10].map((millions) => millions * 1_000_000)
const TICKS_PER_MS = 10_000
const FILETIME_EPOCH_MS = 11_644_473_600_000
/** Between two repeats of the recording: longer than it is, so that time only goes on. */
const SPAN_MS = 30 * 24 * 3_600_000

interface Timed {
  events: number
  seconds: number
  results: number
}

export async function bench(): Promise<void> {
  const recording = join(process.env.TOCSIN_SHARED ?? '', 'telemetry', 'host', 'normalized-atomic-red-team.json.gz')
  if (process.env.TOCSIN_SHARED === undefined || !existsSync(recording)) {
    console.log('The recording is not here (TOCSIN_SHARED is not set or has no telemetry): only the stream runs')
  } else await besidePython(recording)
  for (const count of STREAMS) {
    const script = fileURLToPath(new URL('./eql-stream.js', import.meta.url))
    const output = execFileSync(process.execPath, [script, String(count)], { encoding: 'utf8' })
    const { seconds, found, peakMb } = JSON.parse(output) as { seconds: number; found: number; peakMb: number }
    console.log(
      `stream of ${count / 1_000_000} million: ${rate(count, seconds)}, ${found} sequences, peak ${peakMb} MB`,
    )
  }
}

const rate = (events: number, seconds: number) => `${Math.round(events / seconds).toLocaleString('en')} events/s`

async function besidePython(recording: string): Promise<void> {
  const events = eventsOf(recording)
  const ours = QUERIES.map(({ query }) => timed(query, events))
  const found = await pythonWithEql()
  const theirs = typeof found === 'string' ? null : pythonTimes(found.python, recording)
  if (typeof found === 'string') console.log(found)
  for (const [at, { name, goal }] of QUERIES.entries()) {
    const [mine, other] = [ours[at]!, theirs?.[at]]
    const line = `${name}, ${mine.events} events: Tocsin ${rate(mine.events, mine.seconds)}, ${mine.results} results`
    if (other === undefined) console.log(line)
    else {
      const ratio = other.seconds / other.events / (mine.seconds / mine.events)
      console.log(
        `${line}; Python eql ${rate(other.events, other.seconds)}, ${other.results} results: ${ratio.toFixed(1)} times as fast (goal ${goal})`,
      )
    }
  }
}

function eventsOf(recording: string): EventDocument[] {
  const recorded = JSON.parse(gunzipSync(readFileSync(recording)).toString('utf8')) as Record<string, unknown>[]
  recorded.sort((a, b) => Number(a.timestamp) - Number(b.timestamp))
  return Array.from({ length: REPEATS }, (_, repeat) =>
    recorded.map((event, number) => ({
      index: 'recording',
      id: String(number),
      source: {
        ...event,
        '@timestamp': Number(event.timestamp) / TICKS_PER_MS - FILETIME_EPOCH_MS + SPAN_MS * repeat,
      },
    })),
  ).flat()
}

/** The best of three: the first run is also the compiler's. */
function timed(query: string, events: readonly EventDocument[]): Timed {
  const runs = [1, 2, 3].map(() => {
    const matcher = compile('eql', query, { categoryField: 'event_type' }).matcher()
    let results = 0
    const start = performance.now()
    for (const event of events) results += matcher.push(event).length
    results += matcher.finish().length
    return { events: events.length, seconds: (performance.now() - start) / 1000, results }
  })
  return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best))
}

function pythonTimes(python: string, path: string): Timed[] {
  const script = fileURLToPath(new URL('../../bench/eql-python.py', import.meta.url))
  const job = {
    queries: QUERIES.map(({ query }) => query),
    path,
    repeats: REPEATS,
    span: SPAN_MS * TICKS_PER_MS,
  }
  const output = execFileSync(python, [script], { input: JSON.stringify(job), encoding: 'utf8' })
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
