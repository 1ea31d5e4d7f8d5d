/** The values that aggregations count: of a field, in the documents of one index. */
import { illegalArgument } from '../../errors.ts'
import type { Shard } from '../../query/matcher.ts'
import type { Column } from '../../store/column.ts'
import { fieldDataDisabled } from '../sort.ts'

export type Key = string | number | bigint | boolean

/** Documents of one index. */
export interface Part {
  shard: Shard
  documents: readonly number[]
}

/** The column of a field for counting, undefined where the mapping has none. Throws for analysed text. */
export function columnFor({ index }: Shard, field: string): Column | undefined {
  const column = index.column(field)
  if (column !== undefined && !column.field.type.docValues) throw fieldDataDisabled(field, index.name)
  return column
}

export function fieldName(type: string, body: Readonly<Record<string, unknown>>): string {
  if (typeof body.field === 'string') return body.field
  throw illegalArgument(`Required one of fields [field, script], but none were specified. ([${type}])`)
}

/** Calls back with each value of each document. */
export function eachValue(parts: readonly Part[], field: string, see: (value: Key, column: Column) => void): void {
  for (const { shard, documents } of parts) {
    const column = columnFor(shard, field)
    if (column === undefined) continue
    for (const document of documents) for (const value of column.at(document) ?? []) see(value as Key, column)
  }
}
