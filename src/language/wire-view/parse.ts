/** What a view's query looks for, at its beginning. */
import { problemAt, QueryError, type Span } from '../query-error.ts'

export type ViewName = 'decoded' | 'raw' | 'printable'

/** By view: what is looked for as it is written, what it becomes, and what to say where it is not there. */
const FORMS: Record<ViewName, { written: RegExp; read(text: string): string; wanted: string }> = {
  decoded: {
    written: /^\s*[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\s|$)/i,
    read: (text) => text.toLowerCase(),
    wanted: 'a UUID such as 86d35949-83c9-4044-b424-db363231fd0c',
  },
  raw: {
    written: /^\s*[0-9a-f]{2}(?:\s*[0-9a-f]{2})+(?=\s|$)/i,
    read: (text) => (text.replace(/\s/g, '').toLowerCase().match(/../g) ?? []).join(' '),
    wanted: 'bytes in hexadecimal such as 49 59 d3 86',
  },
  printable: {
    written: /^\s*"[\x20-\x21\x23-\x7e]+"(?=\s|$)/,
    read: (text) => text.slice(1, -1),
    wanted: 'printable characters in quotes such as "IYD@$621"',
  },
}

export interface ViewPattern {
  /** A UUID in lower case, hex pairs with spaces, or a text. */
  pattern: string
  span: Span
}

/** @throws QueryError where the query begins with something else */
export function parseView(view: ViewName, query: string): ViewPattern {
  const { written, read, wanted } = FORMS[view]
  const [text] = written.exec(query) ?? []
  const start = query.length - query.trimStart().length
  if (text === undefined)
    throw new QueryError([problemAt(query, start, `it begins with what is looked for: ${wanted}`)])
  return { pattern: read(text.trim()), span: { start, end: text.length } }
}
