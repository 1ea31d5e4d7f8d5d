import { failure } from '../errors.ts'
import { NetObject, type Value } from '../values.ts'

/** How PowerShell reports an exception that a method threw. */
export function methodFailure(method: string, args: Value[], type: string, message: string, hresult?: number) {
  const short = type.slice(type.lastIndexOf('.') + 1)
  return failure({
    message: `Exception calling "${method}" with "${args.length}" argument(s): "${message}"`,
    type: 'System.Management.Automation.MethodInvocationException',
    id: short,
    inner: new NetObject(type, {
      properties: { Message: { get: () => message }, HResult: { get: () => hresult ?? null } },
    }),
    ...(hresult === undefined ? {} : { hresult }),
  })
}
