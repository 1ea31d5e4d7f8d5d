/** How a PowerShell script goes wrong, and how it leaves. */
import { NetObject, type Value } from './values.ts'

export interface ErrorDetails {
  message: string
  /** .NET type of the exception, with its namespace. */
  type?: string
  /** Signed 32-bit. */
  hresult?: number
  /** FullyQualifiedErrorId. */
  id?: string
  category?: string
  target?: Value
  /** Short name of the exception in CategoryInfo; default: the last part of its type. */
  reason?: string
  /** The command that reports it, which stands before the message. */
  command?: string | null
  inner?: NetObject
  /** Catch blocks by type also match what it stands for. */
  nativeCode?: number
}

/** An error record: what `$_` is in a catch block. */
export class ErrorRecord {
  readonly details: ErrorDetails
  /** Where it happened: the line, its number and column, both from 1. */
  position: { line: string; number: number; column: number; length: number } | null = null

  constructor(details: ErrorDetails) {
    this.details = details
  }

  get type(): string {
    return this.details.type ?? 'System.Management.Automation.RuntimeException'
  }

  get value(): NetObject {
    this.#value ??= recordValue(this)
    return this.#value
  }
  #value: NetObject | undefined
}

/** An error on its way up. `script`: it ends everything that does not catch it; `statement`: only its statement. */
export class PsThrow extends Error {
  override name = 'PsThrow'
  readonly record: ErrorRecord
  readonly level: 'script' | 'statement'

  constructor(record: ErrorRecord, level: 'script' | 'statement' = 'statement') {
    super(record.details.message)
    this.record = record
    this.level = level
  }
}

/** A script asks for what the emulated PowerShell does not know. No catch block of the script sees it: silence would be a lie. */
export class Unknown extends Error {
  override name = 'Unknown'

  constructor(what: string) {
    super(`The emulated PowerShell does not know ${what}.`)
  }
}

/** `exit`, `return`, `break`, `continue` on their way. */
export class Leaving extends Error {
  override name = 'Leaving'
  readonly how: 'exit' | 'return' | 'break' | 'continue'
  readonly exitCode: number

  constructor(how: 'exit' | 'return' | 'break' | 'continue', exitCode = 0) {
    super(how)
    this.how = how
    this.exitCode = exitCode
  }
}

export const failure = (details: ErrorDetails, level: 'script' | 'statement' = 'statement'): PsThrow =>
  new PsThrow(new ErrorRecord(details), level)

const read = (get: () => Value) => ({ get })

/** The exception object of an error, with its inner one. */
function exceptionValue({
  message,
  type = 'System.Management.Automation.RuntimeException',
  hresult = -2146233088,
  inner,
  nativeCode,
}: ErrorDetails): NetObject {
  return new NetObject(type, {
    properties: {
      Message: read(() => message),
      HResult: read(() => hresult),
      InnerException: read(() => inner ?? null),
      StackTrace: read(() => null),
      Source: read(() => 'mscorlib'),
      ErrorCode: read(() => hresult),
      NativeErrorCode: read(() => nativeCode ?? null),
    },
    methods: {
      ToString: () => `${type}: ${message}`,
      GetBaseException: () => inner ?? null,
    },
    text: () => `${type}: ${message}`,
  })
}

function recordValue(record: ErrorRecord): NetObject {
  const { details } = record
  const exception = exceptionValue({ ...details, type: record.type })
  return new NetObject('System.Management.Automation.ErrorRecord', {
    native: record,
    properties: {
      Exception: read(() => exception),
      Message: read(() => details.message),
      FullyQualifiedErrorId: read(() => details.id ?? details.message),
      CategoryInfo: read(() => categoryText(record)),
      TargetObject: read(() => details.target ?? null),
      ErrorDetails: read(() => null),
      ScriptStackTrace: read(() => ''),
      InvocationInfo: read(() => null),
    },
    methods: { ToString: () => details.message },
    text: () => details.message,
  })
}

function categoryText({ details, type }: ErrorRecord): string {
  const reason = details.reason ?? type.slice(type.lastIndexOf('.') + 1)
  const target = details.target === undefined || details.target === null ? '' : String(details.target)
  const kind = target === '' ? '' : 'String'
  return `${details.category ?? 'NotSpecified'}: (${target}:${kind}) [${details.command ?? ''}], ${reason}`
}

/** The error as Windows PowerShell prints it. */
export function errorText(record: ErrorRecord): string {
  const { details, position } = record
  const head = details.command ? `${details.command} : ${details.message}` : details.message
  const where =
    position === null
      ? []
      : [
          `At line:${position.number} char:${position.column}`,
          `+ ${position.line}`,
          `+ ${' '.repeat(position.column - 1)}${'~'.repeat(Math.max(1, position.length))}`,
        ]
  const lines = [
    head,
    ...where,
    `    + CategoryInfo          : ${categoryText(record)}`,
    `    + FullyQualifiedErrorId : ${details.id ?? details.message}`,
    ' ',
  ]
  return `${lines.join('\n')}\n`
}
