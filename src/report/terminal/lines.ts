/** Lines of a terminal that keep to its width. */
import { stripVTControlCharacters } from 'node:util'
import { columns, plain, wrap } from '../text.ts'
import type { Paint } from './paint.ts'

/** Painted items side by side, in as many lines as they need. */
export function inLines(items: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const item of items) {
    const longer = lines.length === 0 ? item : `${lines.at(-1)}  ${item}`
    if (lines.length > 0 && columns(stripVTControlCharacters(longer)) <= width) lines[lines.length - 1] = longer
    else lines.push(item)
  }
  return lines
}

/** `  cause  …`, wrapped under itself. */
export function field(name: string, value: string, width: number, paint: Paint): string[] {
  const indent = 9
  const lines = wrap(plain(value), width - indent)
  return lines.map(
    (line, index) => `${index === 0 ? paint.dim(`  ${name.padEnd(indent - 2)}`) : ' '.repeat(indent)}${line}`,
  )
}

/** Text wrapped under its own indent. */
export function item(text: string, width: number): string[] {
  const indent = /^\s*(?:\S )?/.exec(text)![0]
  const lines = wrap(text.slice(indent.length), width - columns(indent))
  return lines.map((line, index) => `${index === 0 ? indent : ' '.repeat(columns(indent))}${line}`)
}
