/** CIM instances of the ScheduledTasks module, and what they mean as a task definition. */
import type { RegisteredTask } from '../../program.ts'
import type { Action, TaskDefinition, Trigger } from '../../tasks/definition.ts'
import { failure } from '../errors.ts'
import { type DateTime, PsObject, toBoolean, toText, type Value } from '../values.ts'
import { formatDate } from './date-format.ts'

const typed = (name: string) => `Microsoft.Management.Infrastructure.CimInstance#${name}`
export const TASK_TYPE = typed('MSFT_ScheduledTask')

const textIn = (object: PsObject, name: string): string | undefined => {
  const value = object.properties.get(name)
  return value === null || value === '' ? undefined : toText(value)
}

/** A property that is left out when it has no value. */
const maybe = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: string }

export const boundary = (value: DateTime): string => formatDate(value, 's')

/** `PT5M` of a time span in milliseconds. */
export function isoDuration(ms: number): string {
  const [days, rest] = [Math.floor(ms / 86_400_000), ms % 86_400_000]
  const parts = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1000) % 60]
  const clock = parts.map((value, index) => (value === 0 ? '' : `${value}${'HMS'[index]}`)).join('')
  return `P${days === 0 ? '' : `${days}D`}${clock === '' ? (days === 0 ? 'T0S' : '') : `T${clock}`}`
}

export const actionInstance = (execute: string, given: string | undefined, folder: string | undefined): PsObject =>
  new PsObject(
    { Id: null, Arguments: given ?? null, Execute: execute, WorkingDirectory: folder ?? null, PSComputerName: null },
    { typeName: typed('MSFT_TaskExecAction') },
  )

const TRIGGER_TYPES: Record<Trigger['kind'], string> = {
  time: 'MSFT_TaskTimeTrigger',
  daily: 'MSFT_TaskDailyTrigger',
  weekly: 'MSFT_TaskWeeklyTrigger',
  monthly: 'MSFT_TaskTrigger',
  logon: 'MSFT_TaskLogonTrigger',
  boot: 'MSFT_TaskBootTrigger',
  idle: 'MSFT_TaskIdleTrigger',
  event: 'MSFT_TaskEventTrigger',
  registration: 'MSFT_TaskRegistrationTrigger',
}

export function triggerInstance(trigger: Trigger): PsObject {
  const repetition = trigger.kind === 'time' ? trigger.repetition : undefined
  return new PsObject(
    {
      Enabled: trigger.enabled,
      EndBoundary: ('endBoundary' in trigger ? trigger.endBoundary : undefined) ?? null,
      ExecutionTimeLimit: null,
      Id: null,
      Repetition: new PsObject(
        { Duration: repetition?.duration ?? null, Interval: repetition?.interval ?? null, StopAtDurationEnd: false },
        { typeName: typed('MSFT_TaskRepetitionPattern') },
      ),
      StartBoundary: ('startBoundary' in trigger ? trigger.startBoundary : undefined) ?? null,
      Delay: ('delay' in trigger ? trigger.delay : undefined) ?? null,
      UserId: ('userId' in trigger ? trigger.userId : undefined) ?? null,
      PSComputerName: null,
    },
    { typeName: typed(TRIGGER_TYPES[trigger.kind]), native: trigger },
  )
}

export const principalInstance = ({ userId, groupId, logonType, runLevel }: TaskDefinition['principal']): PsObject =>
  new PsObject(
    {
      DisplayName: null,
      GroupId: groupId ?? null,
      Id: 'Author',
      LogonType: logonType,
      RunLevel: runLevel === 'HighestAvailable' ? 'Highest' : 'Limited',
      UserId: userId ?? null,
      PSComputerName: null,
    },
    { typeName: typed('MSFT_TaskPrincipal2') },
  )

export const settingsInstance = ({
  enabled,
  hidden,
  startWhenAvailable,
  deleteExpiredTaskAfter,
}: TaskDefinition['settings']): PsObject =>
  new PsObject(
    {
      DeleteExpiredTaskAfter: deleteExpiredTaskAfter ?? null,
      Enabled: enabled,
      Hidden: hidden,
      StartWhenAvailable: startWhenAvailable,
      PSComputerName: null,
    },
    { typeName: typed('MSFT_TaskSettings3') },
  )

/** The task itself; `native` is the registered task, when it is one. */
export function taskInstance(
  path: string,
  definition: TaskDefinition,
  registered?: RegisteredTask,
  computer: string | null = null,
): PsObject {
  const cut = path.lastIndexOf('\\')
  return new PsObject(
    {
      State: registered?.state ?? 'Unknown',
      Actions: definition.actions.map((action) =>
        actionInstance(action.command, action.arguments, action.workingDirectory),
      ),
      Author: definition.registrationInfo.author ?? null,
      Date: definition.registrationInfo.date ?? null,
      Description: definition.registrationInfo.description ?? null,
      Principal: principalInstance(definition.principal),
      Settings: settingsInstance(definition.settings),
      TaskName: path.slice(cut + 1),
      TaskPath: path.slice(0, cut + 1),
      Triggers: definition.triggers.map(triggerInstance),
      URI: path,
      PSComputerName: computer,
    },
    { typeName: TASK_TYPE, native: registered },
  )
}

const instances = (value: Value, what: string): PsObject[] =>
  (Array.isArray(value) ? value : value === null ? [] : [value]).map((item) => {
    if (item instanceof PsObject && item.typeName.startsWith(typed(''))) return item
    throw failure({
      message: `Cannot bind parameter '${what}'. Cannot convert the "${toText(item)}" value to type "Microsoft.Management.Infrastructure.CimInstance".`,
      category: 'InvalidArgument',
      type: 'System.Management.Automation.ParameterBindingException',
      id: 'CannotConvertArgumentNoMessage',
    })
  })

export const actionsFrom = (value: Value): Action[] =>
  instances(value, 'Action').map((object) => ({
    command: textIn(object, 'Execute') ?? '',
    ...maybe('arguments', textIn(object, 'Arguments')),
    ...maybe('workingDirectory', textIn(object, 'WorkingDirectory')),
  }))

/** What scripts changed on a trigger goes before what it was made with. */
export const triggersFrom = (value: Value): Trigger[] =>
  instances(value, 'Trigger').map((object) => {
    const made = object.native as Trigger
    const changed: Record<string, unknown> = { ...made, enabled: toBoolean(object.properties.get('Enabled')) }
    const take = (key: string, name: string) => {
      const text = textIn(object, name)
      if (text === undefined) delete changed[key]
      else changed[key] = text
    }
    if ('startBoundary' in made) take('startBoundary', 'StartBoundary')
    if (made.kind === 'logon' || made.kind === 'boot' || made.kind === 'registration') take('delay', 'Delay')
    if (made.kind === 'time') {
      take('endBoundary', 'EndBoundary')
      const repetition = object.properties.get('Repetition')
      const interval = repetition instanceof PsObject ? textIn(repetition, 'Interval') : undefined
      if (interval === undefined) delete changed.repetition
      else changed.repetition = { interval, ...maybe('duration', textIn(repetition as PsObject, 'Duration')) }
    }
    return changed as unknown as Trigger
  })

export function principalFrom(value: Value): TaskDefinition['principal'] {
  const [object] = instances(value, 'Principal')
  const logonType = (object === undefined ? undefined : textIn(object, 'LogonType')) ?? 'InteractiveToken'
  return {
    ...maybe('userId', object && textIn(object, 'UserId')),
    ...maybe('groupId', object && textIn(object, 'GroupId')),
    logonType: logonTypeNamed(logonType),
    runLevel:
      object !== undefined && /^highest/i.test(textIn(object, 'RunLevel') ?? '')
        ? 'HighestAvailable'
        : 'LeastPrivilege',
  }
}

/** The module calls two of the types by other names. */
export function logonTypeNamed(name: string): TaskDefinition['principal']['logonType'] {
  const known: Record<string, TaskDefinition['principal']['logonType']> = {
    none: 'None',
    password: 'Password',
    s4u: 'S4U',
    interactive: 'InteractiveToken',
    interactivetoken: 'InteractiveToken',
    interactiveorpassword: 'Password',
    group: 'Group',
    serviceaccount: 'ServiceAccount',
  }
  return known[name.toLowerCase()] ?? 'None'
}

export function settingsFrom(value: Value): TaskDefinition['settings'] {
  const [object] = instances(value, 'Settings')
  if (object === undefined) return { enabled: true, hidden: false, startWhenAvailable: false }
  return {
    enabled: toBoolean(object.properties.get('Enabled')),
    hidden: toBoolean(object.properties.get('Hidden')),
    startWhenAvailable: toBoolean(object.properties.get('StartWhenAvailable')),
    ...maybe('deleteExpiredTaskAfter', textIn(object, 'DeleteExpiredTaskAfter')),
  }
}

/** The definition that a task instance holds. */
export const definitionFrom = (task: PsObject): TaskDefinition => ({
  registrationInfo: {
    ...maybe('author', textIn(task, 'Author')),
    ...maybe('date', textIn(task, 'Date')),
    ...maybe('description', textIn(task, 'Description')),
  },
  triggers: triggersFrom(task.properties.get('Triggers')),
  principal: principalFrom(task.properties.get('Principal')),
  settings: settingsFrom(task.properties.get('Settings')),
  actions: actionsFrom(task.properties.get('Actions')),
})
