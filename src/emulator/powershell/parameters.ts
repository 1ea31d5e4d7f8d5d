/** Gives the parameters of a script block or function their values. */
import { convert } from './conversions.ts'
import { failure } from './errors.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import type { ScriptBlock, Value } from './values.ts'

/** Named ones first, then by position; what is left over is `$args`. Throws for a mandatory one without a value. */
export async function bindParameters(
  block: ScriptBlock,
  { args, named, scope }: { args: Value[]; named: Map<string, Value>; scope: Scope },
  runtime: Runtime,
): Promise<void> {
  const left = [...args]
  const unused = new Map([...named].map(([name, value]) => [name.toLowerCase(), value]))
  for (const parameter of block.body.parameters) {
    const key = parameter.name.toLowerCase()
    const isSwitch = /^switch(parameter)?$/i.test(parameter.type ?? '')
    let value: Value
    if (unused.has(key)) value = unused.get(key)!
    else if (!isSwitch && left.length > 0) value = left.shift()!
    else if (parameter.isMandatory) {
      throw failure({
        message: `Cannot process command because of one or more missing mandatory parameters: ${parameter.name}.`,
        category: 'InvalidArgument',
        id: 'MissingMandatoryParameter',
      })
    } else
      value = parameter.default === null ? (isSwitch ? false : null) : await runtime.evaluate(parameter.default, scope)
    unused.delete(key)
    const typed =
      parameter.type === null || value === null
        ? value
        : convert(parameter.type, value, runtime.context.timeZoneMinutes)
    scope.set(parameter.name, typed)
  }
  scope.set('args', [...left, ...[...unused].flatMap(([name, value]) => [`-${name}`, value])])
  scope.set('psboundparameters', null)
}
