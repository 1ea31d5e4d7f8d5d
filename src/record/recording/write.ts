/** Writes a recording as its run goes: at any moment what is there can be judged again. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { EventDocument } from '../../model/event.ts'
import type { RecordedRule, RecordedTest } from '../../model/recording.ts'
import type { RunRecord } from '../../model/run-record.ts'
import { openLiveFile } from '../live-file.ts'
import { manifestText, packEvents, RECORDING_FILE, sha256 } from './format.ts'
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
}

/** A recording in `folder`, which is made when it is missing. Throws when it cannot be written. */
export async function openRecording(folder: string, options: RecordingOptions): Promise<RecordingWriter> {
  const rules = new Map<string, RecordedRule>()
  const tests: RecordedTest[] = []
  let run: RunRecord | null = null
  const manifest = await openLiveFile(folder, RECORDING_FILE, manifestText)

  const save = () => {
    if (run === null) return
    manifest.save({
      format: 'tocsin.recording/1',
      sha256: '',
      scrubbed: [],
      detectionInterval: options.detectionInterval,
      run,
      rules: [...rules.values()],
      tests,
    })
  }
  return {
    async keep({ incomplete, ...test }, events, rulesOfTest) {
      const packed = packEvents(options.mask(events))
      const file = `events/${test.id}.ndjson.gz`
      await writeWhole(join(folder, file), packed)
      for (const rule of rulesOfTest) rules.set(rule.ruleId, rule)
      tests.push({ ...test, events: { file, count: events.length, sha256: sha256(packed), incomplete } })
      save()
    },
    save(record) {
      run = record
      save()
    },
    close: () => manifest.close(),
  }
}

async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.part`, content, { flush: true })
  await rename(`${path}.part`, path)
}
