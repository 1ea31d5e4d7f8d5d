/** Expressions, from the loosest operator to the tightest. */
import type { Expression, Parameter, Span, Statement } from './ast.ts'
import { type Cursor, SyntaxProblem } from './cursor.ts'
import { literal, parseDollar, parseString } from './strings.ts'

const words = (list: string) => new RegExp(`-(?:${list})(?![A-Za-z0-9_])`, 'iy')

const COMPARISON =
  'i?eq|i?ne|i?gt|i?ge|i?lt|i?le|i?like|i?notlike|i?match|i?notmatch|i?contains|i?notcontains|i?in|i?notin|i?replace|i?split|join|' +
  'ceq|cne|cgt|cge|clt|cle|clike|cnotlike|cmatch|cnotmatch|ccontains|cnotcontains|cin|cnotin|creplace|csplit|is|isnot|as'

const WORDS = `and|or|xor|band|bor|bxor|shl|shr|f|${COMPARISON}`

/** Binary operators by strength, loosest first. A minus before a word may be the beginning of an operator. */
const LEVELS: RegExp[] = [
  words('and|or|xor'),
  words('band|bor|bxor|shl|shr'),
  words(COMPARISON),
  new RegExp(`[+\\u2013-](?![=+-]|(?:${WORDS})(?![A-Za-z0-9_]))`, 'iy'),
  /[*/%](?!=)/y,
  words('f'),
  /\.\.(?!\.)/y,
]

const UNARY = /!|-(?:not|bnot|split|join)(?![A-Za-z0-9_])/iy

export function parseExpression(cursor: Cursor, level = 0): Expression {
  const pattern = LEVELS[level]
  if (pattern === undefined) return parseList(cursor)
  const start = cursor.at
  let left = parseExpression(cursor, level + 1)
  for (;;) {
    cursor.skip()
    const found = cursor.take(pattern)
    if (found === null) return left
    cursor.skip({ lines: true })
    const right = parseExpression(cursor, level + 1)
    left = { kind: 'binary', operator: found[0].toLowerCase(), left, right, span: { start, end: cursor.at } }
  }
}

/** `a, b, c` */
function parseList(cursor: Cursor): Expression {
  if (cursor.takeText(',')) {
    cursor.skip({ lines: true })
    return { kind: 'list', items: [parseUnary(cursor)] }
  }
  const first = parseUnary(cursor)
  cursor.skip()
  if (cursor.char !== ',') return first
  const items = [first]
  while (cursor.takeText(',')) {
    cursor.skip({ lines: true })
    items.push(parseUnary(cursor))
    cursor.skip()
  }
  return { kind: 'list', items }
}

function parseUnary(cursor: Cursor): Expression {
  cursor.skip()
  const start = cursor.at
  const word = cursor.take(UNARY)
  if (word !== null) return { kind: 'unary', operator: word[0].toLowerCase(), operand: parseOperand(cursor) }
  const step = cursor.take(/\+\+|--/y)
  if (step !== null) return { kind: 'step', target: parseUnary(cursor), by: step[0] === '++' ? 1 : -1, before: true }
  const sign = cursor.take(/[+-](?!\d)/y)
  if (sign !== null) return { kind: 'unary', operator: sign[0], operand: parseOperand(cursor) }
  if (cursor.char === '[') {
    const name = parseTypeName(cursor)
    const span: Span = { start, end: cursor.at }
    if (cursor.startsWith('::')) return parsePostfix(cursor, { kind: 'type', name, span }, start)
    cursor.skip()
    if (!startsOperand(cursor)) return { kind: 'type', name, span }
    const operand = parseUnary(cursor)
    return { kind: 'cast', type: name, operand, span: { start, end: cursor.at } }
  }
  return parsePostfix(cursor, parsePrimary(cursor), start)
}

/** Operators with one operand take lists: `-join 'a', 'b'` joins both. */
function parseOperand(cursor: Cursor): Expression {
  cursor.skip({ lines: true })
  return parseUnary(cursor)
}

const startsOperand = (cursor: Cursor): boolean =>
  cursor.look(/[$("'@[{\d+\u2018\u201c-]/y) !== null && cursor.look(words(WORDS)) === null

/** What stands between `[` and its `]`: `string`, `Text.Encoding`, `string[]`. */
function parseTypeName(cursor: Cursor): string {
  const found = cursor.take(/\[\s*([A-Za-z_][\w.]*(?:\[\s*\])?(?:\[[\w., ]+\])?)\s*\]/y)
  if (found === null) throw cursor.unexpected()
  return found[1]!
}

/** Members, indexes and calls after an expression, with nothing in between. */
export function parsePostfix(cursor: Cursor, first: Expression, start: number): Expression {
  let target = first
  for (;;) {
    const span = () => ({ start, end: cursor.at })
    const access = cursor.look(/\.(?!\.)(?=[A-Za-z_$"'({])|::/y)
    if (access !== null) {
      cursor.at += access[0].length
      const isStatic = access[0] === '::'
      const name = parseMemberName(cursor)
      if (cursor.takeText('(')) {
        target = { kind: 'call', target, name, isStatic, arguments: parseArguments(cursor), span: span() }
      } else target = { kind: 'member', target, name, isStatic, span: span() }
    } else if (cursor.takeText('[')) {
      cursor.skip({ lines: true })
      const index = parseExpression(cursor)
      cursor.skip({ lines: true })
      cursor.expect(']', 'after the array index expression')
      target = { kind: 'index', target, index, span: span() }
    } else {
      const step = cursor.take(/\+\+|--/y)
      if (step === null) return target
      target = { kind: 'step', target, by: step[0] === '++' ? 1 : -1, before: false }
    }
  }
}

function parseMemberName(cursor: Cursor): Expression {
  const word = cursor.take(/[A-Za-z_]\w*/y)
  if (word !== null) return literal(word[0])
  return parseString(cursor) ?? parseDollar(cursor) ?? parseParenthesis(cursor) ?? fail(cursor)
}

function parseArguments(cursor: Cursor): Expression[] {
  const found: Expression[] = []
  cursor.skip({ lines: true })
  while (!cursor.takeText(')')) {
    // A comma separates arguments here: it makes no list.
    found.push(parseArgument(cursor))
    cursor.skip({ lines: true })
    if (cursor.takeText(',')) cursor.skip({ lines: true })
    else if (cursor.char !== ')') throw new SyntaxProblem(cursor.at, "Missing ')' in method call.")
  }
  return found
}

function parseArgument(cursor: Cursor, level = 0): Expression {
  const pattern = LEVELS[level]
  if (pattern === undefined) return parseUnary(cursor)
  const start = cursor.at
  let left = parseArgument(cursor, level + 1)
  for (;;) {
    cursor.skip({ lines: true })
    const found = cursor.take(pattern)
    if (found === null) return left
    cursor.skip({ lines: true })
    const right = parseArgument(cursor, level + 1)
    left = { kind: 'binary', operator: found[0].toLowerCase(), left, right, span: { start, end: cursor.at } }
  }
}

const SIZES: Record<string, number> = { kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30, tb: 2 ** 40 }

/** Numbers, strings, variables and everything in brackets. */
export function parsePrimary(cursor: Cursor): Expression {
  const number = cursor.take(
    /[+-]?(?:0x[0-9a-f]+|(?:\d+(?:\.(?![.A-Za-z])\d*)?|\.\d+)(?:e[+-]?\d+)?)l?(kb|mb|gb|tb)?(?![\w])/iy,
  )
  if (number !== null) return { kind: 'literal', value: numberOf(number[0], number[1]), text: number[0] }
  const found =
    parseString(cursor) ??
    parseBracketed(cursor) ??
    parseParenthesis(cursor) ??
    parseScriptBlock(cursor) ??
    parseDollar(cursor)
  return found ?? fail(cursor)
}

function numberOf(text: string, size: string | undefined): number {
  const plain = text.replace(/l?(kb|mb|gb|tb)?$/i, '')
  const unit = SIZES[(size ?? '').toLowerCase()] ?? 1
  if (!/^[+-]?0x/i.test(plain)) return Number(plain) * unit
  const value = Number(plain.replace(/^[+-]/, ''))
  // A hexadecimal number of 32 bits is an Int32: 0x80070002 is negative.
  const signed = value <= 0xffff_ffff && !/l$/i.test(text) ? value | 0 : value
  return (plain.startsWith('-') ? -signed : signed) * unit
}

/** `@( … )` and `@{ … }` */
function parseBracketed(cursor: Cursor): Expression | null {
  if (cursor.takeText('@(')) {
    const body = cursor.readStatements()
    cursor.expect(')', 'at the end of the array')
    return { kind: 'array', body }
  }
  if (!cursor.takeText('@{')) return null
  const entries: { key: Expression; value: Statement }[] = []
  for (
    cursor.skip({ lines: true, semicolons: true });
    !cursor.takeText('}');
    cursor.skip({ lines: true, semicolons: true })
  ) {
    if (cursor.done) throw new SyntaxProblem(cursor.at, "Missing closing '}' in the hash literal.")
    const word = cursor.take(/[A-Za-z_][\w-]*/y)
    const key = word === null ? parsePostfix(cursor, parsePrimary(cursor), cursor.at) : literal(word[0])
    cursor.skip()
    cursor.expect('=', 'after the key in the hash literal')
    cursor.skip({ lines: true })
    entries.push({ key, value: cursor.readStatement() })
  }
  return { kind: 'hashtable', entries }
}

function parseParenthesis(cursor: Cursor): Expression | null {
  if (!cursor.takeText('(')) return null
  cursor.skip({ lines: true })
  const inner = cursor.readStatement()
  cursor.skip({ lines: true })
  cursor.expect(')', 'in the expression')
  return { kind: 'parenthesis', inner }
}

function parseScriptBlock(cursor: Cursor): Expression | null {
  if (cursor.char !== '{') return null
  const start = cursor.at
  const body = parseBody(cursor)
  return { kind: 'script-block', body, text: cursor.text.slice(start + 1, cursor.at - 1) }
}

/** `{ param( … ) statements }` */
export function parseBody(cursor: Cursor): { parameters: Parameter[]; statements: Statement[] } {
  cursor.expect('{', 'before the statement block')
  cursor.skip({ lines: true, semicolons: true })
  while (cursor.look(/\[CmdletBinding/iy) !== null) {
    cursor.take(/\[CmdletBinding\s*\([^)]*\)\s*\]/iy)
    cursor.skip({ lines: true })
  }
  const parameters = parseParameters(cursor)
  const statements = cursor.readStatements()
  cursor.expect('}', 'in the statement block or type definition')
  return { parameters, statements }
}

/** `param([string] $a, [Parameter(Mandatory)] $b = 1)` */
export function parseParameters(cursor: Cursor): Parameter[] {
  if (cursor.take(/param\s*\(/iy) === null) return []
  return parseParameterList(cursor)
}

/** What stands in the brackets of `param` and of a function; the opening one has been read. */
export function parseParameterList(cursor: Cursor): Parameter[] {
  const found: Parameter[] = []
  for (cursor.skip({ lines: true }); !cursor.takeText(')'); cursor.skip({ lines: true })) {
    let type: string | null = null
    let isMandatory = false
    for (;;) {
      const attribute = cursor.take(
        /\[\s*(?:Parameter|Validate\w+|Alias|Allow\w+)\s*(\((?:[^()]|\([^()]*\))*\))?\s*\]\s*/iy,
      )
      if (attribute !== null) isMandatory ||= /mandatory(?!\s*=\s*\$false)/i.test(attribute[0])
      else if (cursor.char === '[') type = parseTypeName(cursor)
      else break
      cursor.skip({ lines: true })
    }
    const name = cursor.take(/\$(\w+)/y)?.[1]
    if (name === undefined) throw cursor.unexpected()
    cursor.skip({ lines: true })
    let fallback: Expression | null = null
    if (cursor.takeText('=')) {
      cursor.skip({ lines: true })
      fallback = parseArgument(cursor)
      cursor.skip({ lines: true })
    }
    found.push({ name, type, isMandatory, default: fallback })
    cursor.takeText(',')
  }
  return found
}

function fail(cursor: Cursor): never {
  throw cursor.unexpected()
}
