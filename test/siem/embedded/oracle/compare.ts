/** Sends one request to both servers and gives both answers without the listed differences. */
import type { Difference } from './differences.ts'
import { DIFFERENCES } from './differences.ts'
import type { OracleRequest } from './requests.ts'

export interface Compared {
  status: number
  body: unknown
}

export async function send(url: string, { method, path, body, lines }: OracleRequest): Promise<Compared> {
  const payload = lines === undefined ? body : lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  const response = await fetch(url + path, {
    method,
    ...(payload === undefined
      ? {}
      : {
          body: typeof payload === 'string' ? payload : JSON.stringify(payload),
          headers: { 'content-type': lines === undefined ? 'application/json' : 'application/x-ndjson' },
        }),
  })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text }
}

/** The answer without what may differ, and with scores rounded to what single precision keeps. */
export function comparable(name: string, { status, body }: Compared): unknown {
  const applying = DIFFERENCES.filter(({ requests }) => requests === undefined || requests.test(name))
  if (applying.some(({ statusOnly }) => statusOnly)) return { status }
  return { status, body: cut(body, '', applying) }
}

function cut(value: unknown, path: string, differences: readonly Difference[]): unknown {
  if (Array.isArray(value)) return value.map((item) => cut(item, path, differences))
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(
      ([name, inner]) => [path === '' ? name : `${path}.${name}`, name, inner] as const,
    )
    return Object.fromEntries(
      entries
        .filter(([full]) => !differences.some(({ paths }) => paths?.test(full)))
        .map(([full, name, inner]) => [name, cut(inner, full, differences)]),
    )
  }
  if (typeof value === 'string') {
    return differences.reduce(
      (text, { text: pattern }) => (pattern === undefined ? text : text.replace(pattern, '')),
      value,
    )
  }
  // Lucene scores in single precision.
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value
}
