/** How to reach an Elasticsearch and its Kibana, and how their failures read. */
import { Client, errors } from '@elastic/elasticsearch'
import { SiemError } from '../../engine/ports.ts'

export interface ElasticConnection {
  url: string
  /** Default: the same address as `url`. */
  kibana?: string | undefined
  /** Kibana space; default: `default`. */
  space?: string | undefined
  apiKey?: string | undefined
  username?: string | undefined
  password?: string | undefined
}

/** Real time. A SIEM that needs longer for one request is as good as silent. */
const REQUEST_TIMEOUT_MS = 30_000

/** The official client, with few retries of its own: the engine's watcher asks again at its next tick. */
export function createClient(connection: ElasticConnection): Client {
  const { url, apiKey, username, password } = connection
  const auth =
    apiKey !== undefined ? { apiKey } : username !== undefined ? { username, password: password ?? '' } : undefined
  return new Client({
    node: url,
    requestTimeout: REQUEST_TIMEOUT_MS,
    maxRetries: 1,
    ...(auth === undefined ? {} : { auth }),
  })
}

/** What a failure of the client means, in words without headers or keys. */
export function siemError(error: unknown): SiemError {
  if (error instanceof SiemError) return error
  return new SiemError(describe(error))
}

function describe(error: unknown): string {
  if (error instanceof errors.ResponseError) {
    const reason = (error.body as { error?: { reason?: unknown } } | undefined)?.error?.reason
    return statusText(error.statusCode ?? 0, typeof reason === 'string' ? reason : null)
  }
  if (error instanceof errors.TimeoutError) return `the SIEM did not answer within ${REQUEST_TIMEOUT_MS / 1000} s`
  if (error instanceof errors.ConnectionError) return `the SIEM cannot be reached: ${firstLine(error.message)}`
  if (error instanceof errors.ProductNotSupportedError)
    return 'what answers at the address of the SIEM is no Elasticsearch'
  if (error instanceof errors.DeserializationError) return 'the SIEM answered with something that is no JSON'
  return `the SIEM failed: ${firstLine(error instanceof Error ? error.message : String(error))}`
}

/** The meaning of an HTTP status, with the server's own reason where it gave one. */
export function statusText(status: number, reason: string | null): string {
  const meaning: Record<number, string> = {
    401: 'the SIEM refused the login',
    403: 'the SIEM refused: the key may not do this',
    429: 'the SIEM is overloaded',
  }
  const what = meaning[status] ?? 'the SIEM answered with an error'
  return `${what} (HTTP ${status})${reason === null ? '' : `: ${firstLine(reason)}`}`
}

const firstLine = (text: string): string => text.split('\n', 1)[0]!.slice(0, 300)
