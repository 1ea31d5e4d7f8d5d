/** What the parts of the interpreter need of each other. */
import type { ProgramContext } from '../program.ts'
import type { ErrorRecord } from './errors.ts'
import type { Scope } from './scope.ts'
import type { Expression, Statement } from './syntax/ast.ts'
import type { ScriptBlock, Value } from './values.ts'

export type Emit = (value: Value) => void | Promise<void>

/** What a running script leaves behind for its next statement. */
export interface Session {
  /** `$LASTEXITCODE`: null before the first native program. Signed 32-bit. */
  lastExitCode: number | null
  /** `$?` */
  succeeded: boolean
  /** `$Error`, newest first. */
  errors: ErrorRecord[]
  /** How many try blocks are open: inside one, an error that ends its statement goes up. */
  tryDepth: number
  /** Depth of script blocks and functions that call each other. */
  callDepth: number
  /** The text that spans point into. */
  source: string
  /** Writes where stderr goes now: `2>$null` and `2>&1` change it. */
  writeError(record: ErrorRecord): void | Promise<void>
}

export interface CallOptions {
  /** Values by position. */
  arguments?: Value[]
  /** Values by parameter name. */
  named?: Map<string, Value>
  input?: Value[]
  /** Where its variables live: a new scope below this one. */
  scope: Scope
  /** Runs in `scope` itself, as dot-sourcing does. */
  inPlace?: boolean
  /** Variables of the new scope, such as `_`. */
  variables?: Record<string, Value>
  emit: Emit
}

export interface Runtime {
  readonly context: ProgramContext
  readonly session: Session
  run(statements: Statement[], scope: Scope, emit: Emit): Promise<void>
  evaluate(expression: Expression, scope: Scope): Promise<Value>
  /** Everything that statements put out. */
  collect(statements: Statement[], scope: Scope): Promise<Value[]>
  /** What a statement gives where a value is wanted. */
  valueOf(statement: Statement, scope: Scope): Promise<Value>
  call(block: ScriptBlock, options: CallOptions): Promise<void>
  /** Calls a block and gathers what it puts out. */
  gather(block: ScriptBlock, options: Omit<CallOptions, 'emit'>): Promise<Value[]>
  /** An error that stops nothing, unless `action` or `$ErrorActionPreference` says so. */
  report(record: ErrorRecord, scope: Scope, action?: string): Promise<void>
}
