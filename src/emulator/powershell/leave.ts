/** What `throw` and `exit` leave with, and which `catch` takes what was thrown. */
import { toNumber } from './conversions.ts'
import { ErrorRecord, PsThrow } from './errors.ts'
import { NetObject, toText, typeNameOf, type Value } from './values.ts'

/** What `throw` makes of a value; an error that is thrown again stays itself. */
export function thrown(given: Value, position: ErrorRecord['position']): PsThrow {
  if (given instanceof NetObject && given.native instanceof ErrorRecord) return new PsThrow(given.native, 'script')
  const message =
    given === null
      ? 'ScriptHalted'
      : given instanceof NetObject && given.properties.has('message')
        ? toText(given.properties.get('message')!.get!())
        : toText(given)
  const record = new ErrorRecord({
    message,
    category: 'OperationStopped',
    id: message,
    target: typeof given === 'string' ? given : null,
    ...(given instanceof NetObject ? { type: given.typeName } : { reason: 'RuntimeException' }),
  })
  record.position = position
  return new PsThrow(record, 'script')
}

/** Whether a catch block for `type` takes the error. */
export function isType(record: ErrorRecord, type: string): boolean {
  const wanted = type.replace(/^System\./i, '').toLowerCase()
  if (wanted === 'exception' || wanted === 'management.automation.runtimeexception') return true
  const types = [record.type, record.details.inner === undefined ? '' : typeNameOf(record.details.inner)]
  return types.some((name) => name.replace(/^System\./, '').toLowerCase() === wanted)
}

/** The exit code of `exit value`. */
export const exitCodeOf = (value: Value): number => {
  if (value === null) return 0
  try {
    return toNumber(value) | 0
  } catch {
    // `exit 'text'` is no number: PowerShell leaves with 0.
    return 0
  }
}
