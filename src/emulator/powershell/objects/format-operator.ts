/** .NET's composite formats: `'{0,-8}|{1:N2}' -f 'a', 2`. */
import { failure } from '../errors.ts'
import { DateTime, toText, type Value } from '../values.ts'
import { formatDate } from './date-format.ts'

export function formatValue(format: string, values: Value[]): string {
  return format.replace(
    /\{\{|\}\}|\{(\d+)(?:,(-?\d+))?(?::([^}]*))?\}/g,
    (whole: string, index?: string, width?: string, pattern?: string): string => {
      if (index === undefined) return whole[0]!
      if (Number(index) >= values.length) {
        throw failure({
          message:
            'Error formatting a string: Index (zero based) must be greater than or equal to zero and less than the size of the argument list..',
          id: 'FormatError',
          category: 'InvalidOperation',
        })
      }
      const text = one(values[Number(index)]!, pattern ?? '')
      const room = Number(width ?? 0)
      return room < 0 ? text.padEnd(-room) : text.padStart(room)
    },
  )
}

function one(value: Value, pattern: string): string {
  if (value instanceof DateTime) return formatDate(value, pattern === '' ? 'G' : pattern)
  return typeof value === 'number' && pattern !== '' ? formatNumber(value, pattern) : toText(value)
}

/** `D4`, `X8`, `N2`, `F1`, `P0`, and zeros such as `000`. */
export function formatNumber(value: number, pattern: string): string {
  const [, letter = '', digits = ''] = /^([A-Za-z])(\d*)$/.exec(pattern) ?? []
  const places = digits === '' ? 2 : Number(digits)
  switch (letter.toLowerCase()) {
    case 'd':
      return (value < 0 ? '-' : '') + String(Math.abs(value)).padStart(Number(digits || 0), '0')
    case 'x': {
      const hex = (value < 0 ? value >>> 0 : value).toString(16).padStart(Number(digits || 0), '0')
      return letter === 'X' ? hex.toUpperCase() : hex
    }
    case 'n':
      return value.toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places })
    case 'f':
      return value.toFixed(places)
    case 'p':
      return `${(value * 100).toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places })} %`
    default:
      return /^0+$/.test(pattern) ? String(Math.round(value)).padStart(pattern.length, '0') : String(value)
  }
}
