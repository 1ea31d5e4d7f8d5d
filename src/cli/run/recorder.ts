/** `run --record`: what the engine gathers of each test, on its way into a recording. */
import { readdir } from 'node:fs/promises'
import type { Evidence } from '../../engine/evidence.ts'
import type { NamedHost } from '../../engine/ports.ts'
import { addressOf } from '../../engine/texts.ts'
import type { Analytic } from '../../model/analytic.ts'
import type { RecordedRule, RecordedTest } from '../../model/recording.ts'
import type { RunRecord } from '../../model/run-record.ts'
import { masker } from '../../model/secret.ts'
import { rewriter } from '../../record/recording/rewrite.ts'
import { openRecording } from '../../record/recording/write.ts'
import type { Scrubber } from '../../record/scrub/scrubber.ts'
import { type Io, UsageError } from '../io.ts'
import { ruleFingerprint, rulesOf } from '../rule-fingerprint.ts'
import { prepareFolder } from './run-folder.ts'

export interface Recorder {
  keep(evidence: Evidence): Promise<void>
  save(record: RunRecord): void
  /** Writes what is left; gives what could not be written, each once. */
  close(): Promise<string[]>
}

export interface RecorderOptions {
  analytics: readonly Analytic[]
  detectionInterval: string | null
  secrets: readonly string[]
  scrubber: Scrubber | undefined
  /** All hosts of the lab. */
  hosts: readonly NamedHost[]
}

/** A folder for a recording, made and proved to be writable and empty. Throws `UsageError` when it is not. */
export async function claimRecordingFolder(asked: string, io: Io): Promise<string> {
  const folder = await prepareFolder(asked, io, '--record')
  if ((await readdir(folder)).length > 0) {
    throw new UsageError(`--record ${asked}: it is not empty\n  name a new folder`)
  }
  return folder
}

/** Never throws for a disk that does not take it: the run goes on, and `close` says so. */
export async function openRecorder(folder: string, options: RecorderOptions): Promise<Recorder> {
  const rules = rulesOf(options.analytics)
  const { detectionInterval, secrets, scrubber } = options
  for (const { name, hostname, domain, user } of options.hosts) {
    scrubber?.learn({ host: { name: [hostname, name] }, user: { name: user, domain } })
  }
  const writer = await openRecording(folder, { detectionInterval, mask: rewriter(masker(secrets)), scrubber })
  const trouble = new Set<string>()
  const note = (error: Error) => void trouble.add(`the recording: ${error.message}`)
  return {
    async keep(evidence) {
      const recorded = evidence.rules.map((state): RecordedRule => {
        const rule = rules.get(state.ruleId)
        return { ...state, file: rule === undefined ? null : ruleFingerprint(rule.implementation) }
      })
      await writer.keep(testOf(evidence), evidence.events, recorded).catch(note)
    },
    save: (record) => {
      try {
        writer.save(record)
      } catch (error) {
        note(error as Error)
      }
    },
    async close() {
      await writer.close().catch(note)
      return [...trouble]
    },
  }
}

function testOf({
  planned,
  certain,
  times,
  windows,
  alerts,
  incomplete,
}: Evidence): Omit<RecordedTest, 'events'> & { incomplete: string | null } {
  const { id, test, marker, hosts, checks } = planned
  return {
    id,
    marker,
    hosts: Object.fromEntries([...hosts].map(([role, host]) => [role, hostOf(host)])),
    isolation: test.isolation,
    execution: test.execution,
    expect: checks.map(({ expected }) => expected),
    certain,
    times,
    windows,
    alerts,
    incomplete,
  }
}

function hostOf(host: NamedHost): RecordedTest['hosts'][string] {
  const { name, hostname, domain } = host
  const address = addressOf(host)
  return {
    name,
    ...(hostname === undefined ? {} : { hostname }),
    ...(domain === undefined ? {} : { domain }),
    ...(address === undefined ? {} : { address }),
  }
}
