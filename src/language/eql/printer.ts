/** EQL syntax tree → text that parses to the same tree. */
import type { EqlExpression, EqlQuery, EventFilter, Pipe, Term } from './ast.ts'
import { isKeyword } from './lexer.ts'

/** The query in one canonical form. */
export function printEql(query: EqlQuery): string {
  if (query.shape === 'event') return printFilter(query.filter) + printPipes(query.pipes)
  const lines = [`${query.shape}${printBy(query.by)}`]
  if (query.shape === 'sequence' && query.maxspanMs !== null) lines[0] += ` with maxspan=${query.maxspanMs}ms`
  lines.push(...query.terms.map(printTerm))
  if (query.shape === 'sequence') {
    if (query.until !== null) lines.push(`until ${printTerm(query.until)}`)
    return lines.join('\n') + printPipes(query.pipes)
  }
  return lines.join('\n')
}

const printPipes = (pipes: Pipe[]) => pipes.map(({ name, count }) => `\n| ${name} ${count}`).join('')

const printBy = (keys: EqlExpression[]) => (keys.length === 0 ? '' : ` by ${keys.map(printExpression).join(', ')}`)

const printFilter = ({ category, condition }: EventFilter) =>
  `${category === null ? 'any' : printString(category)} where ${printExpression(condition)}`

const printTerm = ({ filter, missing, by, runs }: Term) =>
  `${missing ? '!' : ''}[${printFilter(filter)}]${printBy(by)}${runs === 1 ? '' : ` with runs=${runs}`}`

const ESCAPED: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
}

const printString = (text: string) => `"${Array.from(text, (letter) => ESCAPED[letter] ?? letter).join('')}"`

const PLAIN_NAME = /^[A-Za-z_@][A-Za-z0-9_]*$/

const printName = (name: string) =>
  name
    .split('.')
    .map((part) => (PLAIN_NAME.test(part) && !isKeyword(part) ? part : `\`${part.replaceAll('`', '``')}\``))
    .join('.')

function printNumber(value: number, decimal: boolean): string {
  if (!decimal) return BigInt(value).toString()
  const text = String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** Brackets stand around everything that is made of parts: no reader needs the table of precedences. */
function printExpression(expression: EqlExpression): string {
  const inner = printBare(expression)
  return ['literal', 'field', 'call'].includes(expression.kind) ? inner : `(${inner})`
}

function printBare(expression: EqlExpression): string {
  switch (expression.kind) {
    case 'literal': {
      const { value, decimal } = expression
      if (typeof value === 'string') return printString(value)
      return typeof value === 'number' ? printNumber(value, decimal) : String(value)
    }
    case 'field':
      return `${expression.optional ? '?' : ''}${printName(expression.name)}`
    case 'call': {
      const name = `${expression.name}${expression.ignoreCase ? '~' : ''}`
      return `${name}(${expression.arguments.map(printExpression).join(', ')})`
    }
    case 'and':
    case 'or':
      return expression.operands.map(printExpression).join(` ${expression.kind} `)
    case 'not':
      return `not ${printExpression(expression.operand)}`
    case 'sign':
      return `${expression.operator}${printExpression(expression.operand)}`
    case 'binary':
      return `${printExpression(expression.left)} ${expression.operator} ${printExpression(expression.right)}`
    case 'list': {
      const items = expression.items.map(printExpression).join(', ')
      return `${printExpression(expression.value)}${expression.negated ? ' not' : ''} ${expression.operator} (${items})`
    }
  }
}
