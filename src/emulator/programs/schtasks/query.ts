/** schtasks /query: tables, lists, CSV and XML. */
import type { ProgramContext, RegisteredTask } from '../../program.ts'
import { connect } from './connection.ts'
import { type Row, rowOf } from './row.ts'
import { Refusal, type Switches } from './switches.ts'

const FORMATS = ['TABLE', 'LIST', 'CSV']
/** Columns of a table that is not verbose, with their widths. */
const COLUMNS = [
  { name: 'TaskName', width: 40 },
  { name: 'Next Run Time', width: 22 },
  { name: 'Status', width: 15 },
]
const LISTED = ['HostName', 'TaskName', 'Next Run Time', 'Status', 'Logon Mode']
const EMPTY = 'INFO: There are no scheduled tasks presently available at your access level.\n'

export async function query(switches: Switches, context: ProgramContext): Promise<number> {
  const format = (switches.get('fo') ?? 'TABLE').toUpperCase()
  if (!FORMATS.includes(format))
    throw new Refusal(`ERROR: Invalid syntax. Value for '/FO' is not one of the allowed values.`)
  const name = switches.get('tn')
  const service = await connect(switches, context)
  // A name that ends in a backslash is a folder.
  const single = name !== undefined && !name.endsWith('\\')
  const tasks = single ? [await service.get(name)] : await service.list(name ?? '\\')
  if (switches.has('xml')) {
    context.stdout(xmlOf(tasks, single, switches.get('xml')?.toUpperCase() === 'ONE'))
    return 0
  }
  const host = (switches.get('s') ?? context.hostName).toUpperCase()
  const rows = tasks.map((task) => rowOf(task, host, context))
  const verbose = switches.has('v')
  if (format === 'CSV') context.stdout(csvOf(rows, verbose, !switches.has('nh')))
  else if (format === 'LIST') context.stdout(listOf(tasks, rows, verbose))
  else context.stdout(tableOf(tasks, rows, verbose, !switches.has('nh')))
  return 0
}

/** All in one document with ONE or for one task; else one document after the other with its path as a comment. */
function xmlOf(tasks: RegisteredTask[], single: boolean, one: boolean): string {
  if (single) return `${tasks[0]!.xml}\n`
  const inner = tasks.map(({ path, xml }) => {
    const body = one ? xml.replace(/^<\?xml.*?\?>\s*/, '') : xml
    return `<!-- ${path} -->\n${body}\n`
  })
  return one ? `<?xml version="1.0" encoding="UTF-16"?>\n<Tasks>\n${inner.join('\n')}</Tasks>\n` : inner.join('\n')
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('\\')) || '\\'

/** Rows by folder, in the order of the paths. */
function byFolder(tasks: RegisteredTask[], rows: Row[]): [string, Row[]][] {
  const folders = new Map<string, Row[]>()
  if (tasks.length === 0) folders.set('\\', [])
  for (const [index, task] of tasks.entries()) {
    const folder = folderOf(task.path)
    folders.set(folder, [...(folders.get(folder) ?? []), rows[index]!])
  }
  return [...folders]
}

function tableOf(tasks: RegisteredTask[], rows: Row[], verbose: boolean, header: boolean): string {
  const names = rows[0] === undefined || !verbose ? COLUMNS : Object.keys(rows[0]).map((name) => ({ name, width: 32 }))
  const cells = (value: (name: string) => string) =>
    names.map(({ name, width }) => value(name).slice(0, width).padEnd(width)).join(' ')
  const head = header ? `${cells((name) => name)}\n${names.map(({ width }) => '='.repeat(width)).join(' ')}\n` : ''
  return byFolder(tasks, rows)
    .map(([folder, found]) => {
      const lines = found.map(
        (row) => `${cells((name) => (name === 'TaskName' ? leafOf(row.TaskName!) : row[name]!))}\n`,
      )
      return `\nFolder: ${folder}\n${found.length === 0 ? EMPTY : head + lines.join('')}`
    })
    .join('')
}

const leafOf = (path: string): string => path.slice(path.lastIndexOf('\\') + 1)

function listOf(tasks: RegisteredTask[], rows: Row[], verbose: boolean): string {
  return byFolder(tasks, rows)
    .map(([folder, found]) => {
      const blocks = found.map((row) => {
        const names = verbose ? Object.keys(row) : LISTED
        const width = Math.max(...names.map((name) => name.length)) + 2
        return names.map((name) => `${`${name}:`.padEnd(width)}${row[name]}\n`).join('')
      })
      return `\nFolder: ${folder}\n${found.length === 0 ? EMPTY : blocks.join('\n')}`
    })
    .join('')
}

/** The header comes again before each task where verbose, and quotes inside a value stay as they are: so does the real one. */
function csvOf(rows: Row[], verbose: boolean, header: boolean): string {
  const names = verbose && rows[0] !== undefined ? Object.keys(rows[0]) : COLUMNS.map(({ name }) => name)
  const line = (values: string[]) => `${values.map((value) => `"${value}"`).join(',')}\n`
  const head = header ? line(names) : ''
  const lines = rows.map((row) => line(names.map((name) => row[name]!)))
  return verbose ? lines.map((text) => head + text).join('') : head + lines.join('')
}
