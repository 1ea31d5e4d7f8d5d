/** Writes a recording again, scrubbed. */
import { dirname } from 'node:path'
import type { EventDocument } from '../../../model/event.ts'
import type { RecordedTest, Recording } from '../../../model/recording.ts'
import { readEventsOf } from '../../../record/recording/read.ts'
import { manifestAt } from '../../../record/recording/recognise.ts'
import { openRecording } from '../../../record/recording/write.ts'
import type { Scrubber } from '../../../record/scrub/scrubber.ts'
import { UsageError } from '../../io.ts'

/** Gives the manifest of the copy. Tests whose events are damaged are left out, and said by `onDamage`. */
export async function copyRecording(
  { path, recording }: { path: string; recording: Recording },
  folder: string,
  scrubber: Scrubber | undefined,
  onDamage: (line: string) => void,
) {
  const { run, rules, detectionInterval, scrubbed } = recording
  const writer = await openRecording(folder, { detectionInterval, mask: (value) => value, scrubber, scrubbed })
  writer.save(run)
  const tests: { test: RecordedTest; events: EventDocument[] }[] = []
  for (const test of recording.tests) {
    try {
      tests.push({ test, events: await readEventsOf(dirname(path), test) })
    } catch (error) {
      onDamage(`${test.id}: ${(error as Error).message}`)
    }
  }
  // All names before the first file: none is written twice.
  if (scrubber !== undefined) learnAll(recording, tests, scrubber)
  for (const { test, events } of tests) {
    const { events: about, ...kept } = test
    await writer.keep({ ...kept, incomplete: about.incomplete }, events, rules)
  }
  await writer.close()
  const manifest = manifestAt(folder)
  if (manifest === null) throw new UsageError(`${folder}: the recording could not be written`)
  return manifest
}

function learnAll(
  recording: Recording,
  tests: readonly { events: readonly EventDocument[] }[],
  { learn }: Scrubber,
): void {
  for (const host of recording.tests.flatMap(({ hosts }) => Object.values(hosts))) {
    learn({ host: { name: [host.hostname, host.name] }, user: { domain: host.domain } })
  }
  for (const { execution } of recording.run.tests) learn(execution.steps)
  for (const { source } of tests.flatMap(({ events }) => events)) learn(source)
}
