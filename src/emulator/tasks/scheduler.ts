/** Runs tasks when they are due on the lab's clock, and when somebody asks. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import { isService, type LogonSession, newSession, qualified } from '../machine/accounts.ts'
import type { RunStep } from '../machine/changes.ts'
import type { Machine } from '../machine/machine.ts'
import type { HostProcess } from '../machine/process.ts'
import { Timeline } from '../machine/timeline.ts'
import { WindowsError } from '../program.ts'
import { SILENT } from '../shell/io.ts'
import { nextRun, parseBoundary, parseIsoDuration } from './schedule.ts'
import type { StoredTask } from './store.ts'

/** Win32 and scheduler results that a task may end with. */
const LOGON_FAILURE = 0x8007052e
const TERMINATED = 0x00041306
const STILL_ACTIVE = 0x00041301

interface Instance {
  id: string
  process: HostProcess | null
}

export class TaskScheduler {
  readonly #machine: Machine
  readonly #clock: Clock
  /** Cancels the next due time of a task, by task id. */
  readonly #armed = new Map<string, () => void>()
  readonly #running = new Map<string, Instance>()

  constructor(machine: Machine, clock: Clock) {
    this.#machine = machine
    this.#clock = clock
  }

  isRunning(task: StoredTask): boolean {
    return this.#running.has(task.id)
  }

  /** Lab milliseconds of the next run, or null. */
  nextRun(task: StoredTask): number | null {
    const { timeZoneMinutes } = this.#machine
    const local = nextRun(task.definition, this.#machine.localTime(this.#clock.now()), timeZoneMinutes)
    return local === null ? null : this.#machine.labTime(local)
  }

  /** Waits for the task's next due time, in place of any earlier one. */
  arm(task: StoredTask): void {
    this.disarm(task)
    if (!task.definition.settings.enabled) return
    const due = this.nextRun(task)
    if (due !== null) this.#at(task, due, () => this.#due(task))
    else this.#armExpiry(task)
    for (const trigger of task.definition.triggers) {
      if (trigger.kind === 'registration' && trigger.enabled && task.lastRun === null) {
        const delay = parseIsoDuration(trigger.delay ?? '') ?? 0
        this.#clock.at(this.#clock.now() + delay, () => void this.start(task, 'triggered-by-time'))
      }
    }
  }

  /** A task that may be deleted when it has expired goes once it can never run again. */
  #armExpiry(task: StoredTask): void {
    const { deleteExpiredTaskAfter } = task.definition.settings
    if (deleteExpiredTaskAfter === undefined) return
    const { timeZoneMinutes } = this.#machine
    const ends = task.definition.triggers.flatMap((trigger) =>
      'endBoundary' in trigger && trigger.endBoundary !== undefined
        ? [parseBoundary(trigger.endBoundary, timeZoneMinutes)]
        : [],
    )
    if (ends.length === 0) return
    const gone = this.#machine.labTime(Math.max(...ends) + (parseIsoDuration(deleteExpiredTaskAfter) ?? 0))
    this.#at(task, gone, () => {
      const client = { session: this.#machine.sessions.system, process: this.#machine.services.schedule }
      return this.#machine.taskService(client, new Timeline(this.#clock)).delete(task.path)
    })
  }

  #at(task: StoredTask, time: number, work: () => unknown): void {
    this.#armed.set(task.id, this.#clock.at(time, work))
  }

  disarm(task: StoredTask): void {
    this.#armed.get(task.id)?.()
    this.#armed.delete(task.id)
  }

  stopAll(): void {
    for (const cancel of this.#armed.values()) cancel()
    this.#armed.clear()
  }

  async #due(task: StoredTask): Promise<void> {
    await this.start(task, 'triggered-by-time')
    this.arm(task)
  }

  /** Starts an instance unless one runs; settles when it has started, not when it has ended. */
  async start(task: StoredTask, cause: RunStep, caller?: Timeline): Promise<void> {
    if (this.isRunning(task)) return
    const timeline = caller?.fork() ?? new Timeline(this.#clock)
    const instance: Instance = { id: `{${randomUUID().toUpperCase()}}`, process: null }
    const tell = (step: RunStep, more: { result?: number } = {}) => this.#tell(task, instance, timeline, step, more)
    const session = this.#session(task)
    if (session === 'not-logged-on') return tell('not-logged-on')
    task.lastRun = timeline.step()
    tell(cause)
    if (session === 'logon-failure') {
      task.lastResult = LOGON_FAILURE
      tell('start-failed', { result: LOGON_FAILURE })
      return this.#machine.tasks.save()
    }
    task.lastResult = STILL_ACTIVE
    this.#running.set(task.id, instance)
    if (session.type === 'batch') this.#machine.report({ kind: 'logon', at: timeline.step(), session })
    tell('started')
    // Not awaited: the clock waits for what is due to settle, and a task may run for days.
    void this.#run(task, instance, session, timeline)
  }

  stop(task: StoredTask, caller: Timeline): void {
    const instance = this.#running.get(task.id)
    if (instance === undefined) return
    this.#tell(task, instance, caller, 'terminated', {})
    if (instance.process !== null) this.#machine.processes.kill(instance.process, TERMINATED, true)
  }

  async #run(task: StoredTask, instance: Instance, session: LogonSession, timeline: Timeline): Promise<void> {
    for (const [index, action] of task.definition.actions.entries()) {
      const commandLine = `${this.#quoted(action.command)} ${action.arguments ?? ''}`
      try {
        const launched = this.#machine.launch(commandLine, {
          session,
          parent: this.#machine.services.schedule,
          timeline: timeline.fork(),
          workingDirectory: action.workingDirectory ?? 'C:\\Windows\\System32',
          io: SILENT,
        })
        instance.process = launched.process
        timeline.join(launched.process.timeline)
        this.#tell(task, instance, timeline, 'process-created', {}, index)
        this.#tell(task, instance, timeline, 'action-started', {}, index)
        task.lastResult = await launched.done
        timeline.join(launched.process.timeline)
        this.#tell(task, instance, timeline, 'action-completed', { result: task.lastResult }, index)
      } catch (error) {
        task.lastResult = error instanceof WindowsError ? error.code : 0x80004005
        this.#tell(task, instance, timeline, 'action-failed', { result: task.lastResult }, index)
      }
    }
    this.#running.delete(task.id)
    this.#tell(task, instance, timeline, 'completed', {})
    if (this.#machine.tasks.find(task.path) === task) {
      this.#machine.cache.touched(task, timeline)
      this.#machine.tasks.save()
    }
    if (session.type === 'batch') this.#machine.report({ kind: 'logoff', at: timeline.step(), session })
  }

  #quoted(command: string): string {
    const plain = this.#machine.expand(command)
    return plain.includes(' ') && !plain.startsWith('"') ? `"${plain}"` : plain
  }

  #session(task: StoredTask): LogonSession | 'not-logged-on' | 'logon-failure' {
    const { principal } = task.definition
    if (principal.logonType === 'Group') return this.#machine.sessions.anyInteractive() ?? 'not-logged-on'
    const identity = this.#machine.lookup(principal.userId ?? '')
    if (identity === null) return 'logon-failure'
    if (isService(identity.sid)) return this.#machine.sessions.service(identity)
    if (principal.logonType === 'InteractiveToken') {
      return this.#machine.sessions.interactive(identity) ?? 'not-logged-on'
    }
    if (principal.logonType === 'Password' && task.passwordValid === false) return 'logon-failure'
    return newSession(identity, 'batch', { elevated: principal.runLevel === 'HighestAvailable' })
  }

  #tell(
    task: StoredTask,
    instance: Instance,
    timeline: Timeline,
    step: RunStep,
    { result = 0 }: { result?: number },
    actionIndex = 0,
  ): void {
    const { principal, actions } = task.definition
    const identity = this.#machine.lookup(principal.userId ?? '')
    const user = identity === null ? (principal.groupId ?? '') : qualified(identity)
    this.#machine.report({
      kind: 'task-run',
      at: timeline.step(),
      run: {
        step,
        path: task.path,
        instance: instance.id,
        user,
        action: this.#machine.expand(actions[actionIndex]?.command ?? ''),
        process: instance.process,
        result,
      },
    })
  }
}
