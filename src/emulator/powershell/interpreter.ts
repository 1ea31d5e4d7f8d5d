/** Statements: runs a script in a session of its own. */
import type { ProgramContext } from '../program.ts'
import { type ErrorRecord, errorText, failure, Leaving, PsThrow, Unknown } from './errors.ts'
import { assign, evaluate } from './evaluate.ts'
import { exitCodeOf, isType, thrown } from './leave.ts'
import { operate } from './operators.ts'
import { bindParameters } from './parameters.ts'
import { type Commands, runPipeline } from './pipeline.ts'
import { positionOf } from './positions.ts'
import type { CallOptions, Emit, Runtime, Session } from './runtime.ts'
import { Scope } from './scope.ts'
import { takesCase } from './switch-case.ts'
import type { Expression, Span, Statement } from './syntax/ast.ts'
import { SyntaxProblem } from './syntax/cursor.ts'
import { collapse, enumerate, NOTHING, type ScriptBlock, toBoolean, toText, type Value } from './values.ts'

/** Loops and calls beyond these end the script: an emulated host must not hang. */
const MOST_ROUNDS = 100_000
const DEEPEST_CALLS = 200

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>

export class Interpreter implements Runtime {
  readonly context: ProgramContext
  readonly session: Session
  readonly #commands: Commands
  /** The statement that runs. */
  #span: Span | null = null

  constructor(context: ProgramContext, commands: Commands, source: string) {
    this.context = context
    this.#commands = commands
    this.session = {
      lastExitCode: null,
      succeeded: true,
      errors: [],
      tryDepth: 0,
      callDepth: 0,
      source,
      writeError: (record) => context.stderr(errorText(record)),
    }
  }

  evaluate(expression: Expression, scope: Scope): Promise<Value> {
    return evaluate(expression, scope, this)
  }

  async collect(statements: Statement[], scope: Scope): Promise<Value[]> {
    const found: Value[] = []
    await this.run(statements, scope, (value) => void found.push(value))
    return found
  }

  async valueOf(statement: Statement, scope: Scope): Promise<Value> {
    const [stage] = statement.kind === 'pipeline' ? statement.stages : []
    if (
      statement.kind === 'pipeline' &&
      statement.stages.length === 1 &&
      stage!.kind === 'expression' &&
      stage!.redirections.length === 0
    ) {
      const value = await this.evaluate(stage!.expression, scope)
      return value === NOTHING ? null : value
    }
    if (statement.kind === 'assignment') {
      await this.#assignment(statement, scope)
      return await this.evaluate(statement.target, scope)
    }
    const found: Value[] = []
    await this.#execute(statement, scope, (value) => void found.push(value))
    return collapse(found)
  }

  async run(statements: Statement[], scope: Scope, emit: Emit): Promise<void> {
    for (const statement of statements) {
      this.#span = statement.span
      if (this.context.signal.aborted) throw new Leaving('exit', 1)
      try {
        await this.#execute(statement, scope, emit)
      } catch (error) {
        const located = this.#locate(error, statement.span)
        if (!(located instanceof PsThrow)) throw located
        const action = toText(scope.get('ErrorActionPreference') ?? 'Continue')
        if (located.level === 'script' || this.session.tryDepth > 0 || /^stop$/i.test(action)) throw located
        // An error that ends only its statement: say it and go on.
        this.#remember(located.record)
        this.session.succeeded = false
        if (!/^(silentlycontinue|ignore)$/i.test(action)) await this.session.writeError(located.record)
      }
    }
  }

  async call(
    block: ScriptBlock,
    { arguments: args = [], named = new Map(), input = [], scope, inPlace = false, variables = {}, emit }: CallOptions,
  ): Promise<void> {
    const inner = inPlace ? scope : new Scope(scope)
    await bindParameters(block, { args, named, scope: inner }, this)
    inner.set('input', input)
    for (const [name, value] of Object.entries(variables)) inner.set(name, value)
    const { session } = this
    const source = session.source
    if (session.callDepth >= DEEPEST_CALLS) {
      throw failure(
        {
          message: 'The script failed due to call depth overflow.',
          id: 'CallDepthOverflow',
          category: 'InvalidOperation',
        },
        'script',
      )
    }
    session.callDepth += 1
    if (block.source !== null) session.source = block.source
    try {
      await this.run(block.body.statements, inner, emit)
    } catch (error) {
      if (!(error instanceof Leaving && error.how === 'return')) throw error
    } finally {
      session.callDepth -= 1
      session.source = source
    }
  }

  async gather(block: ScriptBlock, options: Omit<CallOptions, 'emit'>): Promise<Value[]> {
    const found: Value[] = []
    await this.call(block, { ...options, emit: (value) => void found.push(value) })
    return found
  }

  async report(record: ErrorRecord, scope: Scope, action?: string): Promise<void> {
    if (this.#span !== null) record.position ??= positionOf(this.session.source, this.#span)
    const wanted = action ?? toText(scope.get('ErrorActionPreference') ?? 'Continue')
    if (/^stop$/i.test(wanted)) throw new PsThrow(record, 'script')
    this.session.succeeded = false
    if (/^ignore$/i.test(wanted)) return
    this.#remember(record)
    if (!/^silentlycontinue$/i.test(wanted)) await this.session.writeError(record)
  }

  #remember(record: ErrorRecord): void {
    this.session.errors.unshift(record)
  }

  /** Gives an error its place in the script, the innermost that is known. */
  #locate(error: unknown, span: Span): unknown {
    if (error instanceof SyntaxProblem)
      return failure({
        message: error.message,
        type: 'System.Management.Automation.ParseException',
        category: 'ParserError',
        id: 'ParseException',
      })
    if (!(error instanceof PsThrow) || error.record.position !== null) return error
    error.record.position = positionOf(this.session.source, span)
    return error
  }

  async #execute(statement: Statement, scope: Scope, emit: Emit): Promise<void> {
    switch (statement.kind) {
      case 'pipeline':
        return await runPipeline(statement.stages, scope, emit, this, this.#commands)
      case 'assignment':
        return await this.#assignment(statement, scope)
      case 'if':
        for (const { condition, body } of statement.branches) {
          if (toBoolean(await this.valueOf(condition, scope))) return await this.run(body, scope, emit)
        }
        return await this.run(statement.otherwise, scope, emit)
      case 'foreach':
        return await this.#foreach(statement, scope, emit)
      case 'for':
      case 'while':
        return await this.#loop(statement, scope, emit)
      case 'switch':
        return await this.#switch(statement, scope, emit)
      case 'try':
        return await this.#try(statement, scope, emit)
      case 'leave':
        return await this.#leave(statement, scope, emit)
      case 'function':
        return scope.define({ name: statement.name, body: statement.body })
    }
  }

  async #assignment({ target, operator, value }: Of<'assignment'>, scope: Scope): Promise<void> {
    let given = await this.valueOf(value, scope)
    if (operator !== '=') {
      const before = await this.evaluate(target, scope)
      given = operate(operator.slice(0, -1), before, given, {
        setMatches: () => {},
        offsetMinutes: this.context.timeZoneMinutes,
      })
    }
    await assign(target, given, scope, this)
    this.session.succeeded = true
  }

  async #foreach({ variable, source, body }: Of<'foreach'>, scope: Scope, emit: Emit): Promise<void> {
    const value = await this.valueOf(source, scope)
    if (value === null) return
    for (const item of [...enumerate(value)]) {
      scope.set(variable, item)
      if (await this.#round(body, scope, emit)) return
    }
  }

  async #loop(statement: Of<'for'> | Of<'while'>, scope: Scope, emit: Emit): Promise<void> {
    const holds = async () => {
      if (statement.condition === null) return true
      const value = toBoolean(await this.valueOf(statement.condition, scope))
      return statement.kind === 'while' && statement.until ? !value : value
    }
    if (statement.kind === 'for' && statement.first !== null) await this.#execute(statement.first, scope, emit)
    let check = !(statement.kind === 'while' && statement.bodyFirst)
    for (let round = 0; !check || (await holds()); round += 1) {
      check = true
      if (round >= MOST_ROUNDS) throw new Unknown(`loops of more than ${MOST_ROUNDS} rounds`)
      if (await this.#round(statement.body, scope, emit)) return
      if (statement.kind === 'for' && statement.next !== null) await this.#execute(statement.next, scope, emit)
    }
  }

  /** One round of a loop. True when it was the last. */
  async #round(body: Statement[], scope: Scope, emit: Emit): Promise<boolean> {
    try {
      await this.run(body, scope, emit)
      return false
    } catch (error) {
      if (error instanceof Leaving && error.how === 'continue') return false
      if (error instanceof Leaving && error.how === 'break') return true
      throw error
    }
  }

  async #switch({ subject, cases, mode }: Of<'switch'>, scope: Scope, emit: Emit): Promise<void> {
    for (const item of enumerate(await this.valueOf(subject, scope))) {
      scope.set('_', item)
      let matched = false
      for (const { match, body } of cases) {
        if (match === 'default' ? matched : !(await takesCase(match, item, mode, scope, this))) continue
        matched = true
        if (await this.#round(body, scope, emit)) return
      }
    }
  }

  async #try({ body, catches, finallyBody }: Of<'try'>, scope: Scope, emit: Emit): Promise<void> {
    try {
      await this.#guarded(body, scope, emit)
    } catch (error) {
      if (!(error instanceof PsThrow)) throw error
      const { record } = error
      const handler = catches.find(({ types }) => types.length === 0 || types.some((type) => isType(record, type)))
      if (handler === undefined) throw error
      this.#remember(record)
      const before = scope.get('_')
      scope.set('_', record.value)
      scope.set('psitem', record.value)
      try {
        await this.run(handler.body, scope, emit)
      } finally {
        scope.set('_', before ?? null)
      }
    } finally {
      await this.run(finallyBody, scope, emit)
    }
  }

  async #guarded(body: Statement[], scope: Scope, emit: Emit): Promise<void> {
    this.session.tryDepth += 1
    try {
      await this.run(body, scope, emit)
    } finally {
      this.session.tryDepth -= 1
    }
  }

  async #leave({ how, value, span }: Of<'leave'>, scope: Scope, emit: Emit): Promise<void> {
    if (how === 'throw') {
      const given = value === null ? (scope.get('_') ?? null) : await this.valueOf(value, scope)
      throw thrown(given, positionOf(this.session.source, span))
    }
    if (how === 'exit') throw new Leaving('exit', value === null ? 0 : exitCodeOf(await this.valueOf(value, scope)))
    if (how === 'return' && value !== null) {
      const given: Value[] = []
      await this.#execute(value, scope, (item) => void given.push(item))
      for (const item of given) await emit(item)
    }
    throw new Leaving(how)
  }
}
