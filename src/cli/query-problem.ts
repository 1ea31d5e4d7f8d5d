/** What is wrong with a query, shown with the line that it is in. */
import type { QueryError } from '../language/query-error.ts'
import { printable } from './printable.ts'

const WIDEST = 120

/** Each problem with its line and a caret under its place. */
export function queryProblems(query: string, { problems }: QueryError): string {
  const lines = query.split('\n')
  return problems
    .map(({ line, column, message }) => {
      const text = lines[line - 1] ?? ''
      const from = Math.max(0, column - WIDEST)
      const gutter = `${line} | `
      const caret = ' '.repeat(gutter.length + column - 1 - from)
      return `query:${line}:${column}: ${printable(message)}\n${gutter}${printableColumns(text.slice(from, from + 2 * WIDEST))}\n${caret}^\n`
    })
    .join('')
}

/** One sign a character, so that the caret stays under its place. */
const printableColumns = (text: string) => Array.from(text, (letter) => printable(letter) || ' ').join('')
