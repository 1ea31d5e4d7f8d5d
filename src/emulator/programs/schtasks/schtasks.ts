/** schtasks.exe: reads its switches, reaches a Task Scheduler, and says what the real one says, where it says it. */

import { type Program, type ProgramContext, WindowsError } from '../../program.ts'
import { change } from './change.ts'
import { confirm, connect } from './connection.ts'
import { create } from './create.ts'
import { query } from './query.ts'
import { Refusal, readSwitches, type Switches } from './switches.ts'
import { USAGE } from './usage.ts'

export const schtasks: Program = async (context) => {
  try {
    const switches = readSwitches(context.argv)
    if ('helpFor' in switches) {
      context.stdout(USAGE)
      return 0
    }
    return await VERBS[switches.verb](switches, context)
  } catch (error) {
    if (error instanceof Refusal) {
      context.stderr(`${error.message}\n`)
      return error.exitCode
    }
    if (error instanceof WindowsError) {
      context.stderr(`ERROR: ${error.message}\n`)
      return 1
    }
    throw error
  }
}

type VerbProgram = (switches: Switches, context: ProgramContext) => Promise<number>

const remove: VerbProgram = async (switches, context) => {
  const name = switches.demand('tn')
  const service = await connect(switches, context)
  const all = name === '*'
  if (!all) await service.get(name)
  if (!switches.has('f')) {
    const what = all ? 'all the scheduled tasks' : `the task "${name}"`
    const answer = await confirm(context, `WARNING: Are you sure you want to remove ${what} (Y/N)? `)
    if (answer === null) return 1
    if (!answer) return 0
  }
  const paths = all ? (await service.list('\\')).map(({ path }) => path) : [name]
  for (const path of paths) {
    await service.delete(path)
    const shown = all ? path.slice(1) : name
    context.stdout(`SUCCESS: The scheduled task "${shown}" was successfully deleted.\n`)
  }
  return 0
}

const run: VerbProgram = async (switches, context) => {
  const name = switches.demand('tn')
  const service = await connect(switches, context)
  await service.run(name)
  context.stdout(`SUCCESS: Attempted to run the scheduled task "${name}".\n`)
  return 0
}

const end: VerbProgram = async (switches, context) => {
  const name = switches.demand('tn')
  const service = await connect(switches, context)
  await service.stop(name)
  context.stdout(`SUCCESS: The scheduled task "${name}" has been terminated successfully.\n`)
  return 0
}

/** The SID under which a task's own service account goes: from its name, as Windows derives it. */
const showSid: VerbProgram = async (switches, context) => {
  const name = switches.demand('tn')
  const task = await (await connect(switches, context)).get(name)
  context.stdout(`SUCCESS: The user name for the task "${name}" is: ${task.definition.principal.userId ?? ''}\n`)
  return 0
}

const VERBS: Record<Switches['verb'], VerbProgram> = {
  create: (switches, context) => create(switches, context),
  delete: remove,
  query: (switches, context) => query(switches, context),
  run,
  end,
  change: (switches, context) => change(switches, context),
  showsid: showSid,
}
