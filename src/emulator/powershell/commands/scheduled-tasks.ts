/** The ScheduledTasks module: its cmdlets ask WMI, and WmiPrvSE calls the Task Scheduler of the same machine. */
import type { RegisteredTask } from '../../program.ts'
import type { TaskDefinition } from '../../tasks/definition.ts'
import { parseTaskXml } from '../../tasks/xml.ts'
import type { Call, Cmdlet } from '../binding.ts'
import { ErrorRecord, failure } from '../errors.ts'
import {
  actionsFrom,
  definitionFrom,
  principalFrom,
  settingsFrom,
  TASK_TYPE,
  taskInstance,
  triggersFrom,
} from '../objects/cim-task.ts'
import { DateTime, PsObject, toText, type Value } from '../values.ts'
import { wildcard } from '../wildcard.ts'
import { type CimTarget, reporting, targetsOf } from './cim.ts'

const WHICH = {
  TaskName: 'any',
  TaskPath: 'any',
  InputObject: 'any',
  CimSession: 'any',
  ThrottleLimit: 'any',
  AsJob: 'switch',
} as const
const PARTS = {
  Action: 'any',
  Trigger: 'any',
  Principal: 'any',
  Settings: 'any',
  User: 'any',
  Password: 'any',
} as const

const isTask = (value: Value): value is PsObject => value instanceof PsObject && value.typeName === TASK_TYPE

interface Found {
  target: CimTarget
  task: RegisteredTask
}

const folderOf = (path: string): string => `${path.replace(/^\\?/, '\\').replace(/\\?$/, '')}\\`
const pathOf = (call: Call): string =>
  folderOf(call.text('TaskPath') ?? '\\') + (call.text('TaskName') ?? '').replace(/^\\/, '')

/** The tasks that a call means: objects, or those whose name fits. One that is named and missing is reported. */
async function find(call: Call, command: string): Promise<Found[]> {
  const objects = call.piped ? call.input.filter(isTask) : call.list('InputObject').filter(isTask)
  const targets = await targetsOf(call)
  const found: Found[] = []
  if (objects.length > 0) {
    for (const target of targets)
      for (const object of objects)
        found.push({ target, task: await target.tasks.get(toText(object.properties.get('URI'))) })
    return found
  }
  const names = call.has('TaskName') ? call.list('TaskName').map(toText) : ['*']
  for (const target of targets) {
    for (const name of names) {
      const matches = await matching(call, target, name)
      if (matches.length === 0 && !/[*?[]/.test(name)) await reportMissing(call, command, name)
      found.push(...matches.map((task) => ({ target, task })))
    }
  }
  return found
}

async function matching(call: Call, { tasks }: CimTarget, name: string): Promise<RegisteredTask[]> {
  const all = await tasks.list('\\')
  const folder = call.text('TaskPath')
  const wanted = wildcard(name)
  const inFolder = folder === undefined ? null : wildcard(folderOf(folder).replace(/\\$/, '') === '' ? '\\' : folder)
  return all.filter(({ path }) => {
    const cut = path.lastIndexOf('\\') + 1
    return (
      wanted.test(path.slice(cut)) &&
      (inFolder === null || inFolder.test(path.slice(0, cut)) || inFolder.test(path.slice(0, cut - 1)))
    )
  })
}

async function reportMissing(call: Call, command: string, name: string): Promise<void> {
  const record = new ErrorRecord({
    message: `No MSFT_ScheduledTask objects found with property 'TaskName' equal to '${name}'.  Verify the value of the property and retry.`,
    command,
    type: 'Microsoft.PowerShell.Cmdletization.Cim.CimJobException',
    category: 'ObjectNotFound',
    target: name,
    id: `CmdletizationQuery_NotFound_TaskName,${command}`,
  })
  await call.runtime.report(record, call.scope, call.errorAction)
}

/** A cmdlet that does one thing to each task it finds. */
const onEach = (
  name: string,
  parameters: Cmdlet['parameters'],
  act: (found: Found, call: Call) => Promise<void>,
  check?: (call: Call) => void,
): Cmdlet => ({
  name,
  parameters: { ...WHICH, ...parameters },
  positional: ['TaskName', 'TaskPath'],
  async run(call) {
    check?.(call)
    await reporting(call, name, async () => {
      for (const found of await find(call, name)) await act(found, call)
    })
  },
})

const emitTask = (call: Call, { target, task }: Found) =>
  call.emit(taskInstance(task.path, task.definition, task, target.computer))

/** The definition of Register- and Set-ScheduledTask, and the account it runs under. */
function describe(call: Call, base: TaskDefinition): TaskDefinition {
  const definition = structuredClone(base)
  if (call.has('Action')) definition.actions = actionsFrom(call.value('Action'))
  if (call.has('Trigger')) definition.triggers = triggersFrom(call.value('Trigger'))
  if (call.has('Principal')) definition.principal = principalFrom(call.value('Principal'))
  if (call.has('Settings')) definition.settings = settingsFrom(call.value('Settings'))
  if (call.has('Description')) definition.registrationInfo.description = call.text('Description')!
  if (/^highest/i.test(call.text('RunLevel') ?? '')) definition.principal.runLevel = 'HighestAvailable'
  const user = call.text('User')
  if (user !== undefined) {
    definition.principal.userId = user
    definition.principal.logonType = isService(user)
      ? 'ServiceAccount'
      : call.has('Password')
        ? 'Password'
        : 'InteractiveToken'
  }
  return definition
}

const isService = (user: string): boolean =>
  /^(NT AUTHORITY\\)?(SYSTEM|LOCAL ?SERVICE|NETWORK ?SERVICE)$|^S-1-5-(18|19|20)$/i.test(user)

const accountOf = (call: Call): { user?: string; password?: string } => {
  const [user, password] = [call.text('User'), call.text('Password')]
  return { ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) }
}

const emptyDefinition = (): TaskDefinition => ({
  registrationInfo: {},
  triggers: [],
  principal: { logonType: 'InteractiveToken', runLevel: 'LeastPrivilege' },
  settings: { enabled: true, hidden: false, startWhenAvailable: false },
  actions: [],
})

const register: Cmdlet = {
  name: 'Register-ScheduledTask',
  parameters: { ...WHICH, ...PARTS, Description: 'any', RunLevel: 'any', Xml: 'any', Force: 'switch' },
  positional: ['TaskName', 'TaskPath', 'Action', 'Trigger', 'Settings', 'User', 'Password', 'RunLevel', 'Description'],
  async run(call) {
    const [object] = call.piped ? call.input : call.list('InputObject')
    const name =
      call.text('TaskName') ??
      (isTask(object ?? null) ? toText((object as PsObject).properties.get('TaskName')) : undefined)
    await reporting(call, register.name, async () => {
      const base = call.has('Xml')
        ? parseTaskXml(call.text('Xml')!)
        : isTask(object ?? null)
          ? definitionFrom(object as PsObject)
          : emptyDefinition()
      const definition = describe(call, base)
      const path =
        name === undefined
          ? definition.registrationInfo.uri
          : folderOf(call.text('TaskPath') ?? '\\') + name.replace(/^\\/, '')
      if (path === undefined) throw missingName(register.name)
      for (const target of await targetsOf(call)) {
        const task = await target.tasks.register(
          path,
          definition,
          call.switch('Force') ? 'create-or-update' : 'create',
          accountOf(call),
        )
        await emitTask(call, { target, task })
      }
    })
  },
}

const missingName = (command: string) =>
  failure({
    message: 'Cannot process command because of one or more missing mandatory parameters: TaskName.',
    command,
    type: 'System.Management.Automation.ParameterBindingException',
    category: 'InvalidArgument',
    id: `MissingMandatoryParameter,${command}`,
  })

const set: Cmdlet = {
  name: 'Set-ScheduledTask',
  parameters: { ...WHICH, ...PARTS },
  positional: ['TaskName', 'TaskPath', 'Action', 'Trigger', 'Settings', 'Principal', 'User', 'Password'],
  async run(call) {
    const [object] = (call.piped ? call.input : call.list('InputObject')).filter(isTask)
    const path = object === undefined ? pathOf(call) : toText(object.properties.get('URI'))
    await reporting(call, set.name, async () => {
      for (const target of await targetsOf(call)) {
        const before = await target.tasks.get(path)
        const definition = describe(call, object === undefined ? before.definition : definitionFrom(object))
        const task = await target.tasks.register(path, definition, 'update', accountOf(call))
        await emitTask(call, { target, task })
      }
    })
  },
}

/** Without `-Confirm:$false` the real cmdlet asks, and nobody is there to answer. */
function mustConfirm(call: Call): void {
  if (call.has('Confirm') && !call.switch('Confirm')) return
  throw failure({
    message: 'Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.',
    command: 'Unregister-ScheduledTask',
    type: 'System.Management.Automation.PSInvalidOperationException',
    category: 'InvalidOperation',
    id: 'InvalidOperation,Unregister-ScheduledTask',
  })
}

export const SCHEDULED_TASKS: Cmdlet[] = [
  register,
  set,
  onEach('Get-ScheduledTask', {}, (found, call) => Promise.resolve(emitTask(call, found))),
  onEach('Start-ScheduledTask', {}, ({ target, task }) => target.tasks.run(task.path)),
  onEach('Stop-ScheduledTask', {}, ({ target, task }) => target.tasks.stop(task.path)),
  onEach('Unregister-ScheduledTask', {}, ({ target, task }) => target.tasks.delete(task.path), mustConfirm),
  ...[true, false].map((enabled) =>
    onEach(enabled ? 'Enable-ScheduledTask' : 'Disable-ScheduledTask', {}, async ({ target, task }, call) => {
      await target.tasks.setEnabled(task.path, enabled)
      await emitTask(call, { target, task: await target.tasks.get(task.path) })
    }),
  ),
  onEach('Export-ScheduledTask', {}, ({ task }, call) => Promise.resolve(call.emit(task.xml))),
  onEach('Get-ScheduledTaskInfo', {}, async ({ target, task }, call) => {
    const { timeZoneMinutes } = call.runtime.context
    const time = (ms: number | null) =>
      ms === null ? null : new DateTime(ms + timeZoneMinutes * 60_000, 'Local', timeZoneMinutes)
    await call.emit(
      new PsObject(
        {
          LastRunTime: time(task.lastRun) ?? new DateTime(Date.UTC(1999, 10, 30), 'Local', timeZoneMinutes),
          LastTaskResult: task.lastResult,
          NextRunTime: time(task.nextRun),
          NumberOfMissedRuns: 0,
          TaskName: task.path.slice(task.path.lastIndexOf('\\') + 1),
          TaskPath: task.path.slice(0, task.path.lastIndexOf('\\') + 1),
          PSComputerName: target.computer,
        },
        { typeName: 'Microsoft.Management.Infrastructure.CimInstance#MSFT_TaskDynamicInfo' },
      ),
    )
  }),
]
