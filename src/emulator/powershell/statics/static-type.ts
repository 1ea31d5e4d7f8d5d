/** The form of the tables of static members, by names in lower case. */
import type { Runtime } from '../runtime.ts'
import { toText, type Value } from '../values.ts'

export interface StaticType {
  properties?: Record<string, (runtime: Runtime) => Value>
  methods?: Record<string, (args: Value[], runtime: Runtime) => Value | Promise<Value>>
  /** What `New-Object` and `::new()` do. */
  create?: (args: Value[], runtime: Runtime) => Value
}

/** An argument as text; a missing one is empty. */
export const text = (args: Value[], index: number): string => toText(args[index] ?? null)
