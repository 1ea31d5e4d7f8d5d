/** schtasks /change */
import { type ProgramContext, WindowsError } from '../../program.ts'
import type { TaskDefinition, Trigger } from '../../tasks/definition.ts'
import { isTimed } from '../../tasks/schedule.ts'
import { connect } from './connection.ts'
import { actionOf, movedStart } from './definition.ts'
import { Refusal, type Switches } from './switches.ts'

const FILE_NOT_FOUND = 0x80070002

export async function change(switches: Switches, context: ProgramContext): Promise<number> {
  const name = switches.demand('tn')
  const changes = ['ru', 'rp', 'tr', 'st', 'ri', 'et', 'du', 'sd', 'ed', 'it', 'rl', 'enable', 'disable', 'delay', 'z']
  if (!changes.some((option) => switches.has(option))) {
    throw switches.refuse('At least one of the options to change must be specified.')
  }
  const service = await connect(switches, context)
  const task = await service.get(name).catch((error: unknown) => {
    if (error instanceof WindowsError && error.code === FILE_NOT_FOUND) {
      throw new Refusal(`ERROR: The specified task name "${name}" does not exist in the system.`)
    }
    throw error
  })
  const user = switches.get('ru')
  const password = switches.get('rp')
  await service.register(name, changed(task.definition, switches), 'update', {
    ...(user === undefined ? {} : { user }),
    ...(password === undefined || password === '' ? {} : { password }),
  })
  context.stdout(`SUCCESS: The parameters of scheduled task "${name}" have been changed.\n`)
  return 0
}

function changed(definition: TaskDefinition, switches: Switches): TaskDefinition {
  const command = switches.get('tr')
  const level = switches.get('rl')?.toUpperCase()
  const enabled = switches.has('enable') ? true : switches.has('disable') ? false : definition.settings.enabled
  return {
    ...definition,
    triggers: definition.triggers.map((trigger) => moved(trigger, switches)),
    actions: command === undefined ? definition.actions : [actionOf(command)],
    principal: {
      ...definition.principal,
      ...(level === undefined ? {} : { runLevel: level === 'HIGHEST' ? 'HighestAvailable' : 'LeastPrivilege' }),
      ...(switches.has('it') ? { logonType: 'InteractiveToken' } : {}),
    },
    settings: { ...definition.settings, enabled, ...(switches.has('z') ? { deleteExpiredTaskAfter: 'PT0S' } : {}) },
  }
}

function moved(trigger: Trigger, switches: Switches): Trigger {
  const time = switches.get('st')
  const every = switches.get('ri')
  if (!isTimed(trigger)) return trigger
  const shifted = time === undefined ? trigger : { ...trigger, startBoundary: movedStart(trigger.startBoundary, time) }
  return every !== undefined && shifted.kind === 'time'
    ? { ...shifted, repetition: { interval: `PT${every}M` } }
    : shifted
}
