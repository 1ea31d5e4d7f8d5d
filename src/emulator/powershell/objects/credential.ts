/** User names with passwords, as scripts make them. */
import type { Credentials } from '../../program.ts'
import { failure } from '../errors.ts'
import { NetObject, toText, type Value } from '../values.ts'

/** A SecureString: its text is never shown. */
export const secureString = (text: string): NetObject =>
  new NetObject('System.Security.SecureString', { native: text, properties: { Length: { get: () => text.length } } })

export function credentialOf(user: Value, password: Value): NetObject {
  const name = toText(user)
  const secret =
    password instanceof NetObject && typeof password.native === 'string' ? password.native : toText(password)
  return new NetObject('System.Management.Automation.PSCredential', {
    native: credentials(name, secret),
    properties: { UserName: { get: () => name }, Password: { get: () => password } },
    methods: { GetNetworkCredential: () => networkCredential(name, secret) },
  })
}

function networkCredential(name: string, secret: string): NetObject {
  const { user, domain = '' } = credentials(name, secret)
  return new NetObject('System.Net.NetworkCredential', {
    properties: { UserName: { get: () => user }, Domain: { get: () => domain }, Password: { get: () => secret } },
  })
}

/** `DOMAIN\user` and `user@domain` taken apart. */
function credentials(name: string, password: string): Credentials {
  const backslash = name.indexOf('\\')
  if (backslash !== -1) return { domain: name.slice(0, backslash), user: name.slice(backslash + 1), password }
  const at = name.lastIndexOf('@')
  return at === -1 ? { user: name, password } : { user: name.slice(0, at), domain: name.slice(at + 1), password }
}

/** What a `-Credential` argument holds. @throws {PsThrow} when it is no credential */
export function credentialsIn(value: Value): Credentials {
  if (value instanceof NetObject && value.typeName.endsWith('PSCredential')) return value.native as Credentials
  // The real cmdlet asks for the password in a window, which nobody is there to fill in.
  throw failure({
    message: 'Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.',
    type: 'System.Management.Automation.PSInvalidOperationException',
    category: 'InvalidOperation',
    id: 'InvalidOperation',
  })
}
