/** Pipelines: each stage gives its output to the next; commands are aliases, functions, cmdlets or programs. */
import { WindowsError } from '../program.ts'
import { type BoundArgument, bind, Call, type Cmdlet } from './binding.ts'
import { ErrorRecord, failure, Unknown } from './errors.ts'
import type { Emit, Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import type { Argument, Redirection, Stage } from './syntax/ast.ts'
import { enumerate, Hashtable, NOTHING, ScriptBlock, toText, type Value } from './values.ts'

export interface Commands {
  cmdlet(name: string): Cmdlet | undefined
  /** The name an alias stands for. */
  alias(name: string): string | undefined
}

export async function runPipeline(
  stages: Stage[],
  scope: Scope,
  emit: Emit,
  runtime: Runtime,
  commands: Commands,
): Promise<void> {
  let input: Value[] = []
  for (const [index, stage] of stages.entries()) {
    const isLast = index === stages.length - 1
    const output: Value[] = []
    const sink: Emit = isLast ? emit : (value) => void output.push(value)
    await redirected(stage.redirections, sink, scope, runtime, async (out) => {
      if (stage.kind === 'expression') {
        const value = await runtime.evaluate(stage.expression, scope)
        // A statement that only counts up puts out nothing.
        if (stage.expression.kind === 'step' && stages.length === 1) return
        for (const item of enumerate(value)) await out(item)
        runtime.session.succeeded = true
      } else await runCommand(stage, { input, piped: index > 0 }, scope, out, runtime, commands)
    })
    input = output
  }
}

interface Place {
  input: Value[]
  piped: boolean
}

type CommandStage = Extract<Stage, { kind: 'command' }>

async function runCommand(
  stage: CommandStage,
  place: Place,
  scope: Scope,
  emit: Emit,
  runtime: Runtime,
  commands: Commands,
): Promise<void> {
  const named = await runtime.evaluate(stage.name, scope)
  const args = await argumentsOf(stage.arguments, scope, runtime)
  if (named instanceof ScriptBlock) {
    const { input } = place
    return await runtime.call(named, { ...splitArguments(args), input, scope, inPlace: stage.operator === '.', emit })
  }
  const written = toText(named)
  if (written === '') {
    throw failure({
      message: "The expression after '&' in a pipeline element produced an object that was not valid.",
      id: 'BadExpression',
      category: 'InvalidOperation',
    })
  }
  const name = commands.alias(written) ?? written
  const own = scope.function(name)
  if (own !== undefined) {
    const block = new ScriptBlock(own.body, '')
    return await runtime.call(block, {
      ...splitArguments(args),
      input: place.input,
      scope,
      inPlace: stage.operator === '.',
      emit,
    })
  }
  const cmdlet = commands.cmdlet(name)
  if (cmdlet !== undefined) return await runCmdlet(cmdlet, args, place, scope, emit, runtime)
  const takesErrors = stage.redirections.some(({ stream }) => stream !== 1)
  await runProgram(commandLineOf(name, args), { name, takesErrors, scope, emit, place }, runtime)
}

async function runCmdlet(
  cmdlet: Cmdlet,
  args: BoundArgument[],
  { input, piped }: Place,
  scope: Scope,
  emit: Emit,
  runtime: Runtime,
): Promise<void> {
  const values = bind(cmdlet, args, piped)
  const { session } = runtime
  const errorsBefore = session.errors.length
  await cmdlet.run(new Call({ runtime, scope, input, piped, emit, values }))
  session.succeeded = session.errors.length === errorsBefore
}

/** A program's arguments as Windows PowerShell hands them over: quotes only around what has blanks, none escaped. */
function commandLineOf(name: string, args: BoundArgument[]): string {
  const quoted = (text: string) => (text === '' ? '""' : /\s/.test(text) && !text.startsWith('"') ? `"${text}"` : text)
  return [quoted(name), ...args.flatMap((argument) => nativeTexts(argument).map(quoted))].join(' ')
}

function nativeTexts(argument: BoundArgument): string[] {
  if (argument.kind === 'parameter')
    return [argument.value === undefined ? argument.text : `${argument.text}${toText(argument.value)}`]
  if (Array.isArray(argument.value)) return argument.value.map(toText)
  return argument.value === null ? [] : [argument.text]
}

interface ProgramCall {
  name: string
  /** Whether its stderr is redirected. */
  takesErrors: boolean
  scope: Scope
  emit: Emit
  place: Place
}

/** With its stderr redirected, each line that a program writes there becomes an error record, as in Windows PowerShell 5.1. */
async function runProgram(
  commandLine: string,
  { name, takesErrors, scope, emit, place }: ProgramCall,
  runtime: Runtime,
): Promise<void> {
  if (/^[A-Z][A-Za-z]+-[A-Z][A-Za-z]+$/i.test(name) && !/\.exe$/i.test(name)) throw new Unknown(`the command ${name}`)
  const { context, session } = runtime
  // Pieces go on one after the other, in the order in which they came.
  let last = Promise.resolve()
  const then = (work: () => void | Promise<void>) => {
    last = last.then(work)
  }
  const lines = new LineSplitter((line) => then(() => emit(line)))
  const errors = new LineSplitter((line) => then(() => runtime.report(nativeError(name, line), scope)))
  const input = place.input.map(toText)
  const streams = {
    stdout: (text: string) => lines.push(text),
    ...(takesErrors ? { stderr: (text: string) => errors.push(text) } : {}),
    ...(place.piped ? { readLine: async () => input.shift() ?? null } : {}),
  }
  try {
    session.lastExitCode = (await context.spawn(commandLine, streams)) | 0
  } catch (error) {
    if (!(error instanceof WindowsError)) throw error
    throw notRecognized(name)
  }
  lines.end()
  errors.end()
  await last
  session.succeeded = session.lastExitCode === 0
}

const nativeError = (name: string, line: string): ErrorRecord =>
  new ErrorRecord({
    message: line,
    command: name,
    type: 'System.Management.Automation.RemoteException',
    category: 'NotSpecified',
    target: line,
    id: 'NativeCommandError',
  })

/** Output of programs comes in pieces, and goes on as lines. */
class LineSplitter {
  #rest = ''
  readonly #take: (line: string) => void

  constructor(take: (line: string) => void) {
    this.#take = take
  }

  push(text: string): void {
    const lines = (this.#rest + text).split(/\r?\n/)
    this.#rest = lines.pop()!
    for (const line of lines) this.#take(line)
  }

  end(): void {
    if (this.#rest !== '') this.#take(this.#rest)
  }
}

const notRecognized = (name: string) =>
  failure({
    message: `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.`,
    command: name,
    type: 'System.Management.Automation.CommandNotFoundException',
    category: 'ObjectNotFound',
    target: name,
    id: 'CommandNotFoundException',
    hresult: -2146233087,
  })

async function argumentsOf(args: Argument[], scope: Scope, runtime: Runtime): Promise<BoundArgument[]> {
  const found: BoundArgument[] = []
  for (const argument of args) {
    if (argument.kind === 'splat') found.push(...splat(scope.get(argument.variable) ?? null))
    else if (argument.kind === 'parameter') {
      const value = argument.value === null ? undefined : await runtime.evaluate(argument.value, scope)
      found.push({ kind: 'parameter', name: argument.name, value, text: argument.text })
    } else {
      const value = await runtime.evaluate(argument.value, scope)
      const text = argument.value.kind === 'literal' ? (argument.value.text ?? toText(value)) : toText(value)
      found.push({ kind: 'value', value: value === NOTHING ? null : value, text })
    }
  }
  return found
}

function splat(value: Value): BoundArgument[] {
  if (value instanceof Hashtable) {
    return value.entries().map(({ key, value: inner }) => ({
      kind: 'parameter',
      name: toText(key),
      value: inner,
      text: `-${toText(key)}:`,
    }))
  }
  return enumerate(value).map((item) => ({ kind: 'value', value: item, text: toText(item) }))
}

/** Arguments of a function: names take the value after them. */
function splitArguments(args: BoundArgument[]): { arguments: Value[]; named: Map<string, Value> } {
  const named = new Map<string, Value>()
  const free: Value[] = []
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at]!
    if (argument.kind === 'value') free.push(argument.value)
    else if (argument.value !== undefined) named.set(argument.name, argument.value)
    else {
      const next = args[at + 1]
      named.set(argument.name, next?.kind === 'value' ? next.value : true)
      if (next?.kind === 'value') at += 1
    }
  }
  return { arguments: free, named }
}

/** Runs `work` with its streams where the redirections say. */
async function redirected(
  redirections: Redirection[],
  emit: Emit,
  scope: Scope,
  runtime: Runtime,
  work: (emit: Emit) => Promise<void>,
): Promise<void> {
  if (redirections.length === 0) return await work(emit)
  const { session, context } = runtime
  let out = emit
  const before = session.writeError
  const files: { path: string; append: boolean; lines: string[] }[] = []
  for (const { stream, to } of redirections) {
    if (to.kind === 'output') {
      session.writeError = (record) => out(record.value)
      continue
    }
    const path = await runtime.evaluate(to.path, scope)
    const lines: string[] = []
    if (path !== null) files.push({ path: toText(path), append: to.append, lines })
    if (stream !== 2) out = (value) => void lines.push(toText(value))
    if (stream !== 1) session.writeError = (record) => void lines.push(record.details.message)
  }
  try {
    await work((value) => out(value))
  } finally {
    session.writeError = before
  }
  for (const { path, append, lines } of files) {
    const text = lines.map((line) => `${line}\r\n`).join('')
    const old = append && context.fileExists(path) ? await context.readFile(path) : Buffer.alloc(0)
    await context.writeFile(path, Buffer.concat([old, Buffer.from(text, 'utf16le')]))
  }
}
