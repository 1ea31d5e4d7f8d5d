/** The grammar of a cmd command line, after variables were expanded. */

export type Redirect =
  | { stream: 0 | 1 | 2; kind: 'file'; path: string; append: boolean }
  | { stream: 1 | 2; kind: 'stream'; to: 1 | 2 }

/** `sequence`: `a & b`; `or`: `a || b`; `and`: `a && b`; `pipe`: `a | b`, each binding tighter than the one before. */
export type Command =
  | { kind: 'sequence' | 'or' | 'and' | 'pipe'; left: Command; right: Command }
  | { kind: 'group'; body: Command; redirects: Redirect[] }
  | { kind: 'simple'; text: string; redirects: Redirect[] }
  | { kind: 'nothing' }

type Operator = '&' | '&&' | '|' | '||' | '(' | ')'
type Token = { operator: Operator } | { redirect: Redirect } | { text: string }

/** The line is not a command: cmd says which token it did not expect. */
export class SyntaxMistake extends Error {
  override name = 'SyntaxMistake'
}

const unexpected = (token: string) => new SyntaxMistake(`${token} was unexpected at this time.`)

export function parseCommand(line: string): Command {
  const tokens = tokenise(line)
  let next = 0
  const operator = (): Operator | null => {
    const token = tokens[next]
    return token !== undefined && 'operator' in token ? token.operator : null
  }

  /** command ::= level (operator level)*, for each operator from the loosest to the tightest */
  const levels = [
    { operator: '&', kind: 'sequence' },
    { operator: '||', kind: 'or' },
    { operator: '&&', kind: 'and' },
    { operator: '|', kind: 'pipe' },
  ] as const
  function level(index: number): Command {
    const here = levels[index]
    if (here === undefined) return primary()
    let left = level(index + 1)
    while (operator() === here.operator) {
      if (left.kind === 'nothing') throw unexpected(here.operator)
      next += 1
      const right = level(index + 1)
      if (right.kind === 'nothing') {
        // A trailing `&` ends a line; the others need something after them.
        if (here.operator === '&') return left
        throw new SyntaxMistake('The syntax of the command is incorrect.')
      }
      left = { kind: here.kind, left, right }
    }
    return left
  }

  /** primary ::= '(' command ')' redirect* | (text | redirect)* */
  function primary(): Command {
    if (operator() === '(') {
      next += 1
      const body = level(0)
      if (operator() !== ')') throw new SyntaxMistake('The syntax of the command is incorrect.')
      next += 1
      return { kind: 'group', body, redirects: rest().redirects }
    }
    const { text, redirects } = rest()
    return text.trim() === '' && redirects.length === 0 ? { kind: 'nothing' } : { kind: 'simple', text, redirects }
  }

  function rest(): { text: string; redirects: Redirect[] } {
    let text = ''
    const redirects: Redirect[] = []
    for (let token = tokens[next]; token !== undefined && !('operator' in token); token = tokens[next]) {
      next += 1
      if ('text' in token) text += token.text
      else redirects.push(token.redirect)
    }
    // What stands before an operator belongs to the command, blanks too.
    return { text: text.trimStart(), redirects }
  }

  const command = level(0)
  const left = operator()
  if (left !== null) throw unexpected(left)
  return command
}

function tokenise(line: string): Token[] {
  const tokens: Token[] = []
  let text = ''
  let quoted = false
  let depth = 0
  let index = 0
  const flush = () => {
    if (text !== '') tokens.push({ text })
    text = ''
  }
  const isCommandStart = () => {
    const last = tokens.at(-1)
    return text.trim() === '' && (last === undefined || ('operator' in last && last.operator !== ')'))
  }
  while (index < line.length) {
    const char = line[index]!
    if (char === '"') quoted = !quoted
    if (quoted || char === '"') {
      text += char
      index += 1
    } else if (char === '^') {
      text += line[index + 1] ?? ''
      index += 2
    } else if (char === '&' || char === '|') {
      const double = line[index + 1] === char
      flush()
      tokens.push({ operator: (double ? char + char : char) as Operator })
      index += double ? 2 : 1
    } else if (char === '(' && isCommandStart()) {
      text = ''
      tokens.push({ operator: '(' })
      depth += 1
      index += 1
    } else if (char === ')' && depth > 0) {
      flush()
      tokens.push({ operator: ')' })
      depth -= 1
      index += 1
    } else if (char === '>' || char === '<') {
      index = redirection(line, index, char)
    } else {
      text += char
      index += 1
    }
  }
  flush()
  return tokens

  /** A digit right before the arrow names the stream, if nothing but white space is before the digit. */
  function redirection(source: string, at: number, arrow: '>' | '<'): number {
    const named = /(^|\s)([0-2])$/.exec(text)
    if (named) text = text.slice(0, -1)
    const stream = (named ? Number(named[2]) : arrow === '>' ? 1 : 0) as 0 | 1 | 2
    flush()
    const append = source[at + 1] === '>'
    let end = at + (append ? 2 : 1)
    if (source[end] === '&') {
      const to = Number(source[end + 1]) as 1 | 2
      if (to !== 1 && to !== 2) throw unexpected('&')
      tokens.push({ redirect: { stream: stream as 1 | 2, kind: 'stream', to } })
      return end + 2
    }
    while (source[end] === ' ') end += 1
    const target = /^("[^"]*"|[^\s&|<>()])+/.exec(source.slice(end))?.[0]
    if (target === undefined) throw new SyntaxMistake('The syntax of the command is incorrect.')
    tokens.push({ redirect: { stream, kind: 'file', path: target.replaceAll('"', ''), append } })
    return end + target.length
  }
}
