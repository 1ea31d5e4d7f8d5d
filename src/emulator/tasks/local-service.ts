/** The Task Scheduler service of a host, as one client reaches it: checks, changes the store, and leaves what Windows leaves. */
import { isService, qualified } from '../machine/accounts.ts'
import type { TaskClient } from '../machine/changes.ts'
import type { Machine } from '../machine/machine.ts'
import type { Timeline } from '../machine/timeline.ts'
import { type RegisteredTask, type TaskService, WindowsError } from '../program.ts'
import type { TaskDefinition } from './definition.ts'
import { formatBoundary } from './schedule.ts'
import type { StoredTask } from './store.ts'
import { renderTaskXml } from './xml.ts'

const FILE_NOT_FOUND = 0x80070002
const ALREADY_EXISTS = 0x800700b7
const ACCESS_DENIED = 0x80070005

const notFound = () => new WindowsError(FILE_NOT_FOUND, 'The system cannot find the file specified.')

/** A path with one leading backslash. Throws 0x8007007B when it has characters that no path may have. */
function taskPath(text: string): string {
  const path = `\\${text.replace(/^\\+/, '').replace(/\\+$/, '')}`
  if (path === '\\' || /[<>:"/|?*\p{Cc}]|\\\\/u.test(path)) {
    throw new WindowsError(0x8007007b, 'The filename, directory name, or volume label syntax is incorrect.')
  }
  return path
}

export class LocalTaskService implements TaskService {
  readonly #machine: Machine
  readonly #client: TaskClient
  readonly #timeline: Timeline

  constructor(machine: Machine, client: TaskClient, timeline: Timeline) {
    this.#machine = machine
    this.#client = client
    this.#timeline = timeline
  }

  async register(
    name: string,
    given: TaskDefinition,
    how: 'create' | 'update' | 'create-or-update',
    as: { user?: string; password?: string } = {},
  ): Promise<RegisteredTask> {
    this.#demandElevation()
    const path = taskPath(name)
    const known = this.#machine.tasks.find(path)
    if (known !== undefined && how === 'create') {
      throw new WindowsError(ALREADY_EXISTS, 'Cannot create a file when that file already exists.')
    }
    if (known === undefined && how === 'update') throw notFound()
    const principal = this.#principal(given.principal, as)
    const registrationInfo = {
      author: qualified(this.#client.session.identity),
      date: formatBoundary(this.#machine.localTime(this.#timeline.step())),
      ...given.registrationInfo,
      uri: path,
    }
    const definition = { ...given, principal, registrationInfo }
    const passwordValid =
      as.password === undefined
        ? null
        : this.#machine.authenticate({ user: principal.userId ?? '', password: as.password }) !== null
    if (known === undefined) {
      const task = this.#machine.tasks.create(path, definition, passwordValid)
      this.#machine.cache.created(task, this.#timeline)
      this.#announce('created', task)
      this.#machine.scheduler.arm(task)
      return this.#registered(task)
    }
    Object.assign(known, { definition, passwordValid: passwordValid ?? known.passwordValid })
    this.#machine.tasks.save()
    this.#machine.cache.updated(known, this.#timeline)
    this.#announce('updated', known)
    this.#machine.scheduler.arm(known)
    return this.#registered(known)
  }

  async get(name: string): Promise<RegisteredTask> {
    return this.#registered(this.#find(name))
  }

  async list(folder: string): Promise<RegisteredTask[]> {
    const prefix = folder === '\\' || folder === '' ? '\\' : `${taskPath(folder)}\\`
    return this.#machine.tasks
      .all()
      .filter(({ path }) => path.toLowerCase().startsWith(prefix.toLowerCase()))
      .map((task) => this.#registered(task))
  }

  async delete(name: string): Promise<void> {
    this.#demandElevation()
    const task = this.#find(name)
    this.#machine.scheduler.disarm(task)
    this.#machine.tasks.delete(task.path)
    this.#machine.cache.deleted(task, this.#timeline)
    this.#announce('deleted', task)
  }

  async run(name: string): Promise<void> {
    this.#demandElevation()
    const task = this.#find(name)
    if (!task.definition.settings.enabled) {
      throw new WindowsError(0x80041326, 'The task is disabled.')
    }
    await this.#machine.scheduler.start(task, 'triggered-by-user', this.#timeline)
  }

  async stop(name: string): Promise<void> {
    this.#demandElevation()
    this.#machine.scheduler.stop(this.#find(name), this.#timeline)
  }

  async setEnabled(name: string, enabled: boolean): Promise<void> {
    this.#demandElevation()
    const task = this.#find(name)
    task.definition = { ...task.definition, settings: { ...task.definition.settings, enabled } }
    this.#machine.tasks.save()
    this.#machine.cache.updated(task, this.#timeline)
    this.#announce(enabled ? 'enabled' : 'disabled', task)
    this.#machine.scheduler.arm(task)
  }

  #demandElevation(): void {
    if (!this.#client.session.elevated) throw new WindowsError(ACCESS_DENIED, 'Access is denied.')
  }

  #find(name: string): StoredTask {
    const task = this.#machine.tasks.find(taskPath(name))
    if (task === undefined) throw notFound()
    return task
  }

  /** Who the task runs as: what the caller says, else what the definition says, else the caller. */
  #principal(
    given: TaskDefinition['principal'],
    as: { user?: string; password?: string },
  ): TaskDefinition['principal'] {
    if (given.groupId !== undefined && as.user === undefined) return { ...given, logonType: 'Group' }
    const named = as.user ?? given.userId ?? qualified(this.#client.session.identity)
    const identity = this.#machine.lookup(named)
    if (identity === null) {
      throw new WindowsError(0x80070534, 'No mapping between account names and security IDs was done.')
    }
    const { groupId: _, ...rest } = given
    if (isService(identity.sid)) return { ...rest, userId: identity.sid, logonType: 'ServiceAccount' }
    const unstated = given.logonType === 'None' || given.logonType === 'ServiceAccount' || given.logonType === 'Group'
    const logonType = as.password !== undefined ? 'Password' : unstated ? 'InteractiveToken' : given.logonType
    return { ...rest, userId: qualified(identity), logonType }
  }

  #announce(operation: 'created' | 'updated' | 'deleted' | 'enabled' | 'disabled', task: StoredTask): void {
    this.#machine.report({
      kind: 'task',
      at: this.#timeline.step(),
      operation,
      path: task.path,
      xml: renderTaskXml(task.definition),
      runsAs: task.definition.principal.userId ?? task.definition.principal.groupId ?? '',
      client: this.#client,
    })
  }

  #registered(task: StoredTask): RegisteredTask {
    const { scheduler } = this.#machine
    return {
      path: task.path,
      definition: structuredClone(task.definition),
      state: scheduler.isRunning(task) ? 'Running' : task.definition.settings.enabled ? 'Ready' : 'Disabled',
      lastRun: task.lastRun,
      lastResult: task.lastResult,
      nextRun: scheduler.nextRun(task),
      xml: renderTaskXml(task.definition),
    }
  }
}
