/** `tocsin replay DIR` for the recording of a run: its checks judged again, with no lab, as `run` judges them. */
import { dirname } from 'node:path'
import { judgeAgain } from '../../../engine/judge-again.ts'
import { createJudge } from '../../../language/judge.ts'
import type { Recording } from '../../../model/recording.ts'
import { type RunRecord, summarise } from '../../../model/run-record.ts'
import { RecordingError, readManifest } from '../../../record/recording/read.ts'
import type { Manifest } from '../../../record/recording/recognise.ts'
import { openRecordStore } from '../../../record/store.ts'
import { startProgress } from '../../../report/terminal/progress.ts'
import { renderTerminal } from '../../../report/terminal/summary.ts'
import { counted } from '../../counted.ts'
import { type Io, UsageError } from '../../io.ts'
import { exitCodeOf } from '../../run/exit-code.ts'
import { claimRecordingFolder } from '../../run/recorder.ts'
import { chosenFormats, writeReports } from '../../run/reports.ts'
import { prepareFolder } from '../../run/run-folder.ts'
import { newRunId } from '../../run/run-id.ts'
import { scrubberFor } from '../../scrub-options.ts'
import { userFiles } from '../../user-files.ts'
import type { RecordedRunOptions } from '../options.ts'
import { refuseUnknown } from '../select-contenders.ts'
import { comparisonWith } from './comparison.ts'
import { copyRecording } from './copy.ts'
import { openRecordedLab } from './lab.ts'
import { deploymentsOf } from './rules.ts'
import { type ReadTests, readTests } from './tests.ts'

/** Gives the exit code: that of `run`. Throws `UsageError` when nothing in the recording can be used. */
export async function judgeRecording(given: Manifest, options: RecordedRunOptions, io: Io): Promise<number> {
  let manifest = given
  const formats = chosenFormats(options.format)
  let recording = readOrRefuse(manifest)
  const { scenarios, analytics } = userFiles(io, { scenarios: options.scenarios })
  const files = {
    scenarios: scenarios.map(({ scenario }) => scenario),
    analytics: analytics.map(({ analytic }) => analytic),
    asked: options.analytic,
  }
  refuseUnknown(files.analytics, options.analytic)
  const scrubber = await scrubberFor(options, io)
  if (options.record !== undefined) {
    const folder = await claimRecordingFolder(options.record, io)
    const damage = (line: string) => void io.stderr.write(`damaged, and left out: ${line}\n`)
    manifest = await copyRecording({ path: manifest.path, recording }, folder, scrubber, damage)
    recording = readOrRefuse(manifest)
  }
  const read = await readTests(dirname(manifest.path), recording, files)
  refuseEmpty(manifest.path, read)
  const folder = options.out === undefined ? null : await prepareFolder(options.out, io)
  for (const line of read.damage) io.stderr.write(`damaged: ${line}\n`)
  const { record, refused, interrupted } = await judge(recording, read, io)
  let written = refused.length === 0
  if (refused.length > 0) io.stderr.write(`${counted(refused.length, 'event')} could not be indexed: ${refused[0]}\n`)
  const paths: string[] = []
  if (folder !== null) {
    const store = await openRecordStore(folder)
    store.save(record)
    await store.close()
    const reports = await writeReports(record, folder, formats, io.cwd)
    for (const line of reports.failed) io.stderr.write(`could not be written: ${line}\n`)
    written &&= reports.failed.length === 0
    paths.push(...reports.written)
  }
  show(record, recording, paths, options, io)
  return exitCodeOf(record, { interrupted, written })
}

function readOrRefuse(manifest: Manifest): Recording {
  try {
    return readManifest(manifest)
  } catch (error) {
    if (error instanceof RecordingError) throw new UsageError(error.message)
    throw error
  }
}

function refuseEmpty(path: string, { tests, damage }: ReadTests): void {
  if (tests.length === 0) throw new UsageError(`${path}: there is no test to judge in it`)
  if (tests.some(({ unusable }) => unusable === null)) return
  const why = damage.length > 0 ? damage.join('\n  ') : tests[0]!.unusable
  throw new UsageError(`${path}: no test of this recording can be judged\n  ${why}`)
}

async function judge(recording: Recording, { tests, events }: ReadTests, io: Io) {
  const realStart = Date.now()
  const used = [...new Set(tests.flatMap(({ planned }) => planned.checks.map(({ analytic }) => analytic)))]
  const from = Date.parse(recording.run.startedAt)
  const lab = await openRecordedLab(events, deploymentsOf(recording, used, from), from)
  const progress = startProgress(io.stderr, { colour: io.colour })
  const interrupt = new AbortController()
  const ignore = io.onInterrupt(() => interrupt.abort())
  try {
    const record: RunRecord = {
      ...recording.run,
      id: newRunId(),
      tool: { name: 'tocsin', version: io.version },
      lab: { ...recording.run.lab, kind: 'recorded' },
      siem: await lab.siem.info(),
      analytics: used.map(({ id, title, attack }) => ({
        id,
        title,
        attack: attack.map(({ technique, name, tactics }) => ({ technique, name: name ?? null, tactics })),
      })),
      summary: summarise([]),
    }
    const { clock, siem } = lab
    await judgeAgain({
      record,
      tests,
      siem,
      judge: createJudge(),
      clock,
      listen: progress.listen,
      signal: interrupt.signal,
    })
    record.durationMs = Date.now() - realStart
    return { record, refused: lab.refused, interrupted: interrupt.signal.aborted }
  } finally {
    progress.stop()
    ignore()
    await lab.stop()
  }
}

function show(
  record: RunRecord,
  recording: Recording,
  paths: readonly string[],
  { json }: RecordedRunOptions,
  io: Io,
): void {
  if (json) io.stdout.write(`${JSON.stringify(record)}\n`)
  const terminal = json ? io.stderr : io.stdout
  if (!json || io.stderr.isTTY) {
    const colour = json ? io.colour : io.colourOut
    terminal.write(renderTerminal(record, { colour, width: terminal.columns || 120 }))
  }
  terminal.write(`\n${comparisonWith(recording.run, record)}`)
  if (paths.length > 0) terminal.write(`\n${paths.map((path) => `  ${path}\n`).join('')}`)
}
