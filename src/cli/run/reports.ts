/** The files of a run. */
import { writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { RunRecord } from '../../model/run-record.ts'
import { formats } from '../../report/formats.ts'
import { UsageError } from '../io.ts'

/** Names of a `--format` list; throws `UsageError` for one there is not. */
export function chosenFormats(list: string): string[] {
  const names = list.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !Object.hasOwn(formats, name))
  if (unknown.length > 0) {
    throw new UsageError(`no such report format: ${unknown.join(', ')}\n  there are ${Object.keys(formats).join(', ')}`)
  }
  return names
}

/** Renders and writes reports; gives their paths, relative to where the user is. `run.json` is the record store's. */
export async function writeReports(
  record: RunRecord,
  folder: string,
  names: string[],
  cwd: string,
): Promise<{ written: string[]; failed: string[] }> {
  const written = [join(folder, formats.json!.file)]
  const failed: string[] = []
  for (const name of names.filter((each) => each !== 'json')) {
    const { file, render } = formats[name]!
    const path = join(folder, file)
    const text = render(record)
    await writeFile(path, text).then(
      () => written.push(path),
      (error: Error) => failed.push(`${file}: ${error.message}`),
    )
  }
  const fromHere = (path: string) => {
    const short = relative(cwd, path)
    return short.startsWith('..') ? path : short
  }
  return { written: written.map(fromHere), failed }
}
