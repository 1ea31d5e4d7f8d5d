/** The fields of indices in the form that detection languages ask for. */
import { type FieldInfo, type FieldSchema, schemaOf } from '../../../language/schema.ts'
import type { StoredIndex } from './stored-index.ts'

const known = new WeakMap<StoredIndex, { generation: number; schema: FieldSchema }>()

function schemaOfIndex(index: StoredIndex): FieldSchema {
  const cached = known.get(index)
  if (cached?.generation === index.mapping.generation) return cached.schema
  const schema = schemaOf(index.mapping.toJSON() as Parameters<typeof schemaOf>[0])
  known.set(index, { generation: index.mapping.generation, schema })
  return schema
}

/** Types of one family make one field, as in Elasticsearch's field capabilities. */
const FAMILIES: Readonly<Record<string, string>> = {
  constant_keyword: 'keyword',
  wildcard: 'keyword',
  match_only_text: 'text',
}

const familyOf = (type: string) => FAMILIES[type] ?? type

/** The schema of several indices together. For a field in more than one the first counts; other types make it ambiguous. */
export function indexSchema(indices: readonly StoredIndex[]): FieldSchema {
  if (indices.length === 1) return schemaOfIndex(indices[0]!)
  const merged = new Map<string, FieldInfo>()
  const types = new Map<string, Map<string, string[]>>()
  for (const index of indices) {
    for (const [name, info] of schemaOfIndex(index)) {
      const known = merged.get(name)
      if (known === undefined) merged.set(name, info)
      else if (known.exact === undefined && info.exact !== undefined) merged.set(name, { ...known, exact: info.exact })
      const byType = types.get(name) ?? new Map<string, string[]>()
      types.set(name, byType)
      const family = familyOf(info.type)
      byType.set(family, [...(byType.get(family) ?? []), index.name])
    }
  }
  for (const [name, byType] of types) {
    if (byType.size > 1) merged.set(name, { ...merged.get(name)!, ambiguity: ambiguityOf(byType) })
  }
  return merged
}

function ambiguityOf(byType: ReadonlyMap<string, string[]>): string {
  const list = [...byType]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, indices]) => `[${type}] in [${indices.join(', ')}]`)
  return `mapped as [${byType.size}] incompatible types: ${list.join(', ')}`
}
