/** The commands of cmd that work on files. Each throws `WindowsError` when a file is not there. */
import type { File } from '../machine/files.ts'
import { baseName } from '../machine/process.ts'
import { WindowsError } from '../program.ts'
import { writeFile } from '../programs/context.ts'
import { splitArguments } from './argv.ts'
import type { ProcessIo } from './io.ts'
import type { Shell } from './shell.ts'

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('\\'))

/** Arguments apart from switches. */
const operands = (args: string): string[] => splitArguments(args).filter((word) => !/^\/[a-z-]/i.test(word))

/** Files that a name means, `*` and `?` in its last part included. */
function matching(shell: Shell, pattern: string): File[] {
  const path = shell.resolve(pattern)
  if (!/[*?]/.test(pattern)) {
    const file = shell.machine.files.find(path)
    return file === undefined ? [] : [file]
  }
  const expression = baseName(path)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const wanted = new RegExp(`^${expression}$`, 'i')
  return shell.machine.files.list(parentOf(path)).files.filter((file) => wanted.test(baseName(file.path)))
}

function demand(shell: Shell, pattern: string | undefined): File[] {
  if (pattern === undefined) throw new WindowsError(0x80070057, 'The syntax of the command is incorrect.')
  const files = matching(shell, pattern)
  if (files.length === 0) throw new WindowsError(0x80070002, 'The system cannot find the file specified.')
  return files
}

/** Where a file goes when it is copied to `target`, which may be a folder. */
function destination(shell: Shell, file: File, target: string | undefined): string {
  const path = shell.resolve(target ?? baseName(file.path))
  return shell.machine.files.isFolder(path) ? `${path.replace(/\\$/, '')}\\${baseName(file.path)}` : path
}

export async function type(shell: Shell, args: string, io: ProcessIo): Promise<number> {
  for (const file of demand(shell, operands(args)[0])) io.stdout(shell.decode(file.content))
  return 0
}

export async function copy(shell: Shell, args: string, io: ProcessIo): Promise<number> {
  const [from, to] = operands(args)
  const files = demand(shell, from)
  for (const file of files) {
    writeFile(shell.machine, shell.process, destination(shell, file, to), file.content, file.binary)
  }
  io.stdout(`        ${files.length} file(s) copied.\r\n`)
  return 0
}

export async function move(shell: Shell, args: string, io: ProcessIo): Promise<number> {
  const [from, to] = operands(args)
  const files = demand(shell, from)
  for (const file of files) {
    writeFile(shell.machine, shell.process, destination(shell, file, to), file.content, file.binary)
    shell.machine.files.remove(file.path)
  }
  io.stdout(`        ${files.length} file(s) moved.\r\n`)
  return 0
}

export async function rename(shell: Shell, args: string): Promise<number> {
  const [from, to] = operands(args)
  for (const file of demand(shell, from)) {
    const path = `${parentOf(file.path)}\\${to ?? ''}`
    if (shell.machine.files.find(path)) {
      throw new WindowsError(0x800700b7, 'A duplicate file name exists, or the file\r\ncannot be found.')
    }
    shell.machine.files.write(path, file.content, file.modified, file.binary)
    shell.machine.files.remove(file.path)
  }
  return 0
}

/** A name that nothing matches is said, and the error level stays 0, as in cmd. */
export async function del(shell: Shell, args: string, io: ProcessIo): Promise<number> {
  for (const pattern of operands(args)) {
    const files = matching(shell, pattern)
    if (files.length === 0) io.stderr(`Could Not Find ${shell.resolve(pattern)}\r\n`)
    for (const file of files) shell.machine.files.remove(file.path)
  }
  return 0
}

export async function makeFolder(shell: Shell, args: string, io: ProcessIo): Promise<number> {
  for (const name of operands(args)) {
    if (shell.machine.files.isFolder(shell.resolve(name))) {
      io.stderr(`A subdirectory or file ${name} already exists.\r\n`)
      return 1
    }
    shell.machine.files.makeFolder(shell.resolve(name))
  }
  return 0
}

/** `rd [/s] [/q] folder` */
export async function removeFolder(shell: Shell, args: string, io: ProcessIo): Promise<number> {
  const { files } = shell.machine
  const empty = (path: string): void => {
    const inside = files.list(path)
    for (const file of inside.files) files.remove(file.path)
    for (const folder of inside.folders) empty(folder)
    files.removeFolder(path)
  }
  for (const name of operands(args)) {
    const path = shell.resolve(name)
    if (!files.isFolder(path)) throw new WindowsError(0x80070002, 'The system cannot find the file specified.')
    const inside = files.list(path)
    if (!/\/s\b/i.test(args) && inside.files.length + inside.folders.length > 0) {
      io.stderr('The directory is not empty.\r\n')
      return 145
    }
    empty(path)
  }
  return 0
}

export async function dir(shell: Shell, args: string, io: ProcessIo): Promise<number> {
  const [target = '.'] = operands(args)
  const path = shell.resolve(target)
  const isFolder = shell.machine.files.isFolder(path)
  const folder = isFolder ? path : parentOf(path)
  const files = isFolder ? shell.machine.files.list(path).files : matching(shell, target)
  const folders = isFolder ? shell.machine.files.list(path).folders : []
  if (files.length + folders.length === 0 && !isFolder) {
    throw new WindowsError(0x80070002, 'File Not Found')
  }
  if (/\/b\b/i.test(args)) {
    for (const name of [...folders, ...files.map((file) => file.path)]) io.stdout(`${baseName(name)}\r\n`)
    return 0
  }
  io.stdout(
    ` Volume in drive C has no label.\r\n Volume Serial Number is 5EED-0001\r\n\r\n Directory of ${folder}\r\n\r\n`,
  )
  const stamp = (at: number) => new Date(shell.machine.localTime(at)).toISOString().slice(0, 16).replace('T', '  ')
  for (const name of folders) io.stdout(`${stamp(shell.machine.bootedAt)}    <DIR>          ${baseName(name)}\r\n`)
  let bytes = 0
  for (const file of files) {
    bytes += file.content.length
    io.stdout(`${stamp(file.modified)}    ${String(file.content.length).padStart(14)} ${baseName(file.path)}\r\n`)
  }
  io.stdout(`${String(files.length).padStart(16)} File(s) ${String(bytes).padStart(14)} bytes\r\n`)
  return 0
}
