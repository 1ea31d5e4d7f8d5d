/** The fields that an EQL search sees over all its indices, runtime fields included. */
import type { FieldInfo, FieldSchema } from '../../../language/schema.ts'
import { valuesOf } from '../../../model/event.ts'
import { Mapping } from '../mapping/mapping.ts'
import { indexSchema } from '../store/schema.ts'
import type { StoredIndex } from '../store/stored-index.ts'

type Source = Record<string, unknown>

export interface SearchFields {
  schema: FieldSchema
  /** Runtime fields as a mapping of their own; null when there are none. */
  runtime: Mapping | null
  /** A document as the schema reads it. */
  view(index: StoredIndex, source: Source): Source
}

/** Throws `mapper_parsing_exception` (400) for a runtime field of a type that there is not. */
export function searchFields(
  indices: readonly StoredIndex[],
  runtimeFields: ReadonlyMap<string, { type: string }>,
): SearchFields {
  const schema = new Map(indexSchema(indices))
  const runtime =
    runtimeFields.size === 0 ? null : new Mapping({ properties: Object.fromEntries(runtimeFields.entries()) })
  for (const [name, { type }] of runtimeFields) schema.set(name, { type })
  const moved = fieldsThatMove(indices, runtimeFields)
  for (const name of moved) schema.set(name, { ...(schema.get(name) as FieldInfo), path: name })
  return { schema, runtime, view: (index, source) => (moved.length === 0 ? source : viewOf(index, source, moved)) }
}

/** Fields that lie elsewhere in the documents of one index than in those of another: aliases in some of them. */
function fieldsThatMove(indices: readonly StoredIndex[], runtime: ReadonlyMap<string, unknown>): string[] {
  const paths = new Map<string, string>()
  const moved = new Set<string>()
  for (const index of indices) {
    for (const [name, { path = name }] of indexSchema([index])) {
      if (runtime.has(name)) continue
      const known = paths.get(name)
      if (known === undefined) paths.set(name, path)
      else if (known !== path) moved.add(name)
    }
  }
  return [...moved]
}

function viewOf(index: StoredIndex, source: Source, names: readonly string[]): Source {
  const schema = indexSchema([index])
  const view = { ...source }
  for (const name of names) {
    const path = schema.get(name)?.path
    if (path !== undefined) view[name] = valuesOf(source, path)
  }
  return view
}
