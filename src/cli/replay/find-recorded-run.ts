/** The recordings of runs among what is named on the command line. */
import { dirname, join, resolve } from 'node:path'
import { type Manifest, manifestAt } from '../../record/recording/recognise.ts'
import { type Io, UsageError } from '../io.ts'

/** Null for files that are no such recording. Throws `UsageError` for one among other files. */
export function findRecordedRun(files: readonly string[], io: Io): Manifest | null {
  for (const file of files) {
    const manifest = manifestOf(file, io)
    if (manifest === null) continue
    if (files.length === 1) return manifest
    throw new UsageError(`${file} is the recording of a run, which is judged alone\n  name it without other files`)
  }
  return null
}

/** Where the events of a run's recording lie; any other path as it is. */
export function eventsOf(file: string, io: Io): string {
  const manifest = manifestOf(file, io)
  return manifest === null ? file : eventsFolder(manifest)
}

const manifestOf = (file: string, io: Io): Manifest | null => (file === '-' ? null : manifestAt(resolve(io.cwd, file)))

export const eventsFolder = ({ path }: Manifest): string => join(dirname(path), 'events')
