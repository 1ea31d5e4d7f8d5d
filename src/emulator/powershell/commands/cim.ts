/** CIM sessions, and the WMI method that registers a task by its XML. */
import { type TaskService, WindowsError } from '../../program.ts'
import { parseTaskXml } from '../../tasks/xml.ts'
import type { Call, Cmdlet } from '../binding.ts'
import { ErrorRecord, failure, Unknown } from '../errors.ts'
import { credentialsIn } from '../objects/credential.ts'
import { DateTime, Hashtable, NetObject, NOTHING, PsObject, toBoolean, toText, type Value } from '../values.ts'

/** A machine whose tasks a cmdlet works on; what it calls there runs in WmiPrvSE. */
export interface CimTarget {
  tasks: TaskService
  /** Null for this machine without a session. */
  computer: string | null
}

type Protocol = 'wsman' | 'dcom'

const SESSION = 'Microsoft.Management.Infrastructure.CimSession'
let sessions = 0

function sessionObject(target: CimTarget, protocol: Protocol): NetObject {
  sessions += 1
  const id = sessions
  const read = (value: Value) => ({ get: () => value })
  return new NetObject(SESSION, {
    native: target,
    properties: {
      Id: read(id),
      Name: read(`CimSession${id}`),
      ComputerName: read(target.computer),
      Protocol: read(protocol.toUpperCase()),
    },
    methods: { Close: () => NOTHING, Dispose: () => NOTHING },
  })
}

/** The machines that `-CimSession` names: sessions, or computers to connect to; this one when it is left out. */
export async function targetsOf(call: Call, parameter = 'CimSession'): Promise<CimTarget[]> {
  const { context } = call.runtime
  if (!call.has(parameter)) return [{ tasks: (await context.localCim()).tasks, computer: null }]
  const found: CimTarget[] = []
  for (const value of call.list(parameter)) {
    if (value instanceof NetObject && value.typeName === SESSION) found.push(value.native as CimTarget)
    else found.push({ tasks: (await context.connectCim(toText(value), 'wsman')).tasks, computer: toText(value) })
  }
  return found
}

/** Categories and exceptions of Windows errors as the CIM cmdlets report them. */
const CATEGORIES: Record<number, string> = {
  2147942405: 'PermissionDenied',
  2147942402: 'ObjectNotFound',
  2147942583: 'ResourceExists',
}

function cimRecord(command: string, { code, message }: WindowsError): ErrorRecord {
  return new ErrorRecord({
    message,
    command,
    type: 'Microsoft.Management.Infrastructure.CimException',
    category: CATEGORIES[code] ?? 'NotSpecified',
    id: `HRESULT 0x${code.toString(16).padStart(8, '0')},${command}`,
    nativeCode: code | 0,
  })
}

/** Runs the body of a CIM cmdlet: what Windows refuses is an error that stops nothing else. */
export async function reporting(call: Call, command: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof WindowsError)) throw error
    await call.runtime.report(cimRecord(command, error), call.scope, call.errorAction)
  }
}

async function registerByXml(target: CimTarget, values: Hashtable): Promise<void> {
  const definition = parseTaskXml(toText(values.get('Xml')))
  const text = (name: string) => (values.get(name) === null ? undefined : toText(values.get(name)))
  const name = text('TaskName')
  const path =
    name === undefined ? definition.registrationInfo.uri : `${(text('TaskPath') ?? '\\').replace(/\\?$/, '\\')}${name}`
  if (path === undefined) throw new WindowsError(0x80070057, 'The parameter is incorrect.')
  const user = text('User')
  const password = text('Password')
  const as = { ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) }
  await target.tasks.register(path, definition, toBoolean(values.get('Force')) ? 'create-or-update' : 'create', as)
}

/** Filters of the form `ProcessId=4` and `Name='cmd.exe'`. */
function matchesFilter(object: PsObject, filter: string | undefined): boolean {
  if (filter === undefined) return true
  const found = /^\s*(\w+)\s*=\s*['"]?([^'"]*)['"]?\s*$/.exec(filter)
  if (found === null) throw new Unknown(`the filter ${filter}`)
  return toText(object.properties.get(found[1]!)).toLowerCase() === found[2]!.toLowerCase()
}

export const CIM: Cmdlet[] = [
  {
    name: 'New-CimSessionOption',
    parameters: { Protocol: 'any', UseSsl: 'switch', SkipCACheck: 'switch', SkipCNCheck: 'switch' },
    async run(call) {
      const protocol = (call.text('Protocol') ?? 'Wsman').toLowerCase()
      if (protocol !== 'dcom' && protocol !== 'wsman' && protocol !== 'default')
        throw new Unknown(`the protocol ${protocol}`)
      await call.emit(
        new NetObject('Microsoft.Management.Infrastructure.Options.CimSessionOptions', {
          native: protocol === 'dcom' ? 'dcom' : 'wsman',
        }),
      )
    },
  },
  {
    name: 'New-CimSession',
    parameters: {
      ComputerName: 'any',
      Credential: 'any',
      SessionOption: 'any',
      Name: 'any',
      Port: 'any',
      Authentication: 'any',
      OperationTimeoutSec: 'any',
      SkipTestConnection: 'switch',
    },
    positional: ['ComputerName', 'Credential'],
    async run(call) {
      const option = call.value('SessionOption')
      const protocol = (option instanceof NetObject ? option.native : 'wsman') as Protocol
      const credentials = call.has('Credential') ? credentialsIn(call.value('Credential')) : undefined
      const names = call.has('ComputerName') ? call.list('ComputerName').map(toText) : [undefined]
      for (const name of names) {
        await reporting(call, 'New-CimSession', async () => {
          const { tasks, hostName } = await call.runtime.context.connectCim(name, protocol, credentials)
          await call.emit(sessionObject({ tasks, computer: name ?? hostName }, protocol))
        })
      }
    },
  },
  {
    name: 'Remove-CimSession',
    parameters: { CimSession: 'any', ComputerName: 'any', Id: 'any', Name: 'any' },
    positional: ['CimSession'],
    run() {},
  },
  {
    name: 'Invoke-CimMethod',
    parameters: {
      Namespace: 'any',
      ClassName: 'any',
      MethodName: 'any',
      Arguments: 'any',
      CimSession: 'any',
      ComputerName: 'any',
      InputObject: 'any',
    },
    positional: ['ClassName', 'MethodName', 'Arguments'],
    aliases: { Class: 'ClassName', Name: 'MethodName' },
    async run(call) {
      const [type, method] = [call.text('ClassName') ?? '', call.text('MethodName') ?? '']
      const isTask =
        /^root[\\/]microsoft[\\/]windows[\\/]taskscheduler$/i.test(call.text('Namespace') ?? '') &&
        /^PS_ScheduledTask$/i.test(type)
      if (!isTask || !/^RegisterByXml$/i.test(method))
        throw new Unknown(`the method ${method} of the CIM class ${type}`)
      const values = call.value('Arguments')
      if (!(values instanceof Hashtable)) {
        throw failure({
          message: "Cannot bind parameter 'Arguments'.",
          command: 'Invoke-CimMethod',
          category: 'InvalidArgument',
          id: 'CannotConvertArgumentNoMessage,Microsoft.Management.Infrastructure.CimCmdlets.InvokeCimMethodCommand',
        })
      }
      await reporting(call, 'Invoke-CimMethod', async () => {
        for (const target of await targetsOf(call, call.has('ComputerName') ? 'ComputerName' : 'CimSession')) {
          await registerByXml(target, values)
          await call.emit(
            new PsObject(
              { ReturnValue: 0, PSComputerName: target.computer },
              { typeName: 'Microsoft.Management.Infrastructure.CimMethodResult' },
            ),
          )
        }
      })
    },
  },
  {
    name: 'Get-CimInstance',
    parameters: {
      ClassName: 'any',
      Filter: 'any',
      Namespace: 'any',
      CimSession: 'any',
      ComputerName: 'any',
      Property: 'any',
    },
    positional: ['ClassName'],
    async run(call) {
      const type = call.text('ClassName') ?? ''
      if (!/^Win32_Process$/i.test(type) || call.has('CimSession') || call.has('ComputerName'))
        throw new Unknown(`the CIM class ${type}`)
      const { context } = call.runtime
      if (context.processes === undefined) throw new Unknown('the process table of this host')
      for (const { pid, parentPid, name, commandLine, startedAt } of context.processes()) {
        const created = new DateTime(startedAt + context.timeZoneMinutes * 60_000, 'Local', context.timeZoneMinutes)
        const object = new PsObject(
          { ProcessId: pid, Name: name, ParentProcessId: parentPid, CommandLine: commandLine, CreationDate: created },
          { typeName: 'Microsoft.Management.Infrastructure.CimInstance#root/cimv2/Win32_Process' },
        )
        if (matchesFilter(object, call.text('Filter'))) await call.emit(object)
      }
    },
  },
]
