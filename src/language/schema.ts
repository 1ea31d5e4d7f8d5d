/** What is known of the fields that queries read: their types, and where their values lie in documents. */

/** One field of a mapping. */
export interface FieldInfo {
  /** The mapping's type, such as `keyword`, `long`, `ip`; `object` for one that only holds others. */
  type: string
  /** Path of its values in documents, when it is another: aliases and sub-fields. */
  path?: string
  /** `text`: the name of the sub-field with the exact value, when there is one. */
  exact?: string
  /** Its values are indexed otherwise than they are written, so that they cannot be compared as a whole. */
  normalized?: boolean
  /** Value that stands for null. */
  nullValue?: unknown
  /** Its types, where indices contradict each other: `mapped as [2] incompatible types: …`. */
  ambiguity?: string
}

/** Fields by name. A field that is not there is unmapped. */
export type FieldSchema = ReadonlyMap<string, FieldInfo>

interface Mapping {
  type?: string
  path?: string
  null_value?: unknown
  normalizer?: string
  properties?: Record<string, Mapping>
  fields?: Record<string, Mapping>
}

/** The schema of one or more Elasticsearch mappings (`{properties: …}`); for a field in several, the first counts. */
export function schemaOf(...mappings: Mapping[]): FieldSchema {
  const schema = new Map<string, FieldInfo>()
  const aliases: [name: string, path: string][] = []
  const add = (name: string, info: FieldInfo) => schema.has(name) || schema.set(name, info)
  const walk = (properties: Record<string, Mapping>, prefix: string) => {
    for (const [key, mapping] of Object.entries(properties)) {
      const name = prefix + key
      if (mapping.type === 'alias') {
        aliases.push([name, mapping.path ?? ''])
        continue
      }
      const info: FieldInfo = { type: mapping.type ?? 'object' }
      if (mapping.null_value !== undefined) info.nullValue = mapping.null_value
      if (mapping.normalizer !== undefined) info.normalized = true
      for (const [sub, field] of Object.entries(mapping.fields ?? {})) {
        const normalized = field.normalizer !== undefined
        add(`${name}.${sub}`, { type: field.type ?? 'keyword', path: name, ...(normalized ? { normalized } : {}) })
        if (info.type === 'text' && info.exact === undefined && isExactText(field.type) && !normalized)
          info.exact = `${name}.${sub}`
      }
      add(name, info)
      if (mapping.properties !== undefined) walk(mapping.properties, `${name}.`)
    }
  }
  for (const { properties } of mappings) if (properties !== undefined) walk(properties, '')
  for (const [name, path] of aliases) {
    const target = schema.get(path)
    if (target !== undefined) add(name, { path, ...target })
  }
  return schema
}

const isExactText = (type: string | undefined) =>
  type === 'keyword' || type === 'wildcard' || type === 'constant_keyword'

/** Types of ECS fields by the last part of their name, for documents whose mapping nobody gave. */
const ECS_TYPES: [pattern: RegExp, type: string][] = [
  [/(^|\.)(ip|nat\.ip)$/, 'ip'],
  [/(^|\.)port$/, 'long'],
  [/(^|\.)(pid|ppid|bytes|packets|opnum|exit_code|severity|risk_score|sequence)$/, 'long'],
  [/(^@timestamp|^event\.(created|ingested|start|end))$/, 'date'],
]

/** The type that ECS gives a field of this name; `unknown` values are compared as what they are. */
export function ecsType(name: string): string {
  return ECS_TYPES.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown'
}
