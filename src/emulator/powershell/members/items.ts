/** `value[index]`, read and written. */
import { toNumber } from '../conversions.ts'
import { failure } from '../errors.ts'
import { Hashtable, NetObject, typeNameOf, type Value } from '../values.ts'

export function readIndex(target: Value, index: Value): Value {
  if (target === null) {
    throw failure({
      message: 'Cannot index into a null array.',
      id: 'NullArray',
      category: 'InvalidOperation',
      reason: 'RuntimeException',
    })
  }
  if (Array.isArray(index) && !(target instanceof Hashtable)) return index.map((one) => readIndex(target, one))
  if (target instanceof Hashtable) return Array.isArray(index) ? index.map((one) => target.get(one)) : target.get(index)
  if (typeof target === 'string') return [...target].at(toNumber(index)) ?? null
  if (Array.isArray(target) || target instanceof Uint8Array) return target.at(toNumber(index)) ?? null
  if (target instanceof NetObject && target.methods.has('item')) return target.methods.get('item')!([index]) as Value
  if (target instanceof NetObject && target.items !== undefined) return target.items().at(toNumber(index)) ?? null
  throw failure({
    message: `Unable to index into an object of type ${typeNameOf(target)}.`,
    id: 'CannotIndex',
    category: 'InvalidOperation',
    reason: 'RuntimeException',
  })
}

export function writeIndex(target: Value, index: Value, value: Value): void {
  if (target instanceof Hashtable) {
    target.set(index, value)
    return
  }
  if (Array.isArray(target)) {
    const at = toNumber(index)
    if (at < -target.length || at >= target.length) {
      throw failure({
        message: 'Index was outside the bounds of the array.',
        type: 'System.IndexOutOfRangeException',
        id: 'System.IndexOutOfRangeException',
        category: 'OperationStopped',
      })
    }
    target[at < 0 ? target.length + at : at] = value
    return
  }
  if (target instanceof Uint8Array) {
    target[toNumber(index)] = toNumber(value)
    return
  }
  throw failure({
    message: `Unable to index into an object of type ${typeNameOf(target)}.`,
    id: 'CannotIndex',
    category: 'InvalidOperation',
  })
}
