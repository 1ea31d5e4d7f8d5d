/** Stands for a client written on impacket's `impacket.dcerpc.v5.tsch` over TCP, with a source port of its own choice. */
import type { Program } from '../../program.ts'
import type { TaskDefinition } from '../../tasks/definition.ts'
import { actionOf } from '../schtasks/definition.ts'
import { ClientError, orReport, parseTarget } from './target.ts'

const VERBS = ['-create', '-run', '-delete', '-query'] as const
type Verb = (typeof VERBS)[number]

interface Options {
  verb: Verb
  name: string
  command: string
  sourcePort: number | null
  target: string | undefined
}

function parse(argv: string[]): Options {
  const words = [...argv]
  let verb: Verb | null = null
  let name = ''
  let command = 'cmd.exe /c ver'
  let sourcePort: number | null = null
  while (words[0]?.startsWith('-')) {
    const option = words.shift()!
    const value = words.shift() ?? ''
    if (option === '-source-port') sourcePort = Number(value)
    else if (option === '-command') command = value
    else if (VERBS.includes(option as Verb)) {
      verb = option as Verb
      name = value
    } else throw new ClientError(`tschclient.py: error: unrecognized arguments: ${option}`)
  }
  if (verb === null) throw new ClientError(`tschclient.py: error: one of ${VERBS.join(' ')} is required`)
  if (sourcePort !== null && !(Number.isInteger(sourcePort) && sourcePort > 0 && sourcePort < 65_536)) {
    throw new ClientError('tschclient.py: error: a source port is a number from 1 to 65535')
  }
  return { verb, name, command, sourcePort, target: words[0] }
}

const definitionOf = (command: string): TaskDefinition => ({
  registrationInfo: {},
  triggers: [],
  principal: { userId: 'S-1-5-18', logonType: 'ServiceAccount', runLevel: 'HighestAvailable' },
  settings: { enabled: true, hidden: false, startWhenAvailable: false },
  actions: [actionOf(command)],
})

export const tschclient: Program = (context) =>
  orReport(context, async () => {
    const { verb, name, command, sourcePort, target } = parse(context.argv.slice(1))
    const { host, credentials } = parseTarget(target)
    const service = await context.connectTasks({
      host,
      credentials,
      over: 'tcp',
      client: 'raw',
      ...(sourcePort === null ? {} : { sourcePort }),
    })
    const path = `\\${name.replace(/^\\/, '')}`
    switch (verb) {
      case '-create':
        await service.register(path, definitionOf(command), 'create')
        return context.stdout(`[*] Created ${path}\n`)
      case '-run':
        await service.run(path)
        return context.stdout(`[*] Started ${path}\n`)
      case '-delete':
        await service.delete(path)
        return context.stdout(`[*] Deleted ${path}\n`)
      case '-query':
        return context.stdout(`${(await service.get(path)).xml}\n`)
    }
  })
