/** What the emulated clients have in common: how they name a host, and how they say that something failed. */
import { type Credentials, type ProgramContext, WindowsError } from '../../program.ts'

export interface Target {
  host: string
  credentials: Credentials
}

/** The client cannot go on: one line for the user. */
export class ClientError extends Error {
  override name = 'ClientError'
}

/** Reads `[domain/]user[:password]@host`; a password may hold `@` and `:`. Throws `ClientError`. */
export function parseTarget(text: string | undefined): Target {
  const found = /^(?:([^/@:]*)\/)?([^:]*?)(?::(.*))?@([^@]+)$/.exec(text ?? '')
  if (found === null) throw new ClientError('the target is written [domain/]user:password@host')
  const [, domain = '', user = '', password = '', host = ''] = found
  return { host, credentials: { user, password, ...(domain === '' ? {} : { domain }) } }
}

/** RPC status names, as impacket writes them. */
const STATUS: Record<number, string> = {
  2147942405: 'DCERPC Runtime Error: code: 0x5 - rpc_s_access_denied ',
  2147943726: 'SMB SessionError: code: 0xc000006d - STATUS_LOGON_FAILURE - The attempted logon is invalid.',
  2147944122: 'Could not connect: timed out',
  2147942453: '[Errno -2] Name or service not known',
  2147942402: 'TSCH SessionError: code: 0x80070002 - ERROR_FILE_NOT_FOUND - The system cannot find the file specified.',
  2147942583:
    'TSCH SessionError: code: 0x800700b7 - ERROR_ALREADY_EXISTS - Cannot create a file when that file already exists.',
}

/** Runs a client; what goes wrong is one line on stderr and exit code 1. */
export async function orReport(context: ProgramContext, work: () => Promise<void>): Promise<number> {
  try {
    await work()
    return 0
  } catch (error) {
    if (!(error instanceof WindowsError || error instanceof ClientError)) throw error
    const text = error instanceof WindowsError ? (STATUS[error.code] ?? error.message) : error.message
    context.stderr(`[-] ${text}\n`)
    return 1
  }
}
