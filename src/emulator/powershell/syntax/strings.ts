/** Strings: quoted, here-strings, and words of commands; with the expressions inside them. */
import type { Expression } from './ast.ts'
import { type Cursor, SyntaxProblem } from './cursor.ts'

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', 0: '\0', a: '\x07', b: '\b', f: '\f', v: '\v' }

/** What a backtick and the character after it stand for. */
const escaped = (char: string): string => ESCAPES[char] ?? char

export const literal = (value: string): Expression => ({ kind: 'literal', value })

/** Parts that were gathered, as the simplest expression for them. */
function joined(parts: (string | Expression)[]): Expression {
  const merged: (string | Expression)[] = []
  for (const part of parts) {
    const last = merged.at(-1)
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part
    else merged.push(part)
  }
  if (merged.length === 0) return literal('')
  if (merged.length === 1 && typeof merged[0] === 'string') return literal(merged[0])
  return { kind: 'interpolated', parts: merged }
}

/** `'…'`, `"…"`, `@'…'@`, `@"…"@`, or null when there is none here. */
export function parseString(cursor: Cursor): Expression | null {
  const here = cursor.take(/@(['"])[ \t]*\r?\n/y)
  if (here !== null) return parseHereString(cursor, here[1]!)
  if (cursor.char === "'" || cursor.char === '\u2018' || cursor.char === '\u2019') return parseSingleQuoted(cursor)
  if (cursor.char === '"' || cursor.char === '\u201c' || cursor.char === '\u201d') return parseDoubleQuoted(cursor)
  return null
}

function parseSingleQuoted(cursor: Cursor): Expression {
  const start = cursor.at
  const found = cursor.take(/['\u2018\u2019]((?:[^'\u2018\u2019]|['\u2018\u2019]{2})*)['\u2018\u2019]/y)
  if (found === null) throw new SyntaxProblem(start, "The string is missing the terminator: '.")
  return literal(found[1]!.replace(/['\u2018\u2019]{2}/g, "'"))
}

function parseDoubleQuoted(cursor: Cursor): Expression {
  const start = cursor.at
  cursor.at += 1
  const parts: (string | Expression)[] = []
  while (!cursor.done) {
    const found = cursor.take(/["\u201c\u201d]{2}/y)
    if (found !== null) parts.push('"')
    else if (cursor.take(/["\u201c\u201d]/y)) return joined(parts)
    else parts.push(parsePiece(cursor, /[^"\u201c\u201d`$]+/y))
  }
  throw new SyntaxProblem(start, 'The string is missing the terminator: ".')
}

function parseHereString(cursor: Cursor, quote: string): Expression {
  const start = cursor.at
  const end = new RegExp(`\\r?\\n${quote}@`, 'g')
  // A here-string may be empty: its last line end is the one after the opening.
  end.lastIndex = Math.max(0, cursor.at - 1)
  const found = end.exec(cursor.text)
  if (found === null) throw new SyntaxProblem(start, `The string is missing the terminator: ${quote}@.`)
  const text = cursor.text.slice(start, Math.max(start, found.index))
  if (quote === "'") {
    cursor.at = found.index + found[0].length
    return literal(text)
  }
  const parts: (string | Expression)[] = []
  while (cursor.at < found.index) parts.push(parsePiece(cursor, /[^`$\r\n]+|[\r\n]/y))
  cursor.at = found.index + found[0].length
  return joined(parts)
}

/** One piece of an expandable text: plain characters, an escape, or `$…`. */
function parsePiece(cursor: Cursor, plain: RegExp): string | Expression {
  const found = cursor.take(plain)
  if (found !== null) return found[0]
  if (cursor.takeText('`')) {
    const char = cursor.char
    cursor.at += 1
    return escaped(char)
  }
  return parseDollar(cursor) ?? take(cursor)
}

function take(cursor: Cursor): string {
  const char = cursor.char
  cursor.at += 1
  return char
}

const VARIABLE = /\$((?:(?:global|script|local|private|env|using):)?[A-Za-z_][A-Za-z0-9_]*|[$?^])/iy

/** `$name`, `${name}`, `$( … )`; null when the dollar stands for itself. */
export function parseDollar(cursor: Cursor): Expression | null {
  if (cursor.takeText('$(')) {
    const body = cursor.readStatements()
    cursor.expect(')', 'at the end of the subexpression')
    return { kind: 'sub-expression', body }
  }
  const braced = cursor.take(/\$\{([^}]+)\}/y)
  if (braced !== null) return { kind: 'variable', name: braced[1]! }
  const found = cursor.take(VARIABLE)
  return found === null ? null : { kind: 'variable', name: found[1]! }
}

/** A character that ends a word of a command. */
const WORD_END = /[\s;|(){}&,]|$/y

/**
 * A word of a command, with the quotes and variables inside it: `C:\Users\$name.txt`, `/tn:"a b"`. `parts` is what was read
 * of it already. Null when there is no word here.
 */
export function parseWord(cursor: Cursor, parts: (string | Expression)[] = []): Expression | null {
  const before = cursor.at
  while (!cursor.done && cursor.look(WORD_END) === null) {
    if (cursor.char === '"' || cursor.char === "'") {
      const inner = parseString(cursor)!
      parts.push(inner.kind === 'literal' ? String(inner.value) : inner)
    } else if (cursor.char === '>' || cursor.char === '<') break
    else parts.push(parsePiece(cursor, /[^\s;|(){}&,"'`$<>]+/y))
  }
  if (cursor.at === before && parts.length === 0) return null
  return joined(parts)
}
