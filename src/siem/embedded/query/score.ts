/** Relevance by BM25, with Lucene's constants and its lossy lengths. */
import type { Column } from '../store/column.ts'

const K1 = 1.2
const B = 0.75

/** Lengths up to this are kept exactly. */
const EXACT_LENGTHS = 24

/** A length as it comes back from the one byte it is kept in: four significant bits. */
function keptLength(length: number): number {
  if (length < EXACT_LENGTHS) return length
  const rest = length - EXACT_LENGTHS
  const shift = Math.max(0, 32 - Math.clz32(rest) - 4)
  return EXACT_LENGTHS + ((rest >>> shift) << shift)
}

/** How rare something is that `having` of the field's documents have. */
export const rarity = (column: Column, having: number): number =>
  Math.log(1 + (Math.max(column.count, having) - having + 0.5) / (having + 0.5))

/** Score of a document in which something of this rarity occurs so often. */
export function bm25(column: Column, document: number, rare: number, frequency: number): number {
  const values = column.at(document) ?? []
  const analysed = column.field.type.family === 'text'
  let length = analysed ? 0 : 1
  if (analysed) for (const value of values) length += (value as string[]).length
  const average = column.count === 0 ? 1 : column.tokens / column.count
  const saturation = K1 * (1 - B + (B * keptLength(length)) / average)
  return (K1 + 1) * rare * (frequency / (frequency + saturation))
}
