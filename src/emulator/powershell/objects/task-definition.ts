/** A task definition of the Schedule.Service object. */
import type { Action, TaskDefinition } from '../../tasks/definition.ts'
import { parseTaskXml, renderTaskXml } from '../../tasks/xml.ts'
import { toNumber } from '../conversions.ts'
import { Unknown } from '../errors.ts'
import { NetObject, NOTHING, type Property, toBoolean, toText, type Value } from '../values.ts'
import { draftOf, newTrigger, type TriggerDraft, triggerObject, triggerOf } from './triggers.ts'

type LogonType = TaskDefinition['principal']['logonType']

/** By the numbers of TASK_LOGON_TYPE. */
export const LOGON_TYPES: LogonType[] = [
  'None',
  'Password',
  'S4U',
  'InteractiveToken',
  'Group',
  'ServiceAccount',
  'Password',
]

/** A definition while it is being made. */
export interface DefinitionDraft {
  definition: TaskDefinition
  triggers: TriggerDraft[]
}

export const emptyDefinition = (): TaskDefinition => ({
  registrationInfo: {},
  triggers: [],
  principal: { logonType: 'None', runLevel: 'LeastPrivilege' },
  settings: { enabled: true, hidden: false, startWhenAvailable: false },
  actions: [],
})

export const draftFor = (definition: TaskDefinition): DefinitionDraft => ({
  definition: structuredClone(definition),
  triggers: definition.triggers.map(draftOf),
})

export const definitionOf = ({ definition, triggers }: DefinitionDraft): TaskDefinition => ({
  ...structuredClone(definition),
  triggers: triggers.map(triggerOf),
})

/** Settings that the emulated service has no use for: they keep what they are given. */
const OTHER_SETTINGS: Record<string, Value> = {
  AllowDemandStart: true,
  AllowHardTerminate: true,
  Compatibility: 2,
  DisallowStartIfOnBatteries: true,
  ExecutionTimeLimit: 'PT72H',
  MultipleInstances: 2,
  Priority: 7,
  RestartCount: 0,
  RestartInterval: '',
  RunOnlyIfIdle: false,
  RunOnlyIfNetworkAvailable: false,
  StopIfGoingOnBatteries: true,
  WakeToRun: false,
}

/** A property over a text that may be missing. */
function textOf<T extends object>(target: T, name: keyof T): Property {
  return {
    get: () => (target[name] as string | undefined) ?? '',
    set: (value) => {
      if (value === null) delete target[name]
      else target[name] = toText(value) as T[keyof T]
    },
  }
}

function flagOf<T extends object>(target: T, name: keyof T): Property {
  return {
    get: () => target[name] as boolean,
    set: (value) => {
      target[name] = toBoolean(value) as T[keyof T]
    },
  }
}

export function definitionObject(draft: DefinitionDraft): NetObject {
  const part = (name: string, properties: () => Record<string, Property>): Property => ({
    get: () => new NetObject(`System.__ComObject#${name}`, { properties: properties() }),
  })
  const other: Record<string, Value> = { ...OTHER_SETTINGS }
  return new NetObject('System.__ComObject#TaskDefinition', {
    native: draft,
    properties: {
      RegistrationInfo: part('RegistrationInfo', () => {
        const { registrationInfo } = draft.definition
        return {
          Author: textOf(registrationInfo, 'author'),
          Date: textOf(registrationInfo, 'date'),
          Description: textOf(registrationInfo, 'description'),
          URI: textOf(registrationInfo, 'uri'),
        }
      }),
      Principal: part('Principal', () => principalProperties(draft.definition.principal)),
      Settings: part('TaskSettings', () => {
        const { settings } = draft.definition
        return {
          Enabled: flagOf(settings, 'enabled'),
          Hidden: flagOf(settings, 'hidden'),
          StartWhenAvailable: flagOf(settings, 'startWhenAvailable'),
          DeleteExpiredTaskAfter: textOf(settings, 'deleteExpiredTaskAfter'),
          ...Object.fromEntries(
            Object.keys(other).map((name) => [
              name,
              { get: () => other[name]!, set: (value: Value) => void Object.assign(other, { [name]: value }) },
            ]),
          ),
        }
      }),
      Triggers: { get: () => triggersObject(draft) },
      Actions: { get: () => actionsObject(draft.definition) },
      XmlText: {
        get: () => renderTaskXml(definitionOf(draft)),
        set: (value) => {
          const read = draftFor(parseTaskXml(toText(value)))
          draft.definition = read.definition
          draft.triggers = read.triggers
        },
      },
    },
  })
}

function principalProperties(principal: TaskDefinition['principal']): Record<string, Property> {
  let id = 'Author'
  return {
    Id: {
      get: () => id,
      set: (value) => {
        id = toText(value)
      },
    },
    UserId: textOf(principal, 'userId'),
    GroupId: textOf(principal, 'groupId'),
    LogonType: {
      get: () => LOGON_TYPES.indexOf(principal.logonType),
      set: (value) => {
        principal.logonType = LOGON_TYPES[toNumber(value)] ?? 'None'
      },
    },
    RunLevel: {
      get: () => (principal.runLevel === 'HighestAvailable' ? 1 : 0),
      set: (value) => {
        principal.runLevel = toNumber(value) === 1 ? 'HighestAvailable' : 'LeastPrivilege'
      },
    },
  }
}

/** COM collections count from 1. */
function collection(
  name: string,
  items: () => NetObject[],
  create: (type: number) => NetObject,
  clear: () => void,
): NetObject {
  return new NetObject(`System.__ComObject#${name}`, {
    items,
    properties: { Count: { get: () => items().length } },
    methods: {
      Create: (args) => create(toNumber(args[0] ?? 0)),
      Item: (args) => items()[toNumber(args[0]!) - 1] ?? null,
      Clear: () => {
        clear()
        return NOTHING
      },
    },
  })
}

const triggersObject = (draft: DefinitionDraft): NetObject =>
  collection(
    'TriggerCollection',
    () => draft.triggers.map(triggerObject),
    (type) => {
      const trigger = newTrigger(type)
      draft.triggers.push(trigger)
      return triggerObject(trigger)
    },
    () => {
      draft.triggers = []
    },
  )

const actionsObject = (definition: TaskDefinition): NetObject =>
  collection(
    'ActionCollection',
    () => definition.actions.map(actionObject),
    (type) => {
      if (type !== 0) throw new Unknown(`actions of type ${type}`)
      const action: Action = { command: '' }
      definition.actions.push(action)
      return actionObject(action)
    },
    () => {
      definition.actions = []
    },
  )

const actionObject = (action: Action): NetObject =>
  new NetObject('System.__ComObject#ExecAction', {
    properties: {
      Type: { get: () => 0 },
      Path: textOf(action, 'command'),
      Arguments: textOf(action, 'arguments'),
      WorkingDirectory: textOf(action, 'workingDirectory'),
    },
  })
