/** Task definitions as XML, Task Scheduler schema 1.2, and back. */
import { XMLParser } from 'fast-xml-parser'
import { WindowsError } from '../program.ts'
import type { Action, TaskDefinition, Trigger } from './definition.ts'

const NAMESPACE = 'http://schemas.microsoft.com/windows/2004/02/mit/task'

const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!)

/** Settings that the emulator keeps for the text's sake only: their defaults, in the schema's order. */
const SETTINGS_BEFORE = `    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>true</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>true</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>`
const SETTINGS_IDLE = `    <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
    <IdleSettings>
      <Duration>PT10M</Duration>
      <WaitTimeout>PT1H</WaitTimeout>
      <StopOnIdleEnd>true</StopOnIdleEnd>
      <RestartOnIdle>false</RestartOnIdle>
    </IdleSettings>
    <AllowStartOnDemand>true</AllowStartOnDemand>`
const SETTINGS_AFTER = `    <RunOnlyIfIdle>false</RunOnlyIfIdle>
    <WakeToRun>false</WakeToRun>
    <ExecutionTimeLimit>PT72H</ExecutionTimeLimit>
    <Priority>7</Priority>`

/** One element a line; nothing for what is not set. */
const line = (indent: number, name: string, value: string | number | boolean | undefined): string =>
  value === undefined ? '' : `${' '.repeat(indent)}<${name}>${escapeXml(String(value))}</${name}>\n`

const block = (indent: number, name: string, inner: string): string => {
  const space = ' '.repeat(indent)
  return inner === '' ? `${space}<${name} />\n` : `${space}<${name}>\n${inner}${space}</${name}>\n`
}

function triggerXml(trigger: Trigger): string {
  const boundary = 'startBoundary' in trigger ? line(6, 'StartBoundary', trigger.startBoundary) : ''
  const enabled = line(6, 'Enabled', trigger.enabled)
  const delay = 'delay' in trigger ? line(6, 'Delay', trigger.delay) : ''
  switch (trigger.kind) {
    case 'time': {
      const { repetition } = trigger
      const inner = repetition
        ? block(
            6,
            'Repetition',
            line(8, 'Interval', repetition.interval) +
              line(8, 'Duration', repetition.duration) +
              line(8, 'StopAtDurationEnd', false),
          )
        : ''
      return block(4, 'TimeTrigger', inner + boundary + line(6, 'EndBoundary', trigger.endBoundary) + enabled)
    }
    case 'daily': {
      const days = block(6, 'ScheduleByDay', line(8, 'DaysInterval', trigger.daysInterval))
      return block(4, 'CalendarTrigger', boundary + enabled + days)
    }
    case 'weekly': {
      const days = trigger.daysOfWeek.map((day) => `          <${day} />\n`).join('')
      const weeks = line(8, 'WeeksInterval', trigger.weeksInterval) + block(8, 'DaysOfWeek', days)
      return block(4, 'CalendarTrigger', boundary + enabled + block(6, 'ScheduleByWeek', weeks))
    }
    case 'monthly': {
      const months = trigger.months.map((month) => `          <${month} />\n`).join('')
      const days = trigger.daysOfMonth.map((day) => line(10, 'Day', day)).join('')
      const inner = block(8, 'Months', months) + block(8, 'DaysOfMonth', days)
      return block(4, 'CalendarTrigger', boundary + enabled + block(6, 'ScheduleByMonth', inner))
    }
    case 'logon':
      return block(4, 'LogonTrigger', boundary + enabled + line(6, 'UserId', trigger.userId) + delay)
    case 'boot':
      return block(4, 'BootTrigger', boundary + enabled + delay)
    case 'idle':
      return block(4, 'IdleTrigger', enabled)
    case 'event':
      return block(4, 'EventTrigger', enabled + line(6, 'Subscription', trigger.subscription))
    case 'registration':
      return block(4, 'RegistrationTrigger', enabled + delay)
  }
}

function actionXml({ command, arguments: given, workingDirectory }: Action): string {
  const inner =
    line(6, 'Command', command) + line(6, 'Arguments', given) + line(6, 'WorkingDirectory', workingDirectory)
  return block(4, 'Exec', inner)
}

/** The definition as Task Scheduler writes it, with CRLF. */
export function renderTaskXml({ registrationInfo, triggers, principal, settings, actions }: TaskDefinition): string {
  // The service accounts have no logon type in XML: it follows from who they are.
  const logonType = ['ServiceAccount', 'Group', 'None'].includes(principal.logonType) ? undefined : principal.logonType
  const text = `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="${NAMESPACE}">
${block(
  2,
  'RegistrationInfo',
  line(4, 'Date', registrationInfo.date) +
    line(4, 'Author', registrationInfo.author) +
    line(4, 'Description', registrationInfo.description) +
    line(4, 'URI', registrationInfo.uri),
)}${block(2, 'Triggers', triggers.map(triggerXml).join(''))}  <Settings>
${line(4, 'DeleteExpiredTaskAfter', settings.deleteExpiredTaskAfter)}${SETTINGS_BEFORE}
${line(4, 'StartWhenAvailable', settings.startWhenAvailable)}${SETTINGS_IDLE}
${line(4, 'Enabled', settings.enabled)}${line(4, 'Hidden', settings.hidden)}${SETTINGS_AFTER}
  </Settings>
  <Actions Context="Author">
${actions.map(actionXml).join('')}  </Actions>
  <Principals>
    <Principal id="Author">
${line(6, 'UserId', principal.userId)}${line(6, 'GroupId', principal.groupId)}${line(6, 'LogonType', logonType)}${line(6, 'RunLevel', principal.runLevel)}    </Principal>
  </Principals>
</Task>`
  return text.replaceAll('\n', '\r\n')
}

type Node = Record<string, unknown>

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: true })
const node = (value: unknown): Node => (value !== null && typeof value === 'object' ? (value as Node) : {})
const list = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
/** A property that is left out when it has no value. */
const maybe = <K extends string>(name: K, value: unknown): { [P in K]?: string } =>
  (text(value) === undefined ? {} : { [name]: text(value) }) as { [P in K]?: string }
const isTrue = (value: unknown, otherwise: boolean): boolean => (text(value) ?? String(otherwise)) === 'true'

function calendarTrigger(source: Node): Trigger {
  const common = { startBoundary: text(source.StartBoundary) ?? '', enabled: isTrue(source.Enabled, true) }
  if ('ScheduleByWeek' in source) {
    const week = node(source.ScheduleByWeek)
    const daysOfWeek = Object.keys(node(week.DaysOfWeek))
    return { kind: 'weekly', ...common, weeksInterval: Number(text(week.WeeksInterval) ?? 1), daysOfWeek }
  }
  if ('ScheduleByMonth' in source) {
    const month = node(source.ScheduleByMonth)
    const daysOfMonth = list(node(month.DaysOfMonth).Day).map(Number)
    return { kind: 'monthly', ...common, daysOfMonth, months: Object.keys(node(month.Months)) }
  }
  return { kind: 'daily', ...common, daysInterval: Number(text(node(source.ScheduleByDay).DaysInterval) ?? 1) }
}

function timeTrigger(source: Node): Trigger {
  const repetition = node(source.Repetition)
  const interval = text(repetition.Interval)
  return {
    kind: 'time',
    startBoundary: text(source.StartBoundary) ?? '',
    enabled: isTrue(source.Enabled, true),
    ...(interval === undefined ? {} : { repetition: { interval, ...maybe('duration', repetition.Duration) } }),
    ...maybe('endBoundary', source.EndBoundary),
  }
}

const TRIGGERS: Record<string, (source: Node, enabled: boolean) => Trigger> = {
  TimeTrigger: (source) => timeTrigger(source),
  CalendarTrigger: (source) => calendarTrigger(source),
  LogonTrigger: (source, enabled) => ({
    kind: 'logon',
    enabled,
    ...maybe('startBoundary', source.StartBoundary),
    ...maybe('userId', source.UserId),
    ...maybe('delay', source.Delay),
  }),
  BootTrigger: (source, enabled) => ({
    kind: 'boot',
    enabled,
    ...maybe('startBoundary', source.StartBoundary),
    ...maybe('delay', source.Delay),
  }),
  IdleTrigger: (_, enabled) => ({ kind: 'idle', enabled }),
  EventTrigger: (source, enabled) => ({ kind: 'event', enabled, subscription: text(source.Subscription) ?? '' }),
  RegistrationTrigger: (source, enabled) => ({ kind: 'registration', enabled, ...maybe('delay', source.Delay) }),
}

/** Reads a task's XML. Throws `WindowsError` 0x8004131A when it is not one. */
export function parseTaskXml(xml: string): TaskDefinition {
  let root: Node
  try {
    root = node(parser.parse(xml, true))
  } catch {
    throw new WindowsError(0x8004131a, 'The task XML is malformed.')
  }
  if (!('Task' in root)) throw new WindowsError(0x8004131a, 'The task XML is malformed.')
  const task = node(root.Task)
  const info = node(task.RegistrationInfo)
  const settings = node(task.Settings)
  const principal = node(list(node(task.Principals).Principal)[0])
  const actions = list(node(task.Actions).Exec).map((action) => ({
    command: text(node(action).Command) ?? '',
    ...maybe('arguments', node(action).Arguments),
    ...maybe('workingDirectory', node(action).WorkingDirectory),
  }))
  if (actions.length === 0) throw new WindowsError(0x8004131a, 'The task XML is malformed.')
  return {
    registrationInfo: {
      ...maybe('author', info.Author),
      ...maybe('date', info.Date),
      ...maybe('description', info.Description),
      ...maybe('uri', info.URI),
    },
    triggers: Object.entries(node(task.Triggers)).flatMap(([name, sources]) =>
      list(sources).flatMap((source) => {
        const read = TRIGGERS[name]
        return read === undefined ? [] : [read(node(source), isTrue(node(source).Enabled, true))]
      }),
    ),
    principal: {
      ...maybe('userId', principal.UserId),
      ...maybe('groupId', principal.GroupId),
      logonType: logonTypeOf(principal),
      runLevel: text(principal.RunLevel) === 'HighestAvailable' ? 'HighestAvailable' : 'LeastPrivilege',
    },
    settings: {
      enabled: isTrue(settings.Enabled, true),
      hidden: isTrue(settings.Hidden, false),
      startWhenAvailable: isTrue(settings.StartWhenAvailable, false),
      ...maybe('deleteExpiredTaskAfter', settings.DeleteExpiredTaskAfter),
    },
    actions,
  }
}

function logonTypeOf(principal: Node): TaskDefinition['principal']['logonType'] {
  if (text(principal.GroupId) !== undefined) return 'Group'
  const named = text(principal.LogonType)
  if (named === 'InteractiveToken' || named === 'Password' || named === 'S4U') return named
  return /^(S-1-5-(18|19|20)|(NT AUTHORITY\\)?(SYSTEM|LOCAL ?SERVICE|NETWORK ?SERVICE))$/i.test(
    text(principal.UserId) ?? '',
  )
    ? 'ServiceAccount'
    : 'None'
}
