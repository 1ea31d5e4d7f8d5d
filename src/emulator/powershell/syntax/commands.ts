/** Pipelines: expressions and commands, with their arguments and redirections. */
import type { Argument, Expression, Redirection, Stage, Statement } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression, parsePostfix, parsePrimary } from './expressions.ts'
import { literal, parseWord } from './strings.ts'

const STARTS_EXPRESSION =
  /[$("'@[{,\u2018\u201c]|[+-]?\.?\d|!|[+-](?=[\s($])|--|\+\+|-(?:not|bnot|split|join)(?![\w-])/iy
const COMMAND_END = /[\r\n;|)}]|&&|&(?!\S)|$/y

/** A pipeline, whose first stage may have been read as an expression already. */
export function parsePipeline(cursor: Cursor, first?: Expression): Statement {
  const start = cursor.at
  const stages: Stage[] = [first === undefined ? parseStage(cursor) : finishExpression(cursor, first, start)]
  for (cursor.skip(); cursor.char === '|' && !cursor.startsWith('||'); cursor.skip()) {
    cursor.at += 1
    cursor.skip({ lines: true })
    stages.push(parseStage(cursor))
  }
  return { kind: 'pipeline', stages, span: { start: stages[0]!.span.start, end: cursor.at } }
}

function parseStage(cursor: Cursor): Stage {
  const start = cursor.at
  const operator = cursor.take(/&(?!&)|\.(?=\s|\{|\$)/y)?.[0] as '&' | '.' | undefined
  if (operator === undefined && startsExpression(cursor)) {
    return finishExpression(cursor, parseExpression(cursor), start)
  }
  cursor.skip()
  const name = operator === undefined ? parseWord(cursor) : (parseSimple(cursor) ?? parseWord(cursor))
  if (name === null) throw cursor.unexpected()
  return {
    kind: 'command',
    operator: operator ?? null,
    name,
    ...parseArguments(cursor),
    span: { start, end: cursor.at },
  }
}

export const startsExpression = (cursor: Cursor): boolean => cursor.look(STARTS_EXPRESSION) !== null

function finishExpression(cursor: Cursor, expression: Expression, start: number): Stage {
  const redirections: Redirection[] = []
  for (let found = parseRedirection(cursor); found !== null; found = parseRedirection(cursor)) redirections.push(found)
  return { kind: 'expression', expression, redirections, span: { start, end: cursor.at } }
}

function parseArguments(cursor: Cursor): { arguments: Argument[]; redirections: Redirection[] } {
  const found: Argument[] = []
  const redirections: Redirection[] = []
  for (cursor.skip(); cursor.look(COMMAND_END) === null; cursor.skip()) {
    const redirection = parseRedirection(cursor)
    if (redirection !== null) redirections.push(redirection)
    else if (cursor.take(/--%[ \t]*/y) !== null) {
      const rest = cursor.take(/[^\r\n|]*/y)![0].trimEnd()
      for (const word of rest.split(/[ \t]+/).filter(Boolean)) found.push({ kind: 'value', value: literal(word) })
    } else found.push(parseArgument(cursor))
  }
  return { arguments: found, redirections }
}

function parseRedirection(cursor: Cursor): Redirection | null {
  cursor.skip()
  const merge = cursor.take(/(2|\*)>&1/y)
  if (merge !== null) return { stream: merge[1] === '*' ? '*' : 2, to: { kind: 'output' } }
  const found = cursor.take(/([12*])?(>>?)/y)
  if (found === null) return null
  cursor.skip()
  const path = parseSimple(cursor) ?? parseWord(cursor)
  if (path === null) throw cursor.unexpected()
  const stream = found[1] === '2' ? 2 : found[1] === '*' ? '*' : 1
  return { stream, to: { kind: 'file', path, append: found[2] === '>>' } }
}

function parseArgument(cursor: Cursor): Argument {
  const splat = cursor.take(/@([A-Za-z_]\w*)/y)
  if (splat !== null) return { kind: 'splat', variable: splat[1]! }
  const parameter = cursor.take(/[-\u2013]([A-Za-z?][\w-]*)(:?)/y)
  if (parameter !== null) {
    const text = parameter[0]
    if (parameter[2] !== ':') return { kind: 'parameter', name: parameter[1]!, value: null, text }
    cursor.skip()
    return { kind: 'parameter', name: parameter[1]!, value: parseValue(cursor), text }
  }
  return { kind: 'value', value: parseValue(cursor) }
}

/** One value, or several with commas between them. */
function parseValue(cursor: Cursor): Expression {
  const items = [parseItem(cursor)]
  for (;;) {
    const before = cursor.at
    cursor.skip()
    if (!cursor.takeText(',')) {
      cursor.at = before
      break
    }
    cursor.skip({ lines: true })
    items.push(parseItem(cursor))
  }
  return items.length === 1 ? items[0]! : { kind: 'list', items }
}

const ENDS_VALUE = /[\s;|(){},]|[12*]?>|$/y

function parseItem(cursor: Cursor): Expression {
  const simple = parseSimple(cursor)
  // `$folder\name` and `"a"b` go on as one word.
  if (simple !== null && cursor.look(ENDS_VALUE) === null) {
    return parseWord(cursor, [simple.kind === 'literal' ? (simple.text ?? String(simple.value)) : simple])!
  }
  if (simple !== null) return simple
  const word = parseWord(cursor)
  if (word === null) throw cursor.unexpected()
  return numberIn(word)
}

/** Words that are numbers are numbers, and keep their text for native programs. */
function numberIn(word: Expression): Expression {
  if (word.kind !== 'literal' || !/^[+-]?(\d+\.?\d*|\.\d+)$/.test(String(word.value))) return word
  return { kind: 'literal', value: Number(word.value), text: String(word.value) }
}

/** What begins like an expression: a variable, a string, brackets; with its members. Null for a plain word. */
function parseSimple(cursor: Cursor): Expression | null {
  const start = cursor.at
  if (cursor.look(/\$[A-Za-z_?^({]|["'\u2018\u201c({]|@[({'"]/y) === null) return null
  const primary = parsePrimary(cursor)
  // After a string a dot belongs to the word: "a".txt
  return primary.kind === 'literal' || primary.kind === 'interpolated' ? primary : parsePostfix(cursor, primary, start)
}
