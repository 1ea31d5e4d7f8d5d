/** Reads the tokens of an EQL query one by one, and says in Elasticsearch's words what is wrong with them. */
import { problemAt, QueryError, type Span } from '../query-error.ts'
import { type Token, tokenize } from './lexer.ts'

/** Elasticsearch stops at this depth too: nobody writes deeper queries, and recursion must end somewhere. */
export const DEEPEST = 200

export class TokenReader {
  readonly #query: string
  readonly #tokens: Token[]
  #at = 0
  #depth = 0

  /** Throws `QueryError` at the first text that is no token. */
  constructor(query: string) {
    this.#query = query
    this.#tokens = tokenize(query)
  }

  get next(): Token {
    return this.#tokens[this.#at]!
  }

  /** The token behind the next one. */
  get following(): Token | undefined {
    return this.#tokens[this.#at + 1]
  }

  get previousEnd(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0
  }

  is(symbol: string): boolean {
    return this.next.kind === 'symbol' && this.next.text === symbol
  }

  isWord(word: string): boolean {
    return this.next.kind === 'word' && this.next.text === word
  }

  take(): Token {
    const token = this.next
    if (token.kind !== 'end') this.#at += 1
    return token
  }

  expect(symbol: string): Token {
    return this.is(symbol) ? this.take() : this.unexpected(`'${symbol}'`)
  }

  expectWord(word: string): Token {
    return this.isWord(word) ? this.take() : this.unexpected(`'${word}'`)
  }

  /** Runs `parse` one level deeper. */
  deeper<T>(parse: () => T): T {
    if (++this.#depth > DEEPEST) this.tooDeep()
    const result = parse()
    this.#depth -= 1
    return result
  }

  tooDeep(): never {
    return this.fail(
      this.next,
      `EQL statement too large; halt parsing to prevent memory errors (stopped at depth ${DEEPEST})`,
    )
  }

  /** A token as it is written. */
  raw(token: Token): string {
    return token.kind === 'end' ? '<EOF>' : this.textOf(token)
  }

  textOf({ start, end }: Span): string {
    return this.#query.slice(start, end)
  }

  unexpected(...expected: string[]): never {
    const wanted = expected.length === 1 ? expected[0] : `{${expected.join(', ')}}`
    return this.fail(this.next, `mismatched input '${this.raw(this.next)}' expecting ${wanted}`)
  }

  /** A text that the grammar does not allow. */
  fail(at: { start: number }, message: string): never {
    throw new QueryError([problemAt(this.#query, at.start, message)])
  }

  /** A text that the grammar allows, but that means nothing. */
  refuse(at: { start: number }, message: string): never {
    const problem = problemAt(this.#query, at.start, message)
    throw new QueryError([{ ...problem, reportedColumn: problem.column + 1 }])
  }
}
