/** Expressions to values. */
import { WindowsError } from '../program.ts'
import { convert, toNumber } from './conversions.ts'
import { failure, Unknown } from './errors.ts'
import { readIndex, writeIndex } from './members/items.ts'
import { methodFailure } from './members/method-failure.ts'
import { callMethod, readProperty, writeProperty } from './members.ts'
import { operate, split } from './operators.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import { variable } from './statics/host.ts'
import { callStatic, readStatic } from './statics.ts'
import type { Expression } from './syntax/ast.ts'
import {
  collapse,
  Hashtable,
  NetObject,
  NOTHING,
  PsObject,
  ScriptBlock,
  TypeLiteral,
  toBoolean,
  toText,
  type Value,
} from './values.ts'

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>

export async function evaluate(expression: Expression, scope: Scope, runtime: Runtime): Promise<Value> {
  const valueAt = (inner: Expression) => evaluate(inner, scope, runtime)
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'interpolated': {
      let text = ''
      for (const part of expression.parts) text += typeof part === 'string' ? part : toText(await valueAt(part))
      return text
    }
    case 'variable':
      return readVariable(expression.name, scope, runtime)
    case 'array':
      return await runtime.collect(expression.body, scope)
    case 'sub-expression':
      return collapse(await runtime.collect(expression.body, scope))
    case 'parenthesis':
      return await runtime.valueOf(expression.inner, scope)
    case 'hashtable': {
      const table = new Hashtable()
      for (const { key, value } of expression.entries)
        table.set(await valueAt(key), await runtime.valueOf(value, scope))
      return table
    }
    case 'script-block':
      return new ScriptBlock(expression.body, expression.text)
    case 'list': {
      const items: Value[] = []
      for (const item of expression.items) items.push(await valueAt(item))
      return items
    }
    case 'unary':
      return unary(expression.operator, await valueAt(expression.operand))
    case 'binary':
      return await binary(expression, scope, runtime)
    case 'member':
      return await member(expression, scope, runtime)
    case 'call':
      return await call(expression, scope, runtime)
    case 'index':
      return readIndex(await valueAt(expression.target), await valueAt(expression.index))
    case 'type':
      return new TypeLiteral(expression.name)
    case 'cast':
      return await cast(expression, scope, runtime)
    case 'step': {
      const before = toNumber(await valueAt(expression.target))
      await assign(expression.target, before + expression.by, scope, runtime)
      return expression.before ? before + expression.by : before
    }
  }
}

function unary(operator: string, operand: Value): Value {
  switch (operator) {
    case '!':
    case '-not':
      return !toBoolean(operand)
    case '-':
      return -toNumber(operand)
    case '+':
      return toNumber(operand)
    case '-bnot':
      return ~toNumber(operand)
    case '-join':
      return (Array.isArray(operand) ? operand : [operand]).map(toText).join('')
    case '-split':
      return split(toText(operand).trim(), '\\s+')
    default:
      throw new Unknown(`the operator ${operator}`)
  }
}

async function binary({ operator, left, right }: Of<'binary'>, scope: Scope, runtime: Runtime): Promise<Value> {
  const first = await evaluate(left, scope, runtime)
  // The right side of these is looked at only when it decides.
  if (operator === '-and') return toBoolean(first) && toBoolean(await evaluate(right, scope, runtime))
  if (operator === '-or') return toBoolean(first) || toBoolean(await evaluate(right, scope, runtime))
  const second = await evaluate(right, scope, runtime)
  return operate(operator, first, second, {
    setMatches: (matches) => scope.set('matches', matches),
    offsetMinutes: runtime.context.timeZoneMinutes,
  })
}

async function nameOf(name: Expression, scope: Scope, runtime: Runtime): Promise<string> {
  return toText(await evaluate(name, scope, runtime))
}

const typeOf = (value: Value): string | null => (value instanceof TypeLiteral ? value.name : null)

async function member({ target, name, isStatic }: Of<'member'>, scope: Scope, runtime: Runtime): Promise<Value> {
  const object = await evaluate(target, scope, runtime)
  const key = await nameOf(name, scope, runtime)
  if (!isStatic) return readProperty(object, key)
  const type = typeOf(object)
  if (type === null) throw new Unknown(`static members of values (::${key})`)
  return readStatic(type, key, runtime)
}

async function call(expression: Of<'call'>, scope: Scope, runtime: Runtime): Promise<Value> {
  const object = await evaluate(expression.target, scope, runtime)
  const key = await nameOf(expression.name, scope, runtime)
  const args: Value[] = []
  for (const argument of expression.arguments) args.push(await evaluate(argument, scope, runtime))
  try {
    const type = expression.isStatic ? typeOf(object) : null
    if (type !== null) return await callStatic(type, key, args, runtime)
    if (object instanceof ScriptBlock && /^(invoke|invokereturnasis)$/i.test(key)) {
      return collapse(await runtime.gather(object, { arguments: args, scope }))
    }
    return await callMethod(object, key, args)
  } catch (error) {
    if (error instanceof WindowsError) throw windowsFailure(error, object, key, args)
    throw error
  }
}

/** COM reports an HRESULT as the exception itself; .NET wraps it into one of its own. */
function windowsFailure({ code, message }: WindowsError, object: Value, method: string, args: Value[]) {
  if (!(object instanceof NetObject) || !object.typeName.startsWith('System.__ComObject')) {
    return methodFailure(method, args, 'System.ComponentModel.Win32Exception', message, code | 0)
  }
  const hex = `0x${code.toString(16).toUpperCase().padStart(8, '0')}`
  const known = KNOWN_EXCEPTIONS[code]
  return failure({
    message: known === undefined ? `${message} (Exception from HRESULT: ${hex})` : message,
    type: known ?? 'System.Runtime.InteropServices.COMException',
    hresult: code | 0,
    id: known ?? 'System.Runtime.InteropServices.COMException',
    category: 'OperationStopped',
  })
}

/** HRESULTs for which .NET has an exception type of its own. */
const KNOWN_EXCEPTIONS: Record<number, string> = {
  2147942402: 'System.IO.FileNotFoundException',
  2147942403: 'System.IO.DirectoryNotFoundException',
  2147942405: 'System.UnauthorizedAccessException',
  2147942487: 'System.ArgumentException',
}

async function cast({ type, operand }: Of<'cast'>, scope: Scope, runtime: Runtime): Promise<Value> {
  const value = await evaluate(operand, scope, runtime)
  if (/^void$/i.test(type)) return NOTHING
  if (/^scriptblock$/i.test(type))
    return value instanceof ScriptBlock ? value : await callStatic('scriptblock', 'Create', [value], runtime)
  if (/^(Management\.Automation\.)?pscredential$/i.test(type)) return value
  return convert(type, value, runtime.context.timeZoneMinutes)
}

/** Variables that PowerShell itself sets. */
const AUTOMATIC: Record<string, (runtime: Runtime) => Value> = {
  true: () => true,
  false: () => false,
  null: () => null,
  '?': ({ session }) => session.succeeded,
  lastexitcode: ({ session }) => session.lastExitCode,
  error: ({ session }) => session.errors.map((record) => record.value),
  pid: ({ context }) => context.pid ?? null,
  pshome: () => 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0',
  home: ({ context }) => variable(context.environment, 'USERPROFILE') ?? `C:\\Users\\${context.user.name}`,
  pwd: ({ context }) => `C:\\Users\\${context.user.name}`,
  psversiontable: () => {
    const table = new Hashtable()
    const version = new PsObject({ Major: 5, Minor: 1, Build: 20348, Revision: 2031 }, { typeName: 'System.Version' })
    table.set('PSVersion', version)
    table.set('PSEdition', 'Desktop')
    return table
  },
}

function readVariable(name: string, scope: Scope, { context, session }: Runtime): Value {
  const [prefix, rest] = splitScope(name)
  if (prefix === 'env') return variable(context.environment, rest)
  const automatic = AUTOMATIC[rest.toLowerCase()]
  if (automatic !== undefined && Object.hasOwn(AUTOMATIC, rest.toLowerCase()))
    return automatic({ context, session } as Runtime)
  return (prefix === 'global' || prefix === 'script' ? scope.global : scope).get(rest) ?? null
}

function splitScope(name: string): [string, string] {
  const colon = name.indexOf(':')
  return colon === -1 ? ['', name] : [name.slice(0, colon).toLowerCase(), name.slice(colon + 1)]
}

function writeVariable(name: string, value: Value, scope: Scope, { context, session }: Runtime): void {
  const [prefix, rest] = splitScope(name)
  const key = rest.toLowerCase()
  if (prefix === 'env') {
    const known = Object.keys(context.environment).find((one) => one.toLowerCase() === key) ?? rest
    context.environment[known] = toText(value)
  } else if (key === 'lastexitcode') session.lastExitCode = value === null ? null : toNumber(value)
  else if (key === 'null') return
  else if (Object.hasOwn(AUTOMATIC, key)) {
    throw failure({
      message: `Cannot overwrite variable ${rest} because it is read-only or constant.`,
      id: 'VariableNotWritable',
      category: 'WriteError',
    })
  } else (prefix === 'global' || prefix === 'script' ? scope.global : scope).set(rest, value)
}

/** Puts a value where an expression points. */
export async function assign(target: Expression, value: Value, scope: Scope, runtime: Runtime): Promise<void> {
  switch (target.kind) {
    case 'variable':
      return writeVariable(target.name, value, scope, runtime)
    case 'cast':
      return await assign(target.operand, convert(target.type, value, runtime.context.timeZoneMinutes), scope, runtime)
    case 'member':
      if (target.isStatic) {
        if (
          target.target.kind === 'type' &&
          /^(Console|Net\.ServicePointManager)$/i.test(new TypeLiteral(target.target.name).name)
        )
          return
        throw new Unknown('assignments to static members')
      }
      return await writeProperty(
        await evaluate(target.target, scope, runtime),
        await nameOf(target.name, scope, runtime),
        value,
      )
    case 'index':
      return writeIndex(
        await evaluate(target.target, scope, runtime),
        await evaluate(target.index, scope, runtime),
        value,
      )
    case 'list': {
      const items = Array.isArray(value) ? value : [value]
      for (const [index, item] of target.items.entries()) {
        const isLast = index === target.items.length - 1
        await assign(
          item,
          isLast && items.length > index + 1 ? items.slice(index) : (items[index] ?? null),
          scope,
          runtime,
        )
      }
      return
    }
    default:
      throw failure({
        message: 'The assignment expression is not valid.',
        id: 'InvalidLeftHandSide',
        category: 'ParserError',
      })
  }
}
