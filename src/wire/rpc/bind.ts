/** The bodies of bind and alter_context and of their answers: presentation contexts and what became of them. */
import { HEADER_LENGTH, u16, u32, uuidAt } from './header.ts'

const NDR32 = '8a885d04-1ceb-11c9-9fe8-08002b104860'
const NDR64 = '71710533-beba-4937-8319-b5dbef9ccc36'
/** MS-RPCE 3.3.1.5.3: the rest of the UUID holds the features that the client offers. */
const FEATURES = '6cb71c2c-9812-4540'

export interface Context {
  id: number
  uuid: string
  /** `major.minor` */
  version: string
  /** `NDR32`, `NDR64`, `features` for bind-time feature negotiation, else the syntax's UUID. */
  transferSyntax: string
  /** Where the interface's UUID lies in the PDU. */
  uuidOffset: number
}

export interface ContextResult {
  result: 'accepted' | 'rejected' | 'features'
  reason: number
}

const MOST_CONTEXTS = 255
const CONTEXT_LENGTH = 24
const SYNTAX_LENGTH = 20
const RESULT_LENGTH = 24

/** The contexts of a bind or alter_context; as many as are there as a whole. */
export function contextsOf(bytes: Buffer, at: number, end: number, little: boolean): Context[] {
  const contexts: Context[] = []
  const count = Math.min(bytes[at + HEADER_LENGTH + 8]!, MOST_CONTEXTS)
  let next = at + HEADER_LENGTH + 12
  for (let number = 0; number < count && next + CONTEXT_LENGTH <= end; number += 1) {
    const syntaxes = bytes[next + 2]!
    // The major version is the lower half.
    const version = u32(bytes, next + 20, little)
    const syntax = next + CONTEXT_LENGTH
    contexts.push({
      id: u16(bytes, next, little),
      uuid: uuidAt(bytes, next + 4, little),
      version: `${version & 0xffff}.${version >>> 16}`,
      transferSyntax: syntax + SYNTAX_LENGTH <= end && syntaxes > 0 ? syntaxName(uuidAt(bytes, syntax, little)) : '',
      uuidOffset: next + 4 - at,
    })
    next = syntax + syntaxes * SYNTAX_LENGTH
  }
  return contexts
}

function syntaxName(uuid: string): string {
  if (uuid === NDR32) return 'NDR32'
  if (uuid === NDR64) return 'NDR64'
  return uuid.startsWith(FEATURES) ? 'features' : uuid
}

const RESULTS: Record<number, ContextResult['result']> = { 0: 'accepted', 3: 'features' }

export interface BindAnswer {
  /** The port or pipe that the server names as its own. */
  secondaryAddress: string
  /** In the order of the contexts that were offered. */
  results: ContextResult[]
}

/** The body of a bind_ack or alter_context_resp; as much as is there. */
export function bindAnswerOf(bytes: Buffer, at: number, end: number, little: boolean): BindAnswer {
  const addressAt = at + HEADER_LENGTH + 10
  const empty = { secondaryAddress: '', results: [] }
  if (addressAt > end) return empty
  const addressLength = u16(bytes, addressAt - 2, little)
  const addressEnd = addressAt + addressLength
  if (addressEnd > end) return empty
  const secondaryAddress = bytes.toString('latin1', addressAt, Math.max(addressAt, addressEnd - 1))
  const listAt = addressEnd + ((4 - ((addressEnd - at) % 4)) % 4)
  const results: ContextResult[] = []
  const count = listAt + 4 <= end ? bytes[listAt]! : 0
  for (let next = listAt + 4; results.length < count && next + RESULT_LENGTH <= end; next += RESULT_LENGTH) {
    results.push({ result: RESULTS[u16(bytes, next, little)] ?? 'rejected', reason: u16(bytes, next + 2, little) })
  }
  return { secondaryAddress, results }
}

/** Why a bind was refused; null when the PDU does not say. */
export const nakReasonOf = (bytes: Buffer, at: number, end: number, little: boolean): number | null =>
  at + HEADER_LENGTH + 2 <= end ? u16(bytes, at + HEADER_LENGTH, little) : null

/** The status of a fault, such as 0x1c010003 for an unknown interface. */
export const faultStatusOf = (bytes: Buffer, at: number, end: number, little: boolean): number | null =>
  at + HEADER_LENGTH + 12 <= end ? u32(bytes, at + HEADER_LENGTH + 8, little) : null
