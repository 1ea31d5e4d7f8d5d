/** New-ScheduledTask… : the parts of a task, made in memory. */
import type { Trigger } from '../../tasks/definition.ts'
import type { Call, Cmdlet } from '../binding.ts'
import { convert } from '../conversions.ts'
import { failure } from '../errors.ts'
import {
  actionInstance,
  actionsFrom,
  boundary,
  isoDuration,
  logonTypeNamed,
  principalFrom,
  principalInstance,
  settingsFrom,
  settingsInstance,
  taskInstance,
  triggerInstance,
  triggersFrom,
} from '../objects/cim-task.ts'
import { parseDate } from '../objects/date-parse.ts'
import { DateTime, type TimeSpan, toText } from '../values.ts'

function dateOf(call: Call, name: string): DateTime {
  const value = call.value(name)
  if (value instanceof DateTime) return value
  const { timeZoneMinutes, now } = call.runtime.context
  return (
    parseDate(toText(value), timeZoneMinutes, now() + timeZoneMinutes * 60_000) ??
    (convert('datetime', value, timeZoneMinutes) as DateTime)
  )
}

const spanOf = (call: Call, name: string): string | undefined =>
  call.has(name) ? isoDuration((convert('timespan', call.value(name), 0) as TimeSpan).ms) : undefined

const KINDS = ['Once', 'Daily', 'Weekly', 'AtLogOn', 'AtStartup'] as const

function triggerFor(call: Call): Trigger {
  const kind = KINDS.find((name) => call.switch(name))
  const timed = kind === 'Once' || kind === 'Daily' || kind === 'Weekly'
  if (kind === undefined || (timed && !call.has('At'))) {
    throw failure({
      message: 'Parameter set cannot be resolved using the specified named parameters.',
      command: 'New-ScheduledTaskTrigger',
      type: 'System.Management.Automation.ParameterBindingException',
      category: 'InvalidArgument',
      id: 'AmbiguousParameterSet,New-ScheduledTaskTrigger',
    })
  }
  const enabled = true
  if (kind === 'AtStartup') return { kind: 'boot', enabled }
  if (kind === 'AtLogOn') return { kind: 'logon', enabled, ...(call.has('User') ? { userId: call.text('User')! } : {}) }
  const startBoundary = boundary(dateOf(call, 'At'))
  if (kind === 'Daily') return { kind: 'daily', enabled, startBoundary, daysInterval: call.number('DaysInterval') ?? 1 }
  if (kind === 'Weekly') {
    return {
      kind: 'weekly',
      enabled,
      startBoundary,
      weeksInterval: call.number('WeeksInterval') ?? 1,
      daysOfWeek: call.list('DaysOfWeek').map(toText),
    }
  }
  const interval = spanOf(call, 'RepetitionInterval')
  const duration = spanOf(call, 'RepetitionDuration')
  const repetition =
    interval === undefined ? {} : { repetition: { interval, ...(duration === undefined ? {} : { duration }) } }
  return { kind: 'time', enabled, startBoundary, ...repetition }
}

export const TASK_PARTS: Cmdlet[] = [
  {
    name: 'New-ScheduledTaskAction',
    parameters: { Execute: 'any', Argument: 'any', WorkingDirectory: 'any', Id: 'any', CimSession: 'any' },
    positional: ['Execute', 'Argument', 'WorkingDirectory'],
    mandatory: ['Execute'],
    async run(call) {
      await call.emit(actionInstance(call.text('Execute')!, call.text('Argument'), call.text('WorkingDirectory')))
    },
  },
  {
    name: 'New-ScheduledTaskTrigger',
    parameters: {
      Once: 'switch',
      Daily: 'switch',
      Weekly: 'switch',
      AtLogOn: 'switch',
      AtStartup: 'switch',
      At: 'any',
      DaysInterval: 'any',
      WeeksInterval: 'any',
      DaysOfWeek: 'any',
      RandomDelay: 'any',
      RepetitionInterval: 'any',
      RepetitionDuration: 'any',
      User: 'any',
      CimSession: 'any',
    },
    async run(call) {
      await call.emit(triggerInstance(triggerFor(call)))
    },
  },
  {
    name: 'New-ScheduledTaskPrincipal',
    parameters: {
      UserId: 'any',
      GroupId: 'any',
      LogonType: 'any',
      RunLevel: 'any',
      Id: 'any',
      ProcessTokenSidType: 'any',
      RequiredPrivilege: 'any',
      CimSession: 'any',
    },
    positional: ['UserId', 'LogonType', 'RunLevel'],
    async run(call) {
      const groupId = call.text('GroupId')
      const userId = call.text('UserId')
      await call.emit(
        principalInstance({
          ...(groupId === undefined ? {} : { groupId }),
          ...(userId === undefined ? {} : { userId }),
          logonType: groupId === undefined ? logonTypeNamed(call.text('LogonType') ?? 'None') : 'Group',
          runLevel: /^highest/i.test(call.text('RunLevel') ?? '') ? 'HighestAvailable' : 'LeastPrivilege',
        }),
      )
    },
  },
  {
    name: 'New-ScheduledTaskSettingsSet',
    parameters: {
      AllowStartIfOnBatteries: 'switch',
      Compatibility: 'any',
      DeleteExpiredTaskAfter: 'any',
      Disable: 'switch',
      DisallowDemandStart: 'switch',
      DisallowHardTerminate: 'switch',
      DontStopIfGoingOnBatteries: 'switch',
      DontStopOnIdleEnd: 'switch',
      ExecutionTimeLimit: 'any',
      Hidden: 'switch',
      IdleDuration: 'any',
      IdleWaitTimeout: 'any',
      MultipleInstances: 'any',
      Priority: 'any',
      RestartCount: 'any',
      RestartInterval: 'any',
      RestartOnIdle: 'switch',
      RunOnlyIfIdle: 'switch',
      RunOnlyIfNetworkAvailable: 'switch',
      StartWhenAvailable: 'switch',
      WakeToRun: 'switch',
      CimSession: 'any',
    },
    async run(call) {
      const deleteExpiredTaskAfter = spanOf(call, 'DeleteExpiredTaskAfter')
      await call.emit(
        settingsInstance({
          enabled: !call.switch('Disable'),
          hidden: call.switch('Hidden'),
          startWhenAvailable: call.switch('StartWhenAvailable'),
          ...(deleteExpiredTaskAfter === undefined ? {} : { deleteExpiredTaskAfter }),
        }),
      )
    },
  },
  {
    name: 'New-ScheduledTask',
    parameters: {
      Action: 'any',
      Trigger: 'any',
      Principal: 'any',
      Settings: 'any',
      Description: 'any',
      CimSession: 'any',
    },
    positional: ['Action', 'Trigger', 'Settings', 'Principal'],
    async run(call) {
      const description = call.text('Description')
      await call.emit(
        taskInstance('', {
          registrationInfo: description === undefined ? {} : { description },
          triggers: triggersFrom(call.value('Trigger')),
          principal: principalFrom(call.value('Principal')),
          settings: settingsFrom(call.value('Settings')),
          actions: actionsFrom(call.value('Action')),
        }),
      )
    },
  },
]
