/** What the user named, to the inputs it holds: files, folders, patterns, archives, standard input. */
import { createReadStream } from 'node:fs'
import { problemOf } from './file-problems.ts'
import { type FoundFile, findFiles, type Unopened } from './find-files.ts'
import { type Input, type PlainFile, unpack } from './unpack.ts'

const CHUNK = 1 << 20

/** Hears how far reading has come. */
export interface ReadingListener {
  /** All files there are, in bytes as they lie on the disk; null when it cannot be known. */
  found(bytes: number | null): void
  /** Bytes that were read of the file at a path. */
  read(path: string, bytes: number): void
}

export interface OpenOptions {
  /** Folder that relative paths start from. */
  cwd: string
  /** What `-` stands for. */
  stdin: AsyncIterable<Buffer>
  listener?: ReadingListener
}

/**
 * The inputs of all paths in order; a folder's files in the order of their names, at any depth. A path that cannot be
 * opened, or a container that cannot be followed to its end, is one that says so.
 */
export async function* openInputs(
  paths: readonly string[],
  { cwd, stdin, listener }: OpenOptions,
): AsyncGenerator<Input | Unopened> {
  const sources: (FoundFile | Unopened | '-')[] = []
  for (const path of paths) sources.push(...(path === '-' ? ['-' as const] : await findFiles(path, cwd)))
  listener?.found(totalOf(sources))
  for (const source of sources) {
    if (source !== '-' && 'problem' in source) {
      yield source
      continue
    }
    const path = source === '-' ? '-' : source.path
    const stream = source === '-' ? null : createReadStream(source.absolute, { highWaterMark: CHUNK })
    const chunks = stream ?? stdin
    try {
      yield* unpack(
        path,
        listener === undefined ? chunks : heard(path, chunks, listener),
        source === '-' || source.bytes === 0 ? undefined : plainFile(source, listener),
      )
    } catch (error) {
      yield { path, problem: problemOf(error) }
    } finally {
      // Who reads the file himself leaves the stream where it is.
      stream?.destroy()
    }
  }
}

const plainFile = ({ path, absolute }: FoundFile, listener: ReadingListener | undefined): PlainFile => ({
  absolute,
  heard: (bytes) => listener?.read(path, bytes),
})

function totalOf(sources: readonly (FoundFile | Unopened | '-')[]): number | null {
  let bytes = 0
  for (const source of sources) {
    if (source === '-') return null
    if ('bytes' in source) bytes += source.bytes
  }
  return bytes
}

async function* heard(path: string, chunks: AsyncIterable<Buffer>, listener: ReadingListener): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    listener.read(path, chunk.length)
    yield chunk
  }
}
