/** Statements. `parseScript` reads a whole text. */
import type { Body, Expression, Statement } from './ast.ts'
import { parsePipeline, startsExpression } from './commands.ts'
import { Cursor, SyntaxProblem } from './cursor.ts'
import {
  parseBody,
  parseExpression,
  parseParameterList,
  parseParameters,
  parsePostfix,
  parsePrimary,
} from './expressions.ts'

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>

/** @throws {SyntaxProblem} */
export function parseScript(text: string): Body {
  const cursor = new Cursor(text, { statements: parseStatements, statement: parseStatement })
  cursor.skip({ lines: true, semicolons: true })
  const parameters = parseParameters(cursor)
  const statements = parseStatements(cursor)
  if (!cursor.done) throw cursor.unexpected()
  return { parameters, statements }
}

function parseStatements(cursor: Cursor): Statement[] {
  const found: Statement[] = []
  for (;;) {
    cursor.skip({ lines: true, semicolons: true })
    if (cursor.done || cursor.char === '}' || cursor.char === ')') return found
    found.push(parseStatement(cursor))
    const before = cursor.at
    cursor.skip()
    const ended = cursor.done || /[\r\n;})]/.test(cursor.char) || cursor.text[before - 1] === '}'
    if (!ended) throw cursor.unexpected()
  }
}

const KEYWORDS: Record<string, (cursor: Cursor, start: number) => Statement> = {
  if: parseIf,
  foreach: parseForeach,
  for: parseFor,
  while: parseWhile,
  do: parseDo,
  switch: parseSwitch,
  try: parseTry,
  function: parseFunction,
  filter: unknown,
  class: unknown,
  enum: unknown,
  trap: unknown,
  data: unknown,
  using: unknown,
  workflow: unknown,
  throw: leave,
  return: leave,
  exit: leave,
  break: leave,
  continue: leave,
}

function parseStatement(cursor: Cursor): Statement {
  const start = cursor.at
  const keyword = cursor.look(/([A-Za-z]+)(?![\w.\\:/-])/y)?.[1]?.toLowerCase()
  if (keyword !== undefined && Object.hasOwn(KEYWORDS, keyword)) {
    cursor.at += keyword.length
    cursor.skip()
    return KEYWORDS[keyword]!(cursor, start)
  }
  if (!startsExpression(cursor)) return parsePipeline(cursor)
  const target = parseExpression(cursor)
  cursor.skip()
  const operator = cursor.take(/[+\-*/%]?=(?!=)/y)?.[0] as Of<'assignment'>['operator'] | undefined
  if (operator === undefined) {
    const pipeline = parsePipeline(cursor, target) as Of<'pipeline'>
    pipeline.span.start = start
    pipeline.stages[0]!.span.start = start
    return pipeline
  }
  cursor.skip({ lines: true })
  const value = parseStatement(cursor)
  return { kind: 'assignment', target, operator, value, span: { start, end: cursor.at } }
}

function unknown(cursor: Cursor, start: number): never {
  const word = cursor.text.slice(start).match(/^\w+/)![0]
  throw new SyntaxProblem(start, `The emulated PowerShell does not know the keyword '${word}'.`)
}

const block = (cursor: Cursor): Statement[] => {
  cursor.skip({ lines: true })
  return parseBody(cursor).statements
}

/** `( statement )` */
function parenthesis(cursor: Cursor): Statement {
  cursor.skip({ lines: true })
  cursor.expect('(', 'after the keyword')
  cursor.skip({ lines: true })
  const inner = cursor.readStatement()
  cursor.skip({ lines: true })
  cursor.expect(')', 'after the condition')
  return inner
}

/** Goes past a word that may stand on a later line, and stays where it is when something else is there. */
function takeWord(cursor: Cursor, word: string): boolean {
  const before = cursor.at
  cursor.skip({ lines: true })
  if (cursor.take(new RegExp(`${word}(?![\\w-])`, 'iy')) !== null) return true
  cursor.at = before
  return false
}

function parseIf(cursor: Cursor, start: number): Statement {
  const branches = [{ condition: parenthesis(cursor), body: block(cursor) }]
  while (takeWord(cursor, 'elseif')) branches.push({ condition: parenthesis(cursor), body: block(cursor) })
  const otherwise = takeWord(cursor, 'else') ? block(cursor) : []
  return { kind: 'if', branches, otherwise, span: { start, end: cursor.at } }
}

function parseForeach(cursor: Cursor, start: number): Statement {
  cursor.expect('(', 'after foreach')
  cursor.skip({ lines: true })
  const variable = cursor.take(/\$(\w+)\s+in\s/iy)?.[1]
  if (variable === undefined) throw cursor.unexpected()
  cursor.skip({ lines: true })
  const source = cursor.readStatement()
  cursor.skip({ lines: true })
  cursor.expect(')', 'after the expression of foreach')
  return { kind: 'foreach', variable, source, body: block(cursor), span: { start, end: cursor.at } }
}

function parseFor(cursor: Cursor, start: number): Statement {
  cursor.expect('(', 'after for')
  const part = (end: string): Statement | null => {
    cursor.skip({ lines: true })
    if (cursor.takeText(end)) return null
    const statement = cursor.readStatement()
    cursor.skip({ lines: true })
    cursor.expect(end, 'in the for statement')
    return statement
  }
  return {
    kind: 'for',
    first: part(';'),
    condition: part(';'),
    next: part(')'),
    body: block(cursor),
    span: { start, end: cursor.at },
  }
}

function parseWhile(cursor: Cursor, start: number): Statement {
  const condition = parenthesis(cursor)
  return {
    kind: 'while',
    condition,
    body: block(cursor),
    bodyFirst: false,
    until: false,
    span: { start, end: cursor.at },
  }
}

function parseDo(cursor: Cursor, start: number): Statement {
  const body = block(cursor)
  const until = takeWord(cursor, 'until')
  if (!until && !takeWord(cursor, 'while')) throw cursor.unexpected()
  return {
    kind: 'while',
    condition: parenthesis(cursor),
    body,
    bodyFirst: true,
    until,
    span: { start, end: cursor.at },
  }
}

function parseSwitch(cursor: Cursor, start: number): Statement {
  const mode = (cursor.take(/-(regex|wildcard|exact|casesensitive)\s*/iy)?.[1] ?? 'exact').toLowerCase()
  const subject = parenthesis(cursor)
  cursor.skip({ lines: true })
  cursor.expect('{', 'in the switch statement')
  const cases: Of<'switch'>['cases'] = []
  for (
    cursor.skip({ lines: true, semicolons: true });
    !cursor.takeText('}');
    cursor.skip({ lines: true, semicolons: true })
  ) {
    const isDefault = cursor.take(/default(?=\s*\{)/iy) !== null
    const word = isDefault ? null : cursor.take(/[A-Za-z_][\w.-]*(?=\s*\{)/y)
    const match: Expression | 'default' = isDefault
      ? 'default'
      : word !== null
        ? { kind: 'literal', value: word[0] }
        : parsePostfix(cursor, parsePrimary(cursor), cursor.at)
    cases.push({ match, body: block(cursor) })
  }
  return { kind: 'switch', subject, cases, mode, span: { start, end: cursor.at } }
}

function parseTry(cursor: Cursor, start: number): Statement {
  const body = block(cursor)
  const catches: Of<'try'>['catches'] = []
  while (takeWord(cursor, 'catch')) {
    const types: string[] = []
    cursor.skip({ lines: true })
    for (
      let found = cursor.take(/\[\s*([\w.]+)\s*\]\s*,?\s*/y);
      found !== null;
      found = cursor.take(/\[\s*([\w.]+)\s*\]\s*,?\s*/y)
    ) {
      types.push(found[1]!)
    }
    catches.push({ types, body: block(cursor) })
  }
  const hasFinally = takeWord(cursor, 'finally')
  if (!hasFinally && catches.length === 0) {
    throw new SyntaxProblem(cursor.at, 'The Try statement is missing its Catch or Finally block.')
  }
  return { kind: 'try', body, catches, finallyBody: hasFinally ? block(cursor) : [], span: { start, end: cursor.at } }
}

function parseFunction(cursor: Cursor, start: number): Statement {
  const name = cursor.take(/[\w-]+/y)?.[0]
  if (name === undefined) throw cursor.unexpected()
  cursor.skip({ lines: true })
  const inline = cursor.takeText('(') ? parseParameterList(cursor) : []
  cursor.skip({ lines: true })
  const from = cursor.at
  const body = parseBody(cursor)
  const text = cursor.text.slice(from + 1, cursor.at - 1)
  const parameters = [...inline, ...body.parameters]
  return {
    kind: 'function',
    name,
    body: { parameters, statements: body.statements },
    text,
    span: { start, end: cursor.at },
  }
}

function leave(cursor: Cursor, start: number): Statement {
  const how = cursor.text.slice(start).match(/^\w+/)![0].toLowerCase() as Of<'leave'>['how']
  const ends = cursor.done || /[\r\n;})]/.test(cursor.char)
  const value = ends ? null : cursor.readStatement()
  return { kind: 'leave', how, value, span: { start, end: cursor.at } }
}
