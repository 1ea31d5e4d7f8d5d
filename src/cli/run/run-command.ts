/** The job of `tocsin run`, from the arguments to the exit code. */
import { join } from 'node:path'
import { run } from '../../engine/run.ts'
import { createJudge } from '../../language/judge.ts'
import type { RunRecord } from '../../model/run-record.ts'
import { openRecordStore } from '../../record/store.ts'
import { startProgress } from '../../report/terminal/progress.ts'
import { renderTerminal } from '../../report/terminal/summary.ts'
import { createTransport } from '../../transport/router.ts'
import type { Io } from '../io.ts'
import { namedHosts, openLab } from '../lab/open-lab.ts'
import { type ScrubOptions, scrubberFor } from '../scrub-options.ts'
import { renderDryRun } from './dry-run.ts'
import { keepCaptures } from './emulated-captures.ts'
import { exitCodeOf } from './exit-code.ts'
import { loadRun } from './load.ts'
import { makePlan } from './plan.ts'
import { claimRecordingFolder, openRecorder } from './recorder.ts'
import { chosenFormats, writeReports } from './reports.ts'
import { claimFolder } from './run-folder.ts'
import { newRunId } from './run-id.ts'
import { sensingIn } from './sensing.ts'

export interface RunCommandOptions extends ScrubOptions {
  lab?: string
  authorization?: string
  scenarios?: string
  analytic?: string[]
  tag?: string[]
  out?: string
  format: string
  concurrency: number
  dryRun?: boolean
  json?: boolean
}

/** Shortest real time between two looks at the SIEM, milliseconds. */
const POLL_MS = 500

export async function runCommand(ids: string[], options: RunCommandOptions, io: Io): Promise<number> {
  const formats = chosenFormats(options.format)
  const loaded = loadRun(options, io)
  const { scenarios, analytics, authorization, secrets } = loaded
  const id = newRunId()
  const judge = createJudge()
  const selection = { ids, tags: options.tag ?? [], analytics: options.analytic ?? [] }
  const planFor = (lab: typeof loaded.lab) =>
    makePlan({
      runId: id,
      scenarios,
      analytics,
      hosts: namedHosts(lab),
      selection,
      authorization,
      now: Date.now(),
      judge,
    })
  const planned = planFor(loaded.lab)
  if (options.dryRun) {
    io.stdout.write(renderDryRun(planned, Date.now()))
    return 0
  }

  const scrubber = await scrubberFor(options, io)
  const recordingFolder = options.record === undefined ? null : await claimRecordingFolder(options.record, io)
  const { folder, journal } = await claimFolder(options.out ?? join('reports', id), { id, lab: loaded.path }, io)
  const progress = startProgress(io.stderr, { colour: io.colour })
  const onTrouble = (reason: string) => progress.listen({ type: 'siem-trouble', reason })
  const lab = await openLab({ lab: loaded.lab, analytics, onTrouble })
  const interrupt = new AbortController()
  const ignore = io.onInterrupt(() => interrupt.abort())
  const transport = createTransport({ environment: io.env })
  const store = await openRecordStore(folder)
  const masked = [...secrets, ...(lab.lab.siem.apiKey === undefined ? [] : [lab.lab.siem.apiKey])]
  const recorder =
    recordingFolder === null
      ? null
      : await openRecorder(recordingFolder, {
          analytics,
          detectionInterval: lab.lab.siem.detection?.interval ?? null,
          secrets: masked,
          scrubber,
          hosts: namedHosts(lab.lab),
        })
  const unwritten: string[] = []
  let record: RunRecord
  try {
    record = await run({
      id,
      // Now with the ports and host keys of what was started; ids and markers are the same.
      plan: planFor(lab.lab),
      lab: { name: lab.lab.name ?? 'lab', kind: lab.kind, timeScale: lab.timeScale },
      tool: { version: io.version },
      authorization,
      transport,
      siem: lab.siem,
      judge,
      clock: lab.clock,
      journal,
      sensing: sensingIn(lab.lab, folder),
      ...(lab.sensor === null ? {} : { tap: keepCaptures(lab.sensor, lab.clock, folder) }),
      concurrency: options.concurrency,
      secrets: masked,
      signal: interrupt.signal,
      listen: progress.listen,
      save: (changed) => {
        store.save(changed)
        recorder?.save(changed)
      },
      ...(recorder === null ? {} : { keep: recorder.keep }),
      pollMs: POLL_MS * (loaded.lab.clock?.origin === undefined ? 1 : loaded.lab.clock.scale),
    })
  } finally {
    progress.stop()
    ignore()
    await transport.close()
    await lab.stop()
    if (recorder !== null) unwritten.push(...(await recorder.close()))
    await store.close().catch((error: Error) => unwritten.push(`run.json: ${error.message}`))
  }
  const { written, failed } = await writeReports(record, folder, formats, io.cwd)
  unwritten.push(...failed)
  if (options.record !== undefined) written.push(options.record)
  const terminal = options.json ? io.stderr : io.stdout
  if (options.json) io.stdout.write(`${JSON.stringify(record)}\n`)
  if (!options.json || io.stderr.isTTY) {
    const colour = options.json ? io.colour : io.colourOut
    terminal.write(renderTerminal(record, { colour, width: terminal.columns || 120 }))
    terminal.write(`\n${written.map((path) => `  ${path}\n`).join('')}`)
  }
  if (unwritten.length > 0) io.stderr.write(`Could not be written:\n${unwritten.map((each) => `  ${each}\n`).join('')}`)
  return exitCodeOf(record, { interrupted: interrupt.signal.aborted, written: unwritten.length === 0 })
}
