/** A request as handlers see it. */
import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { ElasticsearchError, illegalArgument } from '../errors.ts'

/** The largest body, as the server's own default. */
const MAX_BODY_BYTES = 100 * 1024 * 1024

export interface ApiRequest {
  method: string
  /** Path without its query string. */
  path: string
  uri: string
  /** Parts of the path that the route names. */
  params: Record<string, string>
  parameters: URLSearchParams
  headers: IncomingMessage['headers']
  body: Buffer
}

export interface Answer {
  status?: number
  /** Sent as JSON; a text as it is. */
  body: unknown
  headers?: Record<string, string>
}

const DECODERS: Record<string, (data: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

const tooLarge = () =>
  new ElasticsearchError(413, 'content_too_long_exception', `the body is longer than ${MAX_BODY_BYTES} bytes`)

/** The body, unpacked. Throws 413 when it is too large, 400 when it cannot be unpacked. */
export async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
  const encoding = incoming.headers['content-encoding']?.toLowerCase()
  if (encoding === undefined || encoding === 'identity') return body
  const decode = DECODERS[encoding]
  if (decode === undefined) throw illegalArgument(`Content-Encoding [${encoding}] is not supported`)
  try {
    return await decode(body, { maxOutputLength: MAX_BODY_BYTES })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
    throw illegalArgument(`the body is no valid ${encoding}`)
  }
}

/** The body as JSON, undefined when there is none. Throws 400 when it is no JSON. */
export function jsonOf(request: ApiRequest): unknown {
  const text = bodyText(request)
  return text.trim() === '' ? undefined : parseJson(text)
}

/** The body, or the parameter `source` that stands for it on requests that carry none. */
const bodyText = ({ body, parameters }: ApiRequest): string =>
  body.length > 0 ? body.toString('utf8') : (parameters.get('source') ?? '')

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ElasticsearchError(400, 'x_content_parse_exception', (error as Error).message)
  }
}

/** The body's object; `{}` when there is none. */
export function objectBody(request: ApiRequest): Record<string, unknown> {
  const body = jsonOf(request) ?? {}
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ElasticsearchError(400, 'parse_exception', 'request body is required to be an object')
  }
  return body as Record<string, unknown>
}

/** The lines of a newline-delimited body. Throws when the last one does not end. */
export function linesOf(request: ApiRequest, api: string, missing = 'request body is required'): string[] {
  const text = bodyText(request)
  if (text.trim() === '') throw new ElasticsearchError(400, 'parse_exception', missing)
  if (!text.endsWith('\n')) throw illegalArgument(`The ${api} request must be terminated by a newline [\\n]`)
  return text.split('\n').slice(0, -1)
}

/** A flag among the parameters: `?name`, `?name=true`. */
export function flagOf({ parameters }: ApiRequest, name: string, fallback = false): boolean {
  const value = parameters.get(name)
  return value === null ? fallback : value === '' || value === 'true'
}
