/** The HTTP server: reads requests, asks who is there, hands them to their handler, writes answers. */
import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { ElasticsearchError } from '../errors.ts'
import { KibanaError } from '../kibana/error.ts'
import { filterPath } from './filter-path.ts'
import { type Answer, type ApiRequest, readBody } from './request.ts'
import type { Api, Routes } from './routes.ts'

export interface ListenOptions {
  routes: Routes
  host: string
  port: number
  /** The key that requests must bring; null when anybody may ask. */
  apiKey: string | null
  /** Resolves when all that was written so far is safe: no answer leaves before. */
  settled(): Promise<void>
}

const KIBANA_PATH = /^(?:\/s\/[^/]+)?\/api\//
/** Answers smaller than this are not worth packing. */
const MIN_GZIP_BYTES = 1400
const pack = promisify(gzip)

/** Starts listening. Throws when the port cannot be had. */
export async function listen(options: ListenOptions): Promise<{ server: Server; port: number }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
    void answer(incoming, outgoing, options)
  })
  server.on('connection', (socket) => socket.setNoDelay(true))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  return { server, port: (server.address() as AddressInfo).port }
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, options: ListenOptions): Promise<void> {
  const uri = incoming.url ?? '/'
  const mark = uri.indexOf('?')
  const path = mark === -1 ? uri : uri.slice(0, mark)
  const parameters = new URLSearchParams(mark === -1 ? '' : uri.slice(mark + 1))
  const method = incoming.method ?? 'GET'
  const api: Api = KIBANA_PATH.test(path) ? 'kibana' : 'elasticsearch'
  let given: Answer
  try {
    const body = await readBody(incoming)
    authorize(incoming, path, options.apiKey, api)
    const { handler, params } = options.routes.find(method, path, uri)
    const request: ApiRequest = { method, path, uri, params, parameters, headers: incoming.headers, body }
    if (api === 'kibana' && method !== 'GET' && method !== 'HEAD') requireXsrfHeader(incoming)
    given = await handler(request)
    await options.settled()
  } catch (error) {
    given = errorAnswer(error, api)
  }
  try {
    await send(incoming, outgoing, given, { api, parameters, method })
  } catch {
    outgoing.destroy()
  }
}

function authorize(incoming: IncomingMessage, path: string, apiKey: string | null, api: Api): void {
  if (apiKey === null) return
  const [scheme, key = ''] = (incoming.headers.authorization ?? '').split(' ')
  if (scheme?.toLowerCase() === 'apikey' && sameText(key, apiKey)) return
  const missing = incoming.headers.authorization === undefined
  const reason = missing
    ? `missing authentication credentials for REST request [${path}]`
    : `unable to authenticate with provided credentials and anonymous access is not allowed for this request`
  if (api === 'kibana') throw new KibanaError(401, reason)
  throw new ElasticsearchError(401, 'security_exception', reason, {
    ...(missing ? {} : { additional_unsuccessful_credentials: 'API key: invalid credentials' }),
    header: { 'WWW-Authenticate': 'ApiKey' },
  })
}

/** Compares without telling by its time how much was right. */
function sameText(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function requireXsrfHeader({ headers }: IncomingMessage): void {
  if (headers['kbn-xsrf'] !== undefined || headers['kbn-version'] !== undefined) return
  throw new KibanaError(400, 'Request must contain a kbn-xsrf header.')
}

function errorAnswer(error: unknown, api: Api): Answer {
  if (error instanceof KibanaError) return { status: error.status, body: error.answer }
  if (error instanceof ElasticsearchError) {
    if (api === 'kibana') {
      const status = error.type === 'no_handler' ? 404 : error.status
      return { status, body: new KibanaError(status, status === 404 ? 'Not Found' : error.message).answer }
    }
    const headers: Record<string, string> = error.status === 401 ? { 'www-authenticate': 'ApiKey' } : {}
    return { status: error.status, body: error.answer, headers }
  }
  const reason = error instanceof Error ? error.message : String(error)
  if (api === 'kibana') return { status: 500, body: new KibanaError(500, reason).answer }
  return { status: 500, body: new ElasticsearchError(500, 'exception', reason).answer }
}

interface SendOptions {
  api: Api
  parameters: URLSearchParams
  method: string
}

async function send(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status = 200, body, headers = {} }: Answer,
  { api, parameters, method }: SendOptions,
): Promise<void> {
  const filter = parameters.get('filter_path')
  const shown = filter === null || typeof body === 'string' ? body : filterPath(body, filter)
  const text = typeof shown === 'string' ? shown : JSON.stringify(shown, null, parameters.has('pretty') ? 2 : undefined)
  let bytes = Buffer.from(text, 'utf8')
  outgoing.statusCode = status
  outgoing.setHeader('content-type', typeof body === 'string' ? 'text/plain; charset=UTF-8' : jsonType(incoming, api))
  if (api === 'elasticsearch') outgoing.setHeader('X-elastic-product', 'Elasticsearch')
  else outgoing.setHeader('kbn-name', 'tocsin')
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value)
  if (bytes.length >= MIN_GZIP_BYTES && /\bgzip\b/.test(String(incoming.headers['accept-encoding'] ?? ''))) {
    bytes = await pack(bytes, { level: 1 })
    outgoing.setHeader('content-encoding', 'gzip')
  }
  outgoing.setHeader('content-length', bytes.length)
  outgoing.end(method === 'HEAD' ? undefined : bytes)
}

/** The JSON type in the flavour that the client accepts: the official clients insist on theirs. */
function jsonType({ headers }: IncomingMessage, api: Api): string {
  if (api === 'kibana') return 'application/json; charset=utf-8'
  const asked = /application\/vnd\.elasticsearch\+json\s*;\s*compatible-with=(\d+)/.exec(String(headers.accept ?? ''))
  return asked === null ? 'application/json' : `application/vnd.elasticsearch+json;compatible-with=${asked[1]}`
}
