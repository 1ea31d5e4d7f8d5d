/** What the user named, to the inputs it holds: files, folders, patterns, archives, standard input. */
import { createReadStream } from 'node:fs'
import { problemOf } from './file-problems.ts'
import { type FoundFile, findFiles, type Unopened } from './find-files.ts'
import { type Input, unpack } from './unpack.ts'

const CHUNK = 1 << 20

/** Hears how far reading has come. */
export interface ReadingListener {
  /** All files there are, in bytes as they lie on the disk; null when it cannot be known. */
  found(bytes: number | null): void
  /** Bytes that were read of the file at a path. */
  read(path: string, bytes: number): void
}

/** A file, a path that leads to none, or standard input. */
export type Source = FoundFile | Unopened | '-'

export interface OpenOptions {
  /** Folder that relative paths start from. */
  cwd: string
  /** What `-` stands for. */
  stdin: AsyncIterable<Buffer>
  listener?: ReadingListener
}

/** The inputs of all paths in order; see `findSources` and `inputsOf`. */
export async function* openInputs(paths: readonly string[], options: OpenOptions): AsyncGenerator<Input | Unopened> {
  for (const source of await findSources(paths, options)) yield* inputsOf(source, options)
}

/** All paths in order; a folder's files in the order of their names, at any depth. The listener hears how much they are. */
export async function findSources(
  paths: readonly string[],
  { cwd, listener }: Pick<OpenOptions, 'cwd' | 'listener'>,
): Promise<Source[]> {
  const sources: Source[] = []
  for (const path of paths) {
    if (path === '-') sources.push(path)
    else for (const file of await findFiles(path, cwd)) sources.push(file)
  }
  listener?.found(totalOf(sources))
  return sources
}

/** A source that cannot be opened, or a container that cannot be followed to its end, gives an input that says so. */
export async function* inputsOf(
  source: Source,
  { stdin, listener }: Omit<OpenOptions, 'cwd'>,
): AsyncGenerator<Input | Unopened> {
  if (source !== '-' && 'problem' in source) {
    yield source
    return
  }
  const path = source === '-' ? '-' : source.path
  const meter = listener && new Meter(path, listener)
  const stream = source === '-' ? null : createReadStream(source.absolute, { highWaterMark: chunkFor(source) })
  const chunks = stream ?? stdin
  try {
    yield* unpack(
      path,
      meter === undefined ? chunks : meter.passing(chunks),
      source === '-' || source.bytes === 0
        ? undefined
        : { absolute: source.absolute, heard: (bytes) => meter?.heard(bytes) },
    )
  } catch (error) {
    yield { path, problem: problemOf(error) }
  } finally {
    // Who reads the file himself leaves the stream where it is.
    stream?.destroy()
  }
}

/** Their bytes as they lie on the disk; null when that cannot be known. */
function totalOf(sources: readonly Source[]): number | null {
  let bytes = 0
  for (const source of sources) {
    if (source === '-') return null
    if ('bytes' in source) bytes += source.bytes
  }
  return bytes
}

/** No more memory than the file fills: of small files there are many. Some say that they are empty and are not. */
const chunkFor = ({ bytes }: FoundFile) => (bytes === 0 ? CHUNK : Math.min(CHUNK, bytes + 1))

/** Tells a listener of the bytes of one path, once also where a file's beginning is read twice: to know it, and for itself. */
class Meter {
  readonly #path: string
  readonly #listener: ReadingListener
  #told = 0
  #heard = 0

  constructor(path: string, listener: ReadingListener) {
    this.#path = path
    this.#listener = listener
  }

  heard(bytes: number): void {
    this.#heard += bytes
    const news = this.#heard - this.#told
    if (news > 0) this.#tell(news)
  }

  async *passing(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#tell(chunk.length)
      yield chunk
    }
  }

  #tell(bytes: number): void {
    this.#told += bytes
    this.#listener.read(this.#path, bytes)
  }
}
