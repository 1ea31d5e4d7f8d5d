/** What the user named, to the inputs it holds: files, folders, archives, standard input. */
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DamagedInput } from './damage.ts'
import { type Input, unpack } from './unpack.ts'

const CHUNK = 1 << 20

export interface OpenOptions {
  /** Folder that relative paths start from. */
  cwd: string
  /** What `-` stands for. */
  stdin: AsyncIterable<Buffer>
}

/** A path that could not be opened, or a container that could not be followed to its end. */
export interface Unopened {
  path: string
  problem: string
}

/** The inputs of all paths in order; a folder's files in the order of their names, at any depth. */
export async function* openInputs(paths: readonly string[], options: OpenOptions): AsyncGenerator<Input | Unopened> {
  for (const path of paths) {
    try {
      if (path === '-') yield* unpack('-', options.stdin)
      else yield* openPath(path, resolve(options.cwd, path))
    } catch (error) {
      yield { path, problem: problemOf(error) }
    }
  }
}

async function* openPath(path: string, absolute: string): AsyncGenerator<Input | Unopened> {
  if (!(await stat(absolute)).isDirectory()) {
    yield* unpack(path, createReadStream(absolute, { highWaterMark: CHUNK }))
    return
  }
  const files = (await readdir(absolute, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(absolute.length + 1))
    .sort()
  if (files.length === 0) yield { path, problem: 'a folder without files' }
  for (const file of files) {
    try {
      yield* unpack(join(path, file), createReadStream(join(absolute, file), { highWaterMark: CHUNK }))
    } catch (error) {
      yield { path: join(path, file), problem: problemOf(error) }
    }
  }
}

const REASONS: Record<string, string> = {
  ENOENT: 'no such file',
  EACCES: 'not allowed to read it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
}

export function problemOf(error: unknown): string {
  if (error instanceof DamagedInput) return error.message
  const { code, message } = error as NodeJS.ErrnoException
  return (code && REASONS[code]) ?? message
}

/** Whether a file could not be read, for a reason that its system gives. */
export const isFileError = (error: unknown): boolean => typeof (error as NodeJS.ErrnoException).code === 'string'
