/** Which cases of a `switch` take a value. */
import { equal } from './operators.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import type { Expression } from './syntax/ast.ts'
import { collapse, toBoolean, toText, type Value } from './values.ts'
import { wildcard } from './wildcard.ts'

/** `mode`: the switch's own parameter, such as `wildcard`; without one, texts are compared whole. */
export async function takesCase(
  match: Expression,
  item: Value,
  mode: string,
  scope: Scope,
  runtime: Runtime,
): Promise<boolean> {
  if (match.kind === 'script-block') return toBoolean(collapse(await runtime.collect(match.body.statements, scope)))
  const wanted = await runtime.evaluate(match, scope)
  if (mode === 'wildcard') return wildcard(toText(wanted)).test(toText(item))
  if (mode === 'regex') return new RegExp(toText(wanted), 'iu').test(toText(item))
  return equal(item, wanted, mode === 'casesensitive')
}
