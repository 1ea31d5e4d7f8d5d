/** Problems as a person reads them: path:line:column, the line, a caret, the mend. */
import pc from 'picocolors'
import { withSigns } from '../model/invisible.ts'
import { inReadingOrder, type Problem } from './problem.ts'

/** The most of a line that is shown; long lines are cut around the caret. */
const WIDTH = 120

/** `sources`: path → the file's text, for the lines to show. Ends with a line end when there is any problem. */
export function renderProblems(
  problems: Problem[],
  sources: ReadonlyMap<string, string>,
  { colour = false }: { colour?: boolean } = {},
): string {
  const paint = pc.createColors(colour)
  const lines: string[] = []
  for (const { path, line, column, length, message, mend } of inReadingOrder(problems)) {
    const place = line === 0 ? path : `${path}:${line}:${column}`
    lines.push(`${paint.bold(withSigns(place))}: ${paint.red(withSigns(message))}`)
    const text = line === 0 ? undefined : sources.get(path)?.split('\n')[line - 1]?.replace(/\r$/, '')
    if (text !== undefined) {
      const { shown, caret } = excerpt(text, column, length ?? 1)
      lines.push(`  ${shown}`, `  ${paint.red(caret)}`)
    }
    if (mend !== undefined) lines.push(`  ${paint.cyan(withSigns(mend))}`)
  }
  return lines.map((line) => `${line}\n`).join('')
}

function excerpt(line: string, column: number, length: number): { shown: string; caret: string } {
  const from = column - 1 > WIDTH - 40 ? column - 1 - 40 : 0
  const cut = line.slice(from, from + WIDTH)
  const shown = `${from > 0 ? '…' : ''}${withSigns(cut)}${from + WIDTH < line.length ? '…' : ''}`
  const before = `${from > 0 ? '…' : ''}${cut.slice(0, column - 1 - from)}`
  const marked = Math.max(1, Math.min(length, cut.length - (column - 1 - from)))
  // Tabs stay, so that the caret stands under its character whatever a tab's width is.
  return { shown, caret: `${before.replace(/[^\t]/g, ' ')}${'^'.repeat(marked)}` }
}
