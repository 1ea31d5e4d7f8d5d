/** A small file system: drive C:, case-insensitive, kept in memory. */
import { WindowsError } from '../program.ts'
import { BINARIES, type Binary, PYTHON_TOOLS, TOOLS_FOLDER } from './binaries.ts'
import { baseName } from './process.ts'

export interface File {
  /** As it was first written. */
  path: string
  content: Buffer
  /** Set where the file is an executable; it goes along when the file is copied or moved. */
  binary?: Binary
  /** Lab milliseconds. */
  modified: number
}

const FOLDERS = [
  'C:\\Windows\\System32\\Tasks',
  'C:\\Windows\\Temp',
  'C:\\Users\\Public',
  'C:\\ProgramData',
  'C:\\Program Files',
  TOOLS_FOLDER,
]

/** HRESULTs and Win32 codes of what goes wrong with files. */
const NOT_FOUND = new WindowsError(0x80070002, 'The system cannot find the file specified.')
const PATH_NOT_FOUND = new WindowsError(0x80070003, 'The system cannot find the path specified.')

const key = (path: string): string => path.toLowerCase()
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('\\'))

export class FileSystem {
  readonly #files = new Map<string, File>()
  readonly #folders = new Map<string, string>()
  /** How many files have a name, folder apart: most names that are looked up along a path are nowhere. */
  readonly #names = new Map<string, number>()

  constructor(installed: number) {
    for (const folder of FOLDERS) this.makeFolder(folder)
    for (const binary of BINARIES) {
      for (const path of binary.paths) this.#put({ path, content: Buffer.from('MZ'), binary, modified: installed })
    }
    for (const tool of PYTHON_TOOLS) {
      this.#put({ path: `${TOOLS_FOLDER}\\${tool}`, content: Buffer.from('# emulated\r\n'), modified: installed })
    }
  }

  /** An absolute path without `.`, `..`, forward slashes and doubled separators. */
  static resolve(path: string, workingDirectory: string): string {
    const text = path.replaceAll('/', '\\').replace(/^\\\\\?\\/, '')
    const absolute = /^[a-z]:/i.test(text)
      ? text
      : text.startsWith('\\')
        ? `${workingDirectory.slice(0, 2)}${text}`
        : `${workingDirectory}\\${text}`
    const parts: string[] = []
    for (const part of absolute.split('\\')) {
      if (part === '..') parts.length = Math.max(1, parts.length - 1)
      else if (part !== '' && part !== '.') parts.push(part)
    }
    return parts.length === 1 ? `${parts[0]}\\` : parts.join('\\')
  }

  #put(file: File): void {
    this.makeFolder(parentOf(file.path))
    this.#add(file)
  }

  #add(file: File): void {
    if (!this.#files.has(key(file.path))) this.#count(file.path, 1)
    this.#files.set(key(file.path), file)
  }

  #count(path: string, change: 1 | -1): void {
    const name = key(baseName(path))
    this.#names.set(name, (this.#names.get(name) ?? 0) + change)
  }

  /** Whether any folder has a file of that name. */
  hasName(name: string): boolean {
    return (this.#names.get(key(name)) ?? 0) > 0
  }

  find(path: string): File | undefined {
    return this.#files.get(key(path))
  }

  read(path: string): File {
    const file = this.find(path)
    if (file === undefined) throw NOT_FOUND
    return file
  }

  /** Writes a file; says whether it is new. The folder must exist. */
  write(path: string, content: Buffer, modified: number, binary?: Binary): boolean {
    if (!this.isFolder(parentOf(path))) throw PATH_NOT_FOUND
    const known = this.find(path)
    this.#add({ path: known?.path ?? path, content, modified, ...(binary ? { binary } : {}) })
    return known === undefined
  }

  remove(path: string): void {
    if (!this.#files.delete(key(path))) throw NOT_FOUND
    this.#count(path, -1)
  }

  isFolder(path: string): boolean {
    const plain = path.replace(/\\$/, '')
    return /^[a-z]:$/i.test(plain) || this.#folders.has(key(plain))
  }

  /** Makes a folder and those above it. */
  makeFolder(path: string): void {
    const plain = path.replace(/\\$/, '')
    if (this.isFolder(plain)) return
    this.makeFolder(parentOf(plain))
    this.#folders.set(key(plain), plain)
  }

  removeFolder(path: string): void {
    if (!this.#folders.delete(key(path))) throw NOT_FOUND
  }

  /** What lies directly in a folder, by name. */
  list(folder: string): { files: File[]; folders: string[] } {
    const above = key(folder.replace(/\\$/, ''))
    const within = (path: string): boolean => key(parentOf(path)) === above
    const byPath = (a: string, b: string): number => (key(a) < key(b) ? -1 : 1)
    return {
      files: [...this.#files.values()].filter((file) => within(file.path)).sort((a, b) => byPath(a.path, b.path)),
      folders: [...this.#folders.values()].filter(within).sort(byPath),
    }
  }
}
