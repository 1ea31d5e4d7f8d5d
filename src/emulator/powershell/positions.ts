/** Places in a script as PowerShell's messages name them. */
import type { ErrorRecord } from './errors.ts'
import type { Span } from './syntax/ast.ts'

export function positionOf(source: string, { start, end }: Span): ErrorRecord['position'] {
  const before = source.slice(0, start).split('\n')
  const lineStart = start - before.at(-1)!.length
  const lineEnd = source.indexOf('\n', start)
  const line = source.slice(lineStart, lineEnd === -1 ? undefined : lineEnd).replace(/\r$/, '')
  const column = start - lineStart + 1
  return { line, number: before.length, column, length: Math.min(end, lineStart + line.length) - start }
}
