/** The files of a recording as texts and bytes. */
import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { EventDocument } from '../../model/event.ts'
import type { Recording } from '../../model/recording.ts'

export const RECORDING_FILE = 'recording.json'

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** The text of `recording.json`, with its own hash in it. */
export function manifestText(recording: Recording): string {
  const unsigned = textOf({ ...recording, sha256: '' })
  return unsigned.replace('"sha256": ""', `"sha256": "${sha256(unsigned)}"`)
}

/** Whether a manifest, as it was read, is the one that was written. */
export const isUnchanged = (manifest: { sha256?: unknown }): boolean =>
  sha256(textOf({ ...manifest, sha256: '' })) === manifest.sha256

const textOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** One hit of Elasticsearch a line, so that anything which reads exports reads these files, too. */
export function packEvents(events: readonly EventDocument[]): Buffer {
  const lines = events.map(
    ({ index, id, source }) => `${JSON.stringify({ _index: index, _id: id, _source: source })}\n`,
  )
  return gzipSync(lines.join(''))
}

/** Bytes of one file's events, unpacked: more than any test leaves. */
const LARGEST = 1024 ** 3

/** Throws for what is no such file. */
export function unpackEvents(packed: Uint8Array): EventDocument[] {
  const lines = gunzipSync(packed, { maxOutputLength: LARGEST }).toString('utf8').split('\n')
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const { _index: index, _id: id, _source: source } = JSON.parse(line)
      return { index, id, source }
    })
}
