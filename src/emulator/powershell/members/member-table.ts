/** The form of the member tables: what values of one type have. */
import { toText, type Value } from '../values.ts'

/** Names in lower case: PowerShell tells none apart by case. */
export interface Members<T> {
  properties?: Record<string, (value: T) => Value>
  methods?: Record<string, (value: T, args: Value[]) => Value>
}

/** An argument as text. */
export const text = (args: Value[], index: number, fallback = ''): string =>
  index < args.length ? toText(args[index]!) : fallback
