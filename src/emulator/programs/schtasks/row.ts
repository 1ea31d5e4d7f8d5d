/** What a query shows of one task, column by column. */
import { BUILT_IN } from '../../machine/accounts.ts'
import type { ProgramContext, RegisteredTask } from '../../program.ts'
import type { TaskDefinition, Trigger } from '../../tasks/definition.ts'
import { isTimed } from '../../tasks/schedule.ts'

export type Row = Record<string, string>

const NONE = 'N/A'
/** What a task that never ran shows as its last run. */
const NEVER = Date.UTC(1999, 10, 30)

const TYPES: Record<Trigger['kind'], string> = {
  time: 'One Time Only',
  daily: 'Daily',
  weekly: 'Weekly',
  monthly: 'Monthly',
  logon: 'At logon time',
  boot: 'At system start up',
  idle: 'At idle time',
  event: 'When an event occurs',
  registration: 'Undefined',
}

const MODES: Record<TaskDefinition['principal']['logonType'], string> = {
  InteractiveToken: 'Interactive only',
  Password: 'Interactive/Background',
  S4U: 'Background only',
  ServiceAccount: 'Interactive/Background',
  Group: 'Interactive only',
  None: 'Interactive only',
}

/** `7:00:00 PM` */
function clockTime(local: number): string {
  const date = new Date(local)
  const hour = date.getUTCHours()
  const two = (number: number) => String(number).padStart(2, '0')
  const half = hour < 12 ? 'AM' : 'PM'
  return `${hour % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${half}`
}

/** `11/22/2026` */
function calendarDate(local: number): string {
  const date = new Date(local)
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`
}

const stamp = (local: number): string => `${calendarDate(local)} ${clockTime(local)}`

/** The columns in the order of a verbose query; a plain one shows some of them. */
export function rowOf(task: RegisteredTask, host: string, { timeZoneMinutes }: ProgramContext): Row {
  const { definition } = task
  const [trigger] = definition.triggers
  const [action] = definition.actions
  const local = (time: number) => time + timeZoneMinutes * 60_000
  const start = trigger && isTimed(trigger) ? Date.parse(`${trigger.startBoundary}Z`) : null
  const repetition = trigger?.kind === 'time' ? trigger.repetition : undefined
  const user = definition.principal.userId ?? definition.principal.groupId ?? NONE
  return {
    HostName: host,
    TaskName: task.path,
    'Next Run Time': task.nextRun === null ? NONE : stamp(local(task.nextRun)),
    Status: task.state,
    'Logon Mode': MODES[definition.principal.logonType],
    'Last Run Time': stamp(task.lastRun === null ? NEVER : local(task.lastRun)),
    'Last Result': String(task.lastResult | 0),
    Author: definition.registrationInfo.author ?? NONE,
    'Task To Run': [action?.command ?? NONE, action?.arguments].filter((part) => part !== undefined).join(' '),
    'Start In': action?.workingDirectory ?? NONE,
    Comment: definition.registrationInfo.description ?? NONE,
    'Scheduled Task State': definition.settings.enabled ? 'Enabled' : 'Disabled',
    'Idle Time': 'Disabled',
    'Power Management': 'Stop On Battery Mode, No Start On Batteries',
    'Run As User': BUILT_IN[user.toLowerCase()]?.name ?? user.slice(user.indexOf('\\') + 1),
    'Delete Task If Not Rescheduled': definition.settings.deleteExpiredTaskAfter === undefined ? 'Disabled' : 'Enabled',
    'Stop Task If Runs X Hours and X Mins': '72:00:00',
    Schedule: 'Scheduling data is not available in this format.',
    'Schedule Type':
      trigger === undefined ? 'On demand only' : repetition ? 'One Time Only, Minute ' : TYPES[trigger.kind],
    'Start Time': start === null ? NONE : clockTime(start),
    'Start Date': start === null ? NONE : calendarDate(start),
    'End Date': NONE,
    Days: trigger?.kind === 'weekly' ? trigger.daysOfWeek.map((day) => day.slice(0, 3).toUpperCase()).join(', ') : NONE,
    Months: trigger?.kind === 'monthly' && trigger.months.length > 0 ? trigger.months.join(', ') : NONE,
    'Repeat: Every': repetition?.interval ?? NONE,
    'Repeat: Until: Time': NONE,
    'Repeat: Until: Duration': repetition?.duration ?? NONE,
    'Repeat: Stop If Still Running': NONE,
  }
}
