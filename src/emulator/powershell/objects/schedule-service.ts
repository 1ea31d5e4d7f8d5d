/** The COM object Schedule.Service: Task Scheduler 2.0 for scripts. */
import type { ProgramContext, RegisteredTask, TaskService } from '../../program.ts'
import { WindowsError } from '../../program.ts'
import type { TaskDefinition } from '../../tasks/definition.ts'
import { parseTaskXml } from '../../tasks/xml.ts'
import { toNumber } from '../conversions.ts'
import { DateTime, NetObject, NOTHING, toBoolean, toText, type Value } from '../values.ts'
import {
  type DefinitionDraft,
  definitionObject,
  definitionOf,
  draftFor,
  emptyDefinition,
  LOGON_TYPES,
} from './task-definition.ts'

const STATES: Record<RegisteredTask['state'], number> = { Disabled: 1, Queued: 2, Ready: 3, Running: 4 }

/** Registration flags of TASK_CREATION. */
const HOW: Record<number, 'create' | 'update' | 'create-or-update'> = {
  2: 'create',
  4: 'update',
  6: 'create-or-update',
}

/** What a method gets for an argument that is left out, `$null` or empty. */
const given = (args: Value[], index: number): string | undefined => {
  const value = args[index]
  return value === undefined || value === null || value === '' ? undefined : toText(value)
}

export function scheduleService(context: ProgramContext): NetObject {
  let connected: { tasks: TaskService; host: string } | null = null
  const service = () => {
    if (connected === null) throw new WindowsError(0x80070005, 'The task scheduler service is not connected.')
    return connected
  }
  return new NetObject('System.__ComObject#ITaskService', {
    properties: {
      Connected: { get: () => connected !== null },
      TargetServer: { get: () => connected?.host ?? null },
      ConnectedUser: { get: () => context.user.name },
      ConnectedDomain: { get: () => context.user.domain },
      HighestVersion: { get: () => 65_542 },
    },
    methods: {
      async Connect(args) {
        const [host, user, domain, password] = [0, 1, 2, 3].map((index) => given(args, index))
        const credentials =
          user === undefined
            ? {}
            : { credentials: { user, ...(domain === undefined ? {} : { domain }), password: password ?? '' } }
        const tasks = await context.connectTasks({ ...(host === undefined ? {} : { host }), ...credentials })
        connected = { tasks, host: host ?? context.hostName }
        return NOTHING
      },
      NewTask: () => definitionObject({ definition: emptyDefinition(), triggers: [] }),
      GetFolder: (args) => folder(service().tasks, given(args, 0) ?? '\\', context),
    },
  })
}

const joined = (path: string, name: string): string =>
  name.startsWith('\\') ? name : `${path === '\\' ? '' : path}\\${name}`

function folder(tasks: TaskService, path: string, context: ProgramContext): NetObject {
  const register = async (name: string, definition: TaskDefinition, args: Value[]): Promise<Value> => {
    const how = HOW[toNumber(args[2] ?? 6) & 6]
    if (how === undefined) throw new WindowsError(0x80070057, 'The parameter is incorrect.')
    const [user, password] = [given(args, 3), given(args, 4)]
    const as = { ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) }
    const registered = await tasks.register(
      joined(path, name),
      withPrincipal(definition, user, toNumber(args[5] ?? 0)),
      how,
      as,
    )
    return registeredTask(tasks, registered, context)
  }
  return new NetObject('System.__ComObject#ITaskFolder', {
    properties: { Path: { get: () => path }, Name: { get: () => path.slice(path.lastIndexOf('\\') + 1) || '\\' } },
    methods: {
      RegisterTaskDefinition: (args) =>
        register(toText(args[0] ?? null), definitionOf((args[1] as NetObject).native as DefinitionDraft), args),
      RegisterTask: (args) => register(toText(args[0] ?? null), parseTaskXml(toText(args[1] ?? null)), args),
      GetTask: async (args) => registeredTask(tasks, await tasks.get(joined(path, toText(args[0] ?? null))), context),
      GetTasks: async () => {
        const found = (await tasks.list(path)).filter(
          (task) => joined(path, task.path.slice(task.path.lastIndexOf('\\') + 1)) === task.path,
        )
        const objects = found.map((task) => registeredTask(tasks, task, context))
        return new NetObject('System.__ComObject#IRegisteredTaskCollection', {
          items: () => objects,
          methods: { Item: (args) => objects[toNumber(args[0]!) - 1] ?? null },
        })
      },
      DeleteTask: async (args) => {
        await tasks.delete(joined(path, toText(args[0] ?? null)))
        return NOTHING
      },
      GetFolder: (args) => folder(tasks, joined(path, toText(args[0] ?? null)), context),
    },
  })
}

/** The account given with the registration goes before the definition's own. */
function withPrincipal(definition: TaskDefinition, user: string | undefined, logonType: number): TaskDefinition {
  const principal = { ...definition.principal }
  if (user !== undefined) principal.userId = user
  if (logonType !== 0) principal.logonType = LOGON_TYPES[logonType] ?? principal.logonType
  if (principal.logonType === 'None' && principal.groupId === undefined) principal.logonType = 'InteractiveToken'
  return { ...definition, principal }
}

function registeredTask(tasks: TaskService, task: RegisteredTask, context: ProgramContext): NetObject {
  const time = (ms: number | null) => {
    const never = Date.UTC(1999, 10, 30)
    return new DateTime(ms === null ? never : ms + context.timeZoneMinutes * 60_000, 'Local', context.timeZoneMinutes)
  }
  let enabled = task.state !== 'Disabled'
  const draft = draftFor(task.definition)
  return new NetObject('System.__ComObject#IRegisteredTask', {
    properties: {
      Name: { get: () => task.path.slice(task.path.lastIndexOf('\\') + 1) },
      Path: { get: () => task.path },
      State: { get: () => STATES[task.state] },
      Enabled: {
        get: () => enabled,
        set: async (value) => {
          enabled = toBoolean(value)
          await tasks.setEnabled(task.path, enabled)
        },
      },
      Xml: { get: () => task.xml },
      Definition: { get: () => definitionObject(draft) },
      LastRunTime: { get: () => time(task.lastRun) },
      LastTaskResult: { get: () => task.lastResult | 0 },
      NextRunTime: { get: () => time(task.nextRun) },
      NumberOfMissedRuns: { get: () => 0 },
    },
    methods: {
      Run: async () => {
        await tasks.run(task.path)
        return new NetObject('System.__ComObject#IRunningTask', {
          properties: { Path: { get: () => task.path }, State: { get: () => 4 } },
        })
      },
      Stop: async () => {
        await tasks.stop(task.path)
        return NOTHING
      },
    },
  })
}
