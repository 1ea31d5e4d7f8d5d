/** How a cmdlet gets its parameters: by name, by the beginning of a name, by position, from the pipeline. */
import { toNumber } from './conversions.ts'
import { failure } from './errors.ts'
import type { CallOptions, Emit, Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import { toBoolean, toText, type Value } from './values.ts'

/** An argument with its value; `text` is how a native program would get it. */
export type BoundArgument =
  | { kind: 'value'; value: Value; text: string }
  | { kind: 'parameter'; name: string; value: Value | undefined; text: string }

export interface Cmdlet {
  name: string
  /** `switch` takes no value; `any` takes one. In the order of the documentation. */
  parameters: Record<string, 'any' | 'switch'>
  /** Parameters that take values without a name, in order. */
  positional?: string[]
  /** The last positional parameter takes all values that are left. */
  rest?: boolean
  aliases?: Record<string, string>
  mandatory?: string[]
  run(call: Call): Promise<void> | void
}

const COMMON: Record<string, 'any' | 'switch'> = {
  ErrorAction: 'any',
  WarningAction: 'any',
  InformationAction: 'any',
  ErrorVariable: 'any',
  WarningVariable: 'any',
  OutVariable: 'any',
  Verbose: 'switch',
  Debug: 'switch',
  Confirm: 'switch',
}
const COMMON_ALIASES: Record<string, string> = {
  EA: 'ErrorAction',
  WA: 'WarningAction',
  EV: 'ErrorVariable',
  OV: 'OutVariable',
}

/** One call of a cmdlet. */
export class Call {
  readonly runtime: Runtime
  readonly scope: Scope
  readonly input: Value[]
  /** Whether it stands after a `|`. */
  readonly piped: boolean
  readonly emit: Emit
  readonly #values: Map<string, Value>

  constructor(options: {
    runtime: Runtime
    scope: Scope
    input: Value[]
    piped: boolean
    emit: Emit
    values: Map<string, Value>
  }) {
    this.runtime = options.runtime
    this.scope = options.scope
    this.input = options.input
    this.piped = options.piped
    this.emit = options.emit
    this.#values = options.values
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  value(name: string): Value {
    return this.#values.get(name) ?? null
  }

  text(name: string): string | undefined {
    return this.#values.has(name) ? toText(this.value(name)) : undefined
  }

  number(name: string): number | undefined {
    return this.#values.has(name) ? toNumber(this.value(name)) : undefined
  }

  switch(name: string): boolean {
    return this.#values.has(name) && toBoolean(this.value(name))
  }

  list(name: string): Value[] {
    const value = this.value(name)
    return !this.#values.has(name) ? [] : Array.isArray(value) ? value : [value]
  }

  get errorAction(): string | undefined {
    return this.text('ErrorAction')
  }

  /** What came through the pipeline, else what the parameter holds. */
  subjects(name: string): Value[] {
    return this.piped ? this.input : this.list(name)
  }

  gather(block: Parameters<Runtime['gather']>[0], options: Omit<CallOptions, 'emit' | 'scope'>): Promise<Value[]> {
    return this.runtime.gather(block, { ...options, scope: this.scope })
  }
}

/** @throws {PsThrow} as PowerShell fails to bind */
export function bind(cmdlet: Cmdlet, args: BoundArgument[], piped: boolean): Map<string, Value> {
  const values = new Map<string, Value>()
  const free: Value[] = []
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at]!
    if (argument.kind === 'value') {
      free.push(argument.value)
      continue
    }
    const { name, kind } = parameterNamed(cmdlet, argument.name)
    if (argument.value !== undefined) values.set(name, argument.value)
    else if (kind === 'switch') values.set(name, true)
    else {
      const next = args[at + 1]
      if (next?.kind !== 'value') throw missingArgument(cmdlet, name)
      values.set(name, next.value)
      at += 1
    }
  }
  place(cmdlet, values, free)
  for (const name of cmdlet.mandatory ?? []) {
    if (!values.has(name) && !piped) {
      throw bindingFailure(
        cmdlet,
        `Cannot process command because of one or more missing mandatory parameters: ${name}.`,
        'MissingMandatoryParameter',
      )
    }
  }
  return values
}

function place(cmdlet: Cmdlet, values: Map<string, Value>, free: Value[]): void {
  const open = (cmdlet.positional ?? []).filter((name) => !values.has(name))
  while (free.length > 0) {
    const name = open.shift()
    if (name === undefined) {
      throw bindingFailure(
        cmdlet,
        `A positional parameter cannot be found that accepts argument '${toText(free[0]!)}'.`,
        'PositionalParameterNotFound',
      )
    }
    if (open.length === 0 && cmdlet.rest) {
      values.set(name, free.length === 1 ? free[0]! : free.flat())
      return
    }
    values.set(name, free.shift()!)
  }
}

function parameterNamed(cmdlet: Cmdlet, written: string): { name: string; kind: 'any' | 'switch' } {
  const all = { ...cmdlet.parameters, ...COMMON }
  const lower = written.toLowerCase()
  const alias = Object.entries({ ...cmdlet.aliases, ...COMMON_ALIASES }).find(
    ([name]) => name.toLowerCase() === lower,
  )?.[1]
  const exact = alias ?? Object.keys(all).find((name) => name.toLowerCase() === lower)
  if (exact !== undefined) return { name: exact, kind: all[exact] ?? 'any' }
  const own = Object.keys(cmdlet.parameters).filter((name) => name.toLowerCase().startsWith(lower))
  const candidates = own.length > 0 ? own : Object.keys(COMMON).filter((name) => name.toLowerCase().startsWith(lower))
  if (candidates.length === 1) return { name: candidates[0]!, kind: all[candidates[0]!]! }
  if (candidates.length > 1) {
    const list = candidates.map((name) => `-${name}`).join(' ')
    throw bindingFailure(
      cmdlet,
      `Parameter cannot be processed because the parameter name '${written}' is ambiguous. Possible matches include: ${list}.`,
      'AmbiguousParameter',
    )
  }
  throw bindingFailure(
    cmdlet,
    `A parameter cannot be found that matches parameter name '${written}'.`,
    'NamedParameterNotFound',
  )
}

const missingArgument = (cmdlet: Cmdlet, name: string) =>
  bindingFailure(
    cmdlet,
    `Missing an argument for parameter '${name}'. Specify a parameter of type 'System.String' and try again.`,
    'MissingArgument',
  )

const bindingFailure = (cmdlet: Cmdlet, message: string, id: string) =>
  failure({
    message,
    command: cmdlet.name,
    type: 'System.Management.Automation.ParameterBindingException',
    category: 'InvalidArgument',
    id: `${id},Microsoft.PowerShell.Commands.${cmdlet.name.replace('-', '')}Command`,
  })
