/** The files of a run. */
import { constants } from 'node:fs'
import { access, mkdir, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import type { RunRecord } from '../../model/run-record.ts'
import { formats } from '../../report/formats.ts'
import { type Io, UsageError } from '../io.ts'

/** Names of a `--format` list; throws `UsageError` for one there is not. */
export function chosenFormats(list: string): string[] {
  const names = list.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !Object.hasOwn(formats, name))
  if (unknown.length > 0) {
    throw new UsageError(`no such report format: ${unknown.join(', ')}\n  there are ${Object.keys(formats).join(', ')}`)
  }
  return names
}

/** Makes the folder of a run and proves that it can be written; gives its absolute path. */
export async function prepareFolder(asked: string, io: Io): Promise<string> {
  const folder = resolve(io.cwd, asked)
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK | constants.X_OK)
    return folder
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'it cannot be written' : 'it cannot be made'
    throw new UsageError(`--out ${asked}: ${why} (${code})\n  name a folder that you may write`)
  }
}

/** Renders and writes reports; gives their paths, relative to where the user is. `run.json` is the record store's. */
export async function writeReports(record: RunRecord, folder: string, names: string[], cwd: string): Promise<string[]> {
  const paths = [join(folder, formats.json!.file)]
  for (const name of names.filter((each) => each !== 'json')) {
    const { file, render } = formats[name]!
    const path = join(folder, file)
    await writeFile(path, render(record))
    paths.push(path)
  }
  return paths.map((path) => {
    const short = relative(cwd, path)
    return short.startsWith('..') ? path : short
  })
}
