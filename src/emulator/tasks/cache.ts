/** What Task Scheduler keeps of a task in the registry and on disk, and in which order it writes it. */
import type { Change } from '../machine/changes.ts'
import type { Machine } from '../machine/machine.ts'
import type { Timeline } from '../machine/timeline.ts'
import type { StoredTask } from './store.ts'

const CACHE = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache'
const FOLDER = 'C:\\Windows\\System32\\Tasks'
const BINARY = 'Binary Data'

/** Which list of the cache a task is on decides when the service looks at it. Logon goes before boot. */
function listOf({ definition }: StoredTask): { name: 'Logon' | 'Boot' | 'Plain'; index: number } {
  const kinds = definition.triggers.map(({ kind }) => kind)
  if (kinds.includes('logon')) return { name: 'Logon', index: 2 }
  return kinds.includes('boot') ? { name: 'Boot', index: 1 } : { name: 'Plain', index: 3 }
}

export class TaskCache {
  readonly #machine: Machine

  constructor(machine: Machine) {
    this.#machine = machine
  }

  #registry(timeline: Timeline, operation: Extract<Change, { kind: 'registry' }>['operation']) {
    const at = timeline.step()
    const process = this.#machine.services.schedule
    return (target: string, details?: string) =>
      this.#machine.report({
        kind: 'registry',
        at,
        process,
        operation,
        target: `${CACHE}\\${target}`,
        ...(details === undefined ? {} : { details }),
      })
  }

  /** A new task's keys, its values, its file: the order of the recorded creation. */
  created(task: StoredTask, timeline: Timeline): void {
    const { name, index } = listOf(task)
    const key = this.#registry(timeline, 'CreateKey')
    const value = this.#registry(timeline, 'SetValue')
    key(`Tree${task.path}`)
    value(`Tree${task.path}\\SD`, BINARY)
    value(`Tree${task.path}\\Id`, task.id)
    value(`Tree${task.path}\\Index`, `DWORD (0x${index.toString(16).padStart(8, '0')})`)
    key(`Tasks\\${task.id}`)
    this.#identity(task, value)
    key(`${name}\\${task.id}`)
    this.#content(task, value)
    this.#file(task, timeline)
    this.touched(task, timeline)
  }

  updated(task: StoredTask, timeline: Timeline): void {
    const value = this.#registry(timeline, 'SetValue')
    this.#identity(task, value)
    this.#content(task, value)
    this.#file(task, timeline)
    this.touched(task, timeline)
  }

  deleted(task: StoredTask, timeline: Timeline): void {
    const gone = this.#registry(timeline, 'DeleteKey')
    gone(`${listOf(task).name}\\${task.id}`)
    gone(`Tasks\\${task.id}`)
    gone(`Tree${task.path}`)
    if (this.#machine.files.find(FOLDER + task.path)) this.#machine.files.remove(FOLDER + task.path)
  }

  /** Its times of creation, last run and last result, which every run rewrites. */
  touched(task: StoredTask, timeline: Timeline): void {
    this.#registry(timeline, 'SetValue')(`Tasks\\${task.id}\\DynamicInfo`, BINARY)
  }

  #identity(task: StoredTask, value: (target: string, details: string) => void): void {
    value(`Tasks\\${task.id}\\Path`, task.path)
    value(`Tasks\\${task.id}\\Hash`, BINARY)
  }

  #content({ id, path, definition }: StoredTask, value: (target: string, details: string) => void): void {
    const { date, author } = definition.registrationInfo
    value(`Tasks\\${id}\\Schema`, 'DWORD (0x00010002)')
    if (date !== undefined) value(`Tasks\\${id}\\Date`, date)
    if (author !== undefined) value(`Tasks\\${id}\\Author`, author)
    value(`Tasks\\${id}\\URI`, path)
    value(`Tasks\\${id}\\Triggers`, BINARY)
    value(`Tasks\\${id}\\Actions`, BINARY)
  }

  #file(task: StoredTask, timeline: Timeline): void {
    const path = FOLDER + task.path
    const folder = path.slice(0, path.lastIndexOf('\\'))
    this.#machine.files.makeFolder(folder)
    const at = timeline.step()
    this.#machine.files.write(path, Buffer.from(`\ufeff${this.#machine.xmlOf(task)}`, 'utf16le'), at)
    this.#machine.report({ kind: 'file-created', at, process: this.#machine.services.schedule, path, created: at })
  }
}
