/** `_field_caps`: which fields indices have, and as what. */

import { ElasticsearchError } from '../errors.ts'
import { type Answer, type ApiRequest, objectBody } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { simplePattern } from '../query/values.ts'
import { indexOptions } from '../store/names.ts'
import type { Store } from '../store/store.ts'
import type { StoredIndex } from '../store/stored-index.ts'

interface Capability {
  type: string
  metadata_field: boolean
  searchable: boolean
  aggregatable: boolean
}

/** Fields that every document has. */
const META: Record<string, Capability> = Object.fromEntries(
  (
    [
      ['_id', '_id', true, false],
      ['_index', '_index', true, true],
      ['_source', '_source', false, false],
      ['_version', '_version', false, true],
      ['_seq_no', '_seq_no', true, true],
      ['_doc_count', 'integer', false, false],
      ['_index_mode', '_index_mode', true, true],
      ['_ignored_source', '_ignored_source', false, false],
      ['_data_stream_timestamp', '_data_stream_timestamp', false, false],
      ['_routing', '_routing', true, false],
      ['_field_names', '_field_names', true, false],
      ['_ignored', '_ignored', true, true],
      ['_nested_path', '_nested_path', true, false],
    ] as const
  ).map(([name, type, searchable, aggregatable]) => [name, { type, metadata_field: true, searchable, aggregatable }]),
)

export function fieldCapsRoutes(routes: Routes, store: Store): void {
  for (const path of ['/_field_caps', '/:index/_field_caps']) {
    routes.add('elasticsearch', 'GET|POST', path, (request) => fieldCaps(store, request))
  }
}

function fieldCaps(store: Store, request: ApiRequest): Answer {
  const body = objectBody(request)
  const wanted = [body.fields ?? request.parameters.get('fields')?.split(',') ?? []].flat().map(String)
  if (wanted.length === 0) {
    throw new ElasticsearchError(
      400,
      'action_request_validation_exception',
      'Validation Failed: 1: no fields specified;',
    )
  }
  const indices = store.resolve(request.params.index ?? '', indexOptions(request.parameters))
  const patterns = wanted.map(simplePattern)
  const fields = new Map<string, Map<string, { capability: Capability; indices: string[] }>>()
  for (const index of indices) {
    const capabilities = new Map(capabilitiesOf(index))
    const asked = [...capabilities.keys()].filter((name) => patterns.some((pattern) => pattern.test(name)))
    for (const name of withParents(asked, capabilities)) {
      const capability = capabilities.get(name)!
      const types = fields.get(name) ?? new Map<string, { capability: Capability; indices: string[] }>()
      fields.set(name, types)
      const known = types.get(capability.type)
      if (known === undefined) types.set(capability.type, { capability, indices: [index.name] })
      else known.indices.push(index.name)
    }
  }
  const shown = [...fields].map(([name, types]) => [name, Object.fromEntries(shownTypes(types))] as const)
  return { body: { indices: indices.map(({ name }) => name), fields: Object.fromEntries(shown) } }
}

/** The names with the objects that hold them. */
function withParents(names: readonly string[], capabilities: ReadonlyMap<string, Capability>): Set<string> {
  const all = new Set(names)
  for (const name of names) {
    for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
      const parent = capabilities.get(name.slice(0, dot))
      if (parent?.type === 'object' || parent?.type === 'nested') all.add(name.slice(0, dot))
    }
  }
  return all
}

/** One entry a type; where types differ, each says in which indices. */
function* shownTypes(types: Map<string, { capability: Capability; indices: string[] }>): Iterable<[string, object]> {
  for (const [type, { capability, indices }] of types) {
    yield [type, { ...capability, ...(types.size > 1 ? { indices } : {}) }]
  }
}

function* capabilitiesOf({ mapping }: StoredIndex): Iterable<[string, Capability]> {
  yield* Object.entries(META)
  for (const { path, nested, enabled } of mapping.objects()) {
    if (!enabled) continue
    yield [path, { type: nested ? 'nested' : 'object', metadata_field: false, searchable: false, aggregatable: false }]
  }
  for (const [path, { typeName, type, parameters }] of mapping.fields()) {
    const family = typeName === 'wildcard' || typeName === 'constant_keyword' ? 'keyword' : type.family
    yield [
      path,
      {
        type: family,
        metadata_field: false,
        searchable: type.searchable && parameters.index !== false,
        aggregatable: type.docValues && parameters.doc_values !== false,
      },
    ]
  }
}
