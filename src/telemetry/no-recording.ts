/** What is said of an input that has no events at all, in place of what is wrong with its parts. */
import type { InputProblem } from './readers/damage.ts'
import type { InputFormat } from './readers/unpack.ts'
import type { Json } from './shapes/shape.ts'

/** Bytes of an input's beginning that are shown, one a character. */
export const BEGIN_SHOWN = 40
/** Of them, where they are no text. */
const BYTES_SHOWN = 16

/** How texts with records begin, also after a mark or zeros. What begins otherwise has none that were damaged. */
const LIKE_RECORDS = /^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0,]*(\[[\s\0,[]*)?([{\]]|$)/
const TEXT = /^[\s\x20-\x7e]*$/

/** Records of no known shape. */
interface Strangers {
  first: Json | null
  count: number
}

/** Null when its parts say best what is wrong. `begin`: the first bytes, read as Latin-1. */
export function noRecording(begin: string, format: InputFormat, { first, count }: Strangers): InputProblem | null {
  const isLikeRecords = format === 'json' && LIKE_RECORDS.test(begin)
  // Among enough bytes of any kind lie two that are an object.
  if (first !== null && (isLikeRecords || Object.keys(first).length > 0)) {
    return { message: unknownShape(first, count), record: 1, offset: 0 }
  }
  if (isLikeRecords || format !== 'json') return null
  return { message: `no recording: it begins with ${shownBegin(begin)}`, record: null, offset: 0 }
}

function shownBegin(begin: string): string {
  if (TEXT.test(begin)) return JSON.stringify(begin)
  const bytes = Buffer.from(begin, 'latin1').subarray(0, BYTES_SHOWN)
  return `the bytes ${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`
}

const KEYS_SHOWN = 8

function unknownShape(record: Json, count: number): string {
  const keys = Object.keys(record)
  const shown = keys.slice(0, KEYS_SHOWN).join(', ')
  const more = keys.length > KEYS_SHOWN ? ` and ${keys.length - KEYS_SHOWN} more` : ''
  const records = count === 1 ? 'the one record has' : `none of the ${count} records has`
  const seen = keys.length === 0 ? 'it has no fields' : `the first has the fields ${shown}${more}`
  return `unknown shape: ${count === 1 ? `${records} no shape that is known` : `${records} a shape that is known`}; ${seen}`
}
