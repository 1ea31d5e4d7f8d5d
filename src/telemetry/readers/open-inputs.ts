/** What the user named, to the inputs it holds: files, folders, patterns, archives, standard input. */
import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import { problemOf } from './file-problems.ts'
import { type FoundFile, findFiles, type Unopened } from './find-files.ts'
import { type Input, unpack } from './unpack.ts'

const CHUNK = 1 << 20
/** What is read of a file to know what it is. */
const BEGIN = 64 << 10

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
export async function* inputsOf(source: Source, options: Omit<OpenOptions, 'cwd'>): AsyncGenerator<Input | Unopened> {
  if (source !== '-' && 'problem' in source) {
    yield source
    return
  }
  const path = source === '-' ? '-' : source.path
  const { listener } = options
  const meter = listener && new Meter(path, listener)
  // Who has no need of it does not even touch standard input.
  const chunks = source === '-' ? options.stdin : chunksOf(source)
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
  }
}

/** A file's beginning at once; the rest is opened for who asks for it, which he who reads the file himself does not. */
async function* chunksOf({ absolute, bytes }: FoundFile): AsyncGenerator<Buffer> {
  // Some say that they are empty and are not: what a shell makes of a program's output, for one.
  const begin = bytes === 0 ? Buffer.alloc(0) : beginOf(absolute)
  if (begin.length > 0) yield begin
  if (begin.length > 0 && begin.length === bytes) return
  yield* createReadStream(absolute, { ...(begin.length > 0 && { start: begin.length }), highWaterMark: CHUNK })
}

function beginOf(absolute: string): Buffer {
  const descriptor = openSync(absolute, 'r')
  try {
    const begin = Buffer.alloc(BEGIN)
    return begin.subarray(0, readSync(descriptor, begin, 0, BEGIN, 0))
  } finally {
    closeSync(descriptor)
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
