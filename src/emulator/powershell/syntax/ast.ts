/** What a PowerShell text says: statements, pipelines and expressions of the subset that the emulated PowerShell knows. */

/** Offsets into the text: start inclusive, end exclusive. */
export interface Span {
  start: number
  end: number
}

export type Expression =
  | { kind: 'literal'; value: string | number; text?: string }
  | { kind: 'interpolated'; parts: (string | Expression)[] }
  | { kind: 'variable'; name: string }
  /** `@( … )` */
  | { kind: 'array'; body: Statement[] }
  /** `$( … )` */
  | { kind: 'sub-expression'; body: Statement[] }
  | { kind: 'parenthesis'; inner: Statement }
  | { kind: 'hashtable'; entries: { key: Expression; value: Statement }[]; ordered?: boolean }
  | { kind: 'script-block'; body: Body; text: string }
  | { kind: 'list'; items: Expression[] }
  | { kind: 'unary'; operator: string; operand: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression; span: Span }
  | { kind: 'member'; target: Expression; name: Expression; isStatic: boolean; span: Span }
  | { kind: 'call'; target: Expression; name: Expression; isStatic: boolean; arguments: Expression[]; span: Span }
  | { kind: 'index'; target: Expression; index: Expression; span: Span }
  | { kind: 'type'; name: string; span: Span }
  | { kind: 'cast'; type: string; operand: Expression; span: Span }
  | { kind: 'step'; target: Expression; by: 1 | -1; before: boolean }

export interface Parameter {
  name: string
  type: string | null
  isMandatory: boolean
  default: Expression | null
}

export interface Body {
  parameters: Parameter[]
  statements: Statement[]
}

export type Argument =
  | { kind: 'value'; value: Expression }
  | { kind: 'parameter'; name: string; value: Expression | null; text: string }
  | { kind: 'splat'; variable: string }

/** Where an output stream goes: `2>&1`, `> file`, `2>$null`. */
export interface Redirection {
  stream: 1 | 2 | '*'
  to: { kind: 'output' } | { kind: 'file'; path: Expression; append: boolean }
}

export type Stage =
  | { kind: 'expression'; expression: Expression; redirections: Redirection[]; span: Span }
  | {
      kind: 'command'
      name: Expression
      /** `&` and `.` take any expression; without them the name is a word. */
      operator: '&' | '.' | null
      arguments: Argument[]
      redirections: Redirection[]
      span: Span
    }

export type Statement =
  | { kind: 'pipeline'; stages: Stage[]; span: Span }
  | {
      kind: 'assignment'
      target: Expression
      operator: '=' | '+=' | '-=' | '*=' | '/=' | '%='
      value: Statement
      span: Span
    }
  | { kind: 'if'; branches: { condition: Statement; body: Statement[] }[]; otherwise: Statement[]; span: Span }
  | { kind: 'foreach'; variable: string; source: Statement; body: Statement[]; span: Span }
  | {
      kind: 'for'
      first: Statement | null
      condition: Statement | null
      next: Statement | null
      body: Statement[]
      span: Span
    }
  /** `do … until` has `until: true`; both `do` forms have `bodyFirst: true`. */
  | { kind: 'while'; condition: Statement; body: Statement[]; bodyFirst: boolean; until: boolean; span: Span }
  | {
      kind: 'switch'
      subject: Statement
      cases: { match: Expression | 'default'; body: Statement[] }[]
      mode: string
      span: Span
    }
  | {
      kind: 'try'
      body: Statement[]
      catches: { types: string[]; body: Statement[] }[]
      finallyBody: Statement[]
      span: Span
    }
  | { kind: 'leave'; how: 'throw' | 'return' | 'exit' | 'break' | 'continue'; value: Statement | null; span: Span }
  | { kind: 'function'; name: string; body: Body; text: string; span: Span }
