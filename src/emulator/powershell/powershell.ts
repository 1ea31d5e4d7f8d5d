/**
 * An emulated Windows PowerShell 5.1. It interprets the language, as far as scripts about scheduled tasks use it, and says
 * loudly what it does not know: that is exit code 1 and an error on stderr, never a silent success.
 */
import type { Program, ProgramContext } from '../program.ts'
import { COMMANDS } from './commands/all.ts'
import { errorText, Leaving, PsThrow, Unknown } from './errors.ts'
import { formatAll } from './format.ts'
import { Interpreter } from './interpreter.ts'
import { type Options, parseOptions } from './options.ts'
import { Scope } from './scope.ts'
import { SyntaxProblem } from './syntax/cursor.ts'
import { parseScript } from './syntax/statements.ts'
import { NetObject, ScriptBlock, type Value } from './values.ts'

/** `powershell.exe`, with `-EncodedCommand`, `-Command` (also `-`) or `-File`. */
export const powershell: Program = async (context) => {
  const options = parseOptions(context)
  if (options.problem !== undefined) {
    context.stderr(`${options.problem}\n`)
    return 0xffff_0000
  }
  const input = options.readsInput ? await readLines(context) : []
  const source = await sourceOf(options, context, input)
  if (source === null) {
    context.stderr(
      `The argument '${options.file}' to the -File parameter does not exist. Provide the path to an existing '.ps1' file as an argument to the -File parameter.\n`,
    )
    return 0xfffd_0000
  }
  return await runScript(source, context, { arguments: options.arguments, input: options.command === '-' ? [] : input })
}

async function sourceOf(options: Options, context: ProgramContext, input: string[]): Promise<string | null> {
  if (options.file !== undefined) {
    if (!context.fileExists(options.file)) return null
    return (await context.readFile(options.file)).toString('utf8').replace(/^\ufeff/, '')
  }
  return options.command === '-' ? input.join('\n') : (options.command ?? '')
}

async function readLines(context: ProgramContext): Promise<string[]> {
  const lines: string[] = []
  for (let line = await context.readLine(); line !== null; line = await context.readLine()) lines.push(line)
  return lines
}

/** Runs a script to its end. Gives the exit code, unsigned 32-bit. */
async function runScript(
  source: string,
  context: ProgramContext,
  given: { arguments: Value[]; input: string[] },
): Promise<number> {
  const interpreter = new Interpreter(context, COMMANDS, source)
  const console = new Console(context)
  const { session } = interpreter
  const writeError = session.writeError
  session.writeError = (record) => {
    console.flush()
    return writeError(record)
  }
  const scope = new Scope()
  scope.set('ErrorActionPreference', 'Continue')
  scope.set('ProgressPreference', 'Continue')
  scope.set('ConfirmPreference', 'High')
  try {
    const block = new ScriptBlock(parseScript(source), source, source)
    await interpreter.call(block, {
      arguments: given.arguments,
      input: given.input,
      scope,
      inPlace: true,
      emit: (value) => console.show(value),
    })
    console.flush()
    return session.succeeded ? 0 : 1
  } catch (error) {
    console.flush()
    if (error instanceof Leaving) return error.exitCode >>> 0
    context.stderr(problemText(error, source))
    return 1
  }
}

function problemText(error: unknown, source: string): string {
  if (error instanceof PsThrow) return errorText(error.record)
  if (error instanceof SyntaxProblem) {
    const line = source.slice(0, error.at).split('\n').length
    return `At line:${line}\n${error.message}\n    + CategoryInfo          : ParserError: (:) [], ParentContainsErrorRecordException\n    + FullyQualifiedErrorId : ParseError\n`
  }
  if (error instanceof Unknown)
    return `${error.message}\n    + CategoryInfo          : NotImplemented: (:) [], NotSupportedException\n    + FullyQualifiedErrorId : EmulatedPowerShellUnknown\n`
  throw error
}

/** Shows what reaches the end of the pipeline: text at once, objects in a row as one table. */
class Console {
  readonly #context: ProgramContext
  #objects: Value[] = []

  constructor(context: ProgramContext) {
    this.#context = context
  }

  show(value: Value): void {
    if (value === null) return
    const isText = typeof value !== 'object' || (value instanceof NetObject && value.text !== undefined)
    if (!isText) {
      this.#objects.push(value)
      return
    }
    this.flush()
    this.#context.stdout(`${formatAll([value])}\n`)
  }

  flush(): void {
    if (this.#objects.length === 0) return
    const objects = this.#objects
    this.#objects = []
    this.#context.stdout(`${formatAll(objects)}\n`)
  }
}
