/** Reads a query's text piece by piece, for languages whose pieces depend on what stands before them. */
import { problemAt, QueryError, type Span } from '../query-error.ts'
import { DEEPEST } from './condition.ts'

export interface Piece extends Span {
  text: string
}

export class Reader {
  readonly query: string
  #at = 0
  #depth = 0

  constructor(query: string) {
    this.query = query
    this.space()
  }

  get at(): number {
    return this.#at
  }

  get isAtEnd(): boolean {
    return this.#at >= this.query.length
  }

  space(): void {
    this.#at = this.#matchAt(/(?:\s|\/\*[\s\S]*?\*\/)*/y)?.end ?? this.#at
  }

  /** What a sticky expression finds here, without taking it. */
  peek(expression: RegExp): boolean {
    return this.#matchAt(expression) !== null
  }

  /** Takes what a sticky expression finds here, and the space behind it; null when it finds nothing. */
  take(expression: RegExp): Piece | null {
    const found = this.#matchAt(expression)
    if (found === null) return null
    this.#at = found.end
    this.space()
    return found
  }

  expect(expression: RegExp, wanted: string): Piece {
    return this.take(expression) ?? this.unexpected(wanted)
  }

  /** Goes to an offset that the caller found out by itself. */
  moveTo(offset: number): void {
    this.#at = offset
    this.space()
  }

  /** Runs `work` one group deeper. */
  deeper<T>(work: () => T): T {
    if (++this.#depth > DEEPEST) this.fail(this.#at, `more than ${DEEPEST} groups inside each other`)
    const result = work()
    this.#depth -= 1
    return result
  }

  unexpected(wanted: string): never {
    const found = this.#matchAt(/\S{1,20}/y)?.text
    return this.fail(
      this.#at,
      `${found === undefined ? 'the query ends' : `'${found}' stands`} where ${wanted} belongs`,
    )
  }

  fail(offset: number, message: string, mend?: string): never {
    throw new QueryError([problemAt(this.query, offset, message, mend)])
  }

  #matchAt(expression: RegExp): Piece | null {
    expression.lastIndex = this.#at
    const text = expression.exec(this.query)?.[0]
    return text === undefined ? null : { text, start: this.#at, end: this.#at + text.length }
  }
}
