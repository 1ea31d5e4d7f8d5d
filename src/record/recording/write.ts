/** Writes a recording as its run goes: at any moment what is there can be judged again. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { EventDocument } from '../../model/event.ts'
import type { RecordedRule, RecordedTest, Recording } from '../../model/recording.ts'
import type { RunRecord } from '../../model/run-record.ts'
import type { Scrubbable } from '../../model/scrubbable.ts'
import { openLiveFile } from '../live-file.ts'
import type { Scrubber } from '../scrub/scrubber.ts'
import { manifestText, packEvents, RECORDING_FILE, sha256, unpackEvents } from './format.ts'
import type { Rewrite } from './rewrite.ts'

/** A test without what only its file of events shows. */
export type TestToKeep = Omit<RecordedTest, 'events'> & { incomplete: string | null }

export interface RecordingWriter {
  /** Writes a test with its events; resolves when both are on disk or on their way there. */
  keep(test: TestToKeep, events: readonly EventDocument[], rules: readonly RecordedRule[]): Promise<void>
  /** Takes the run's record, always the same object. */
  save(run: RunRecord): void
  /** Writes what is left. Throws what a write threw. */
  close(): Promise<void>
}

export interface RecordingOptions {
  detectionInterval: string | null
  /** Masks secrets in events; the run's record has none. */
  mask: Rewrite
  /** Absent: names and addresses stay. */
  scrubber?: Scrubber | undefined
  /** What was scrubbed before. */
  scrubbed?: readonly Scrubbable[]
}

/** A test that is kept. */
interface Kept {
  test: TestToKeep
  /** Its events before they were scrubbed, packed: for when another name becomes known. They are never on disk. */
  raw: Buffer
  /** Without a hash until it is on disk. */
  events: RecordedTest['events']
}

/** A recording in `folder`, which is made when it is missing. Throws when it cannot be written. */
export async function openRecording(folder: string, options: RecordingOptions): Promise<RecordingWriter> {
  const { detectionInterval, mask, scrubber, scrubbed = [] } = options
  const rules = new Map<string, RecordedRule>()
  const kept: Kept[] = []
  let run: RunRecord | null = null
  let writing: Promise<void> = Promise.resolve()
  const manifest = await openLiveFile(folder, RECORDING_FILE, (recording: Recording) =>
    manifestText(scrubber === undefined ? recording : scrubber.recording(recording)),
  )
  const save = () => {
    if (run === null) return
    const tests = kept
      .filter(({ events }) => events.sha256 !== '')
      .map(({ test: { incomplete: _, ...test }, events }) => ({ ...test, events }))
    manifest.save({
      format: 'tocsin.recording/1',
      sha256: '',
      scrubbed: [...scrubbed],
      detectionInterval,
      run,
      rules: [...rules.values()],
      tests,
    })
  }
  const writeEvents = async (one: Kept) => {
    const packed = scrubber === undefined ? one.raw : packEvents(scrubber.events(unpackEvents(one.raw)))
    await writeWhole(join(folder, one.events.file), packed)
    one.events.sha256 = sha256(packed)
    if (scrubber === undefined) one.raw = NOTHING
  }
  const keep: RecordingWriter['keep'] = async (test, given, rulesOfTest) => {
    const events = mask(given)
    for (const rule of rulesOfTest) rules.set(rule.ruleId, rule)
    const file = `events/${test.id}.ndjson.gz`
    const { incomplete } = test
    const raw = packEvents(events)
    kept.push({ test, raw, events: { file, count: events.length, sha256: '', incomplete } })
    const steps = run?.tests.find(({ id }) => id === test.id)?.execution.steps ?? []
    const grew =
      scrubber !== undefined && [...events.map(({ source }) => source), steps].map(scrubber.learn).some(Boolean)
    // A name that is known only now may stand in what was written before.
    for (const one of grew ? kept : kept.slice(-1)) await writeEvents(one)
    save()
  }
  return {
    keep(...test) {
      writing = writing.catch(() => {}).then(() => keep(...test))
      return writing
    },
    save(record) {
      run = record
      save()
    },
    close: () => manifest.close(),
  }
}

const NOTHING = Buffer.alloc(0)

async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.part`, content, { flush: true })
  await rename(`${path}.part`, path)
}
