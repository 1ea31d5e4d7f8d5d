/** schtasks /create */
import { BUILT_IN, isService } from '../../machine/accounts.ts'
import { type ProgramContext, type TaskService, WindowsError } from '../../program.ts'
import type { TaskDefinition } from '../../tasks/definition.ts'
import { parseTaskXml } from '../../tasks/xml.ts'
import { askPassword, confirm, connect } from './connection.ts'
import { definitionOf, localNow } from './definition.ts'
import { Refusal, type Switches } from './switches.ts'

const ALREADY_EXISTS = 0x800700b7

export async function create(switches: Switches, context: ProgramContext): Promise<number> {
  const name = switches.demand('tn')
  if (switches.has('u') && !switches.has('s')) {
    throw new Refusal('ERROR: User credentials are not allowed on the local machine.')
  }
  const { start, ...definition } = await read(switches, context)
  const as = await runAs(switches, context)
  const service = await connect(switches, context)
  if (start !== null && start < localNow(context)) {
    context.stderr('WARNING: Task may not run because /ST is earlier than current time.\n')
  }
  if (!(await register(service, name, definition, as, switches, context))) return 1
  context.stdout(`SUCCESS: The scheduled task "${name}" has successfully been created.\n`)
  return 0
}

/** The definition: of the XML file that /xml names, else of the switches. */
async function read(switches: Switches, context: ProgramContext): Promise<TaskDefinition & { start: number | null }> {
  const file = switches.get('xml')
  if (file === undefined) return definitionOf(switches, context)
  const bytes = await context.readFile(file)
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return { ...parseTaskXml(utf16 ? bytes.subarray(2).toString('utf16le') : bytes.toString('latin1')), start: null }
}

/** Whom /ru and /rp name. A user without a password is asked for it, unless /np or /it does without. */
async function runAs(switches: Switches, context: ProgramContext): Promise<{ user?: string; password?: string }> {
  const user = switches.get('ru')
  if (user === undefined) return {}
  const builtIn = BUILT_IN[user.toLowerCase()]
  if (builtIn !== undefined && isService(builtIn.sid)) return { user: builtIn.sid }
  if (switches.has('np')) return { user }
  const given = switches.get('rp')
  if (given === undefined && switches.has('it')) return { user }
  const password =
    given === undefined || given === '' || given === '*'
      ? await askPassword(context, `Please enter the run as password for ${user}`)
      : given
  return { user, password }
}

/** Registers the task; asks before it replaces one, unless /f says so. False: the input ended, or the answer is no. */
async function register(
  service: TaskService,
  name: string,
  definition: TaskDefinition,
  as: { user?: string; password?: string },
  switches: Switches,
  context: ProgramContext,
): Promise<boolean> {
  try {
    await service.register(name, definition, switches.has('f') ? 'create-or-update' : 'create', as)
    return true
  } catch (error) {
    if (!(error instanceof WindowsError) || error.code !== ALREADY_EXISTS) throw error
  }
  const question = `WARNING: The task name "${name}" already exists. Do you want to replace it (Y/N)? `
  if ((await confirm(context, question)) !== true) return false
  await service.register(name, definition, 'update', as)
  return true
}
