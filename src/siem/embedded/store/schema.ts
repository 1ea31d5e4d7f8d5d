/** The fields of indices in the form that detection languages ask for. */
import { type FieldSchema, schemaOf } from '../../../language/schema.ts'
import type { StoredIndex } from './stored-index.ts'

const known = new WeakMap<StoredIndex, { generation: number; schema: FieldSchema }>()

function schemaOfIndex(index: StoredIndex): FieldSchema {
  const cached = known.get(index)
  if (cached?.generation === index.mapping.generation) return cached.schema
  const schema = schemaOf(index.mapping.toJSON() as Parameters<typeof schemaOf>[0])
  known.set(index, { generation: index.mapping.generation, schema })
  return schema
}

/** The schema of several indices together; for a field in more than one, the first counts. */
export function indexSchema(indices: readonly StoredIndex[]): FieldSchema {
  if (indices.length === 1) return schemaOfIndex(indices[0]!)
  const merged = new Map<string, NonNullable<ReturnType<FieldSchema['get']>>>()
  for (const index of indices) {
    for (const [name, info] of schemaOfIndex(index)) if (!merged.has(name)) merged.set(name, info)
  }
  return merged
}
