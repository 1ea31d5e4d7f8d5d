/** A place in a PowerShell text. The language is read without a lexer of its own: what a character means depends on what is expected there. */
import type { Statement } from './ast.ts'

/** The text is not PowerShell, or outside what the emulated PowerShell knows. */
export class SyntaxProblem extends Error {
  override name = 'SyntaxProblem'
  readonly at: number

  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

export interface StatementReader {
  /** All statements up to a closing bracket or the end. */
  statements(cursor: Cursor): Statement[]
  statement(cursor: Cursor): Statement
}

export class Cursor {
  readonly text: string
  at = 0
  readonly #reader: StatementReader

  constructor(text: string, reader: StatementReader) {
    this.text = text
    this.#reader = reader
  }

  /** Expressions hold statements, and these hold expressions. */
  readStatements(): Statement[] {
    return this.#reader.statements(this)
  }

  readStatement(): Statement {
    return this.#reader.statement(this)
  }

  get char(): string {
    return this.text[this.at] ?? ''
  }

  get done(): boolean {
    return this.at >= this.text.length
  }

  startsWith(token: string): boolean {
    return this.text.startsWith(token, this.at)
  }

  /** What a sticky pattern finds here, without going past it. */
  look(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    return pattern.exec(this.text)
  }

  /** Goes past what a sticky pattern finds here. */
  take(pattern: RegExp): RegExpExecArray | null {
    const found = this.look(pattern)
    if (found !== null) this.at += found[0].length
    return found
  }

  takeText(token: string): boolean {
    if (!this.startsWith(token)) return false
    this.at += token.length
    return true
  }

  expect(token: string, after: string): void {
    if (!this.takeText(token)) throw new SyntaxProblem(this.at, `Missing '${token}' ${after}.`)
  }

  /** Past blanks, comments and continued lines; with `lines`, past line ends and semicolons too. */
  skip({ lines = false, semicolons = false } = {}): void {
    for (;;) {
      if (this.take(/[ \t\u00a0]+/y) || this.take(/`\r?\n/y) || this.take(/<#[\s\S]*?#>/y)) continue
      if (this.char === '#' && this.take(/#[^\r\n]*/y)) continue
      if (lines && this.take(/[\r\n]+/y)) continue
      if (semicolons && this.take(/;/y)) continue
      return
    }
  }

  unexpected(): SyntaxProblem {
    const token = this.look(/\S{1,20}/y)?.[0] ?? ''
    return new SyntaxProblem(
      this.at,
      token === '' ? 'The text ends too early.' : `Unexpected token '${token}' in expression or statement.`,
    )
  }
}
