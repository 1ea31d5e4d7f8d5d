/** Reads a recording; what is damaged is said, never judged. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EventDocument } from '../../model/event.ts'
import { type RecordedTest, Recording } from '../../model/recording.ts'
import { isUnchanged, sha256, unpackEvents } from './format.ts'
import type { Manifest } from './recognise.ts'

/** A recording cannot be used at all. */
export class RecordingError extends Error {
  override name = 'RecordingError'
}

/** Throws `RecordingError` for a manifest that is cut, changed or of another version. */
export function readManifest({ path, text, version }: Manifest): Recording {
  if (version !== '1')
    throw new RecordingError(`${path}: this is a recording of version ${version}, and 1 is read here`)
  let value: Record<string, unknown>
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new RecordingError(`${path} is damaged: ${(error as Error).message}`)
  }
  const parsed = Recording.safeParse(value)
  if (!parsed.success) {
    const { path: at, message } = parsed.error.issues[0]!
    throw new RecordingError(`${path} is no recording (tocsin.recording/1): ${at.join('.') || 'recording'}: ${message}`)
  }
  if (!isUnchanged(value)) {
    throw new RecordingError(`${path} was changed after it was written: its hash does not fit\n  record the run again`)
  }
  return parsed.data
}

/** The events of a test, `folder` being the recording's. Throws an `Error` that says what is wrong with the file. */
export async function readEventsOf(folder: string, { events }: RecordedTest): Promise<EventDocument[]> {
  const packed = await readFile(join(folder, events.file)).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${events.file} ${error.code === 'ENOENT' ? 'is missing' : `cannot be read (${error.code})`}`)
  })
  if (sha256(packed) !== events.sha256) {
    throw new Error(`${events.file} was damaged or changed after it was written: its hash does not fit`)
  }
  return unpackEvents(packed)
}
