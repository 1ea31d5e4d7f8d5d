/** Stands for impacket's `examples/atexec.py`: MS-TSCH over \PIPE\atsvc; registers a task, runs it, deletes it. */
import { randomInt } from 'node:crypto'
import type { TaskService } from '../../program.ts'
import type { TaskDefinition } from '../../tasks/definition.ts'
import type { SystemProgram } from '../context.ts'
import { ClientError, orReport, parseTarget } from './target.ts'

interface Options {
  silent: boolean
  createOnly: boolean
  deleteOnly: boolean
  name: string
  target: string | undefined
  command: string
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const randomName = (): string => Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]!).join('')
/** Lab milliseconds between two looks at whether the task is done. */
const POLL_MS = 20

/** Options come before the target; what follows it is the command. */
function parse(argv: string[]): Options {
  const words = [...argv]
  const options = { silent: false, createOnly: false, deleteOnly: false, name: randomName() }
  while (words[0]?.startsWith('-')) {
    const option = words.shift()!
    if (option === '-silentcommand') options.silent = true
    else if (option === '-create-only') options.createOnly = true
    else if (option === '-delete-only') options.deleteOnly = true
    else if (option === '-task-name') options.name = words.shift() ?? ''
    else throw new ClientError(`atexec.py: error: unrecognized arguments: ${option}`)
  }
  const [target, ...command] = words
  if (command.length === 0 && !options.deleteOnly) throw new ClientError('You need to specify a command to execute!')
  return { ...options, target, command: command.join(' ') }
}

function definitionOf({ silent, createOnly, command, name }: Options): TaskDefinition {
  const [program = '', ...rest] = command.split(' ')
  const [executable, given] = silent
    ? [program, rest.join(' ')]
    : ['cmd.exe', `/C ${command} > %windir%\\Temp\\${name}.tmp 2>&1`]
  return {
    registrationInfo: {},
    // A task that is only created gets no trigger, or it would run every day until somebody deletes it.
    triggers: createOnly
      ? []
      : [{ kind: 'daily', startBoundary: '2015-07-15T20:35:13', daysInterval: 1, enabled: true }],
    principal: { userId: 'S-1-5-18', logonType: 'ServiceAccount', runLevel: 'HighestAvailable' },
    settings: { enabled: true, hidden: true, startWhenAvailable: false },
    actions: [{ command: executable!, ...(given === '' ? {} : { arguments: given! }) }],
  }
}

export const atexec: SystemProgram = (context, machine, process) =>
  orReport(context, async () => {
    const { stdout, argv, connectTasks } = context
    stdout('Impacket (emulated) - atexec.py\n\n')
    const options = parse(argv.slice(1))
    const { host, credentials } = parseTarget(options.target)
    const path = `\\${options.name}`
    const service = await connectTasks({ host, credentials, over: 'pipe', client: 'raw' })
    if (!options.deleteOnly) {
      stdout(`[*] Creating task ${path}\n`)
      await service.register(path, definitionOf(options), 'create')
    }
    if (options.createOnly) return
    if (!options.deleteOnly) {
      stdout(`[*] Running task ${path}\n`)
      await service.run(path)
      await ended(service, path)
    }
    stdout(`[*] Deleting task ${path}\n`)
    await service.delete(path)
    if (options.deleteOnly || options.silent) return
    // The output is a file on the other host, read over the same SMB session and then removed.
    const file = `C:\\Windows\\Temp\\${options.name}.tmp`
    const { files } = machine.network.resolve(host, { machine, process })
    stdout(`[*] Attempting to read ADMIN$\\Temp\\${options.name}.tmp\n`)
    stdout(files.read(file).content.toString('latin1'))
    files.remove(file)

    async function ended(tasks: TaskService, name: string): Promise<void> {
      while ((await tasks.get(name, 'last-run')).state === 'Running' && !context.signal.aborted)
        await context.sleep(POLL_MS)
    }
  })
