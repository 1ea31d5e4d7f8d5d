/** Indices: create, delete, mapping, settings, aliases, refresh, data streams, what there is. */
import { ElasticsearchError, illegalArgument, indexNotFound } from '../errors.ts'
import { type Answer, type ApiRequest, objectBody } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import type { MappingSource } from '../mapping/mapping.ts'
import { indexOptions, SEARCH_OPTIONS } from '../store/names.ts'
import { flatSettings, shownSettings } from '../store/settings.ts'
import type { Store } from '../store/store.ts'
import type { StoredIndex } from '../store/stored-index.ts'
import type { IndexDefinition } from '../store/templates.ts'

const ACKNOWLEDGED: Answer = { body: { acknowledged: true } }

/** Reading an index by name shows it even when it is hidden from searches by wildcard. */
const READ = { ...SEARCH_OPTIONS, allowNoIndices: true }

export function indexRoutes(routes: Routes, store: Store): void {
  const add = (methods: string, path: string, handler: (request: ApiRequest) => Answer) =>
    routes.add('elasticsearch', methods, path, handler)
  const of = ({ params, parameters }: ApiRequest) => store.resolve(params.index ?? '', indexOptions(parameters, READ))

  add('PUT', '/:index', (request) => create(store, request))
  add('HEAD', '/:index', (request) => ({ status: exists(store, request) ? 200 : 404, body: '' }))
  add('GET', '/:index', (request) => ({ body: byName(of(request), (index) => described(index)) }))
  add('DELETE', '/:index', (request) => remove(store, request))
  for (const path of ['/:index/_mapping', '/_mapping']) {
    add('GET', path, (request) => ({ body: byName(of(request), ({ mapping }) => ({ mappings: mapping.toJSON() })) }))
  }
  add('PUT|POST', '/:index/_mapping', (request) => {
    const indices = store.resolve(request.params.index ?? '', { ...READ, allowNoIndices: false })
    for (const index of indices) store.updateMapping(index, objectBody(request) as MappingSource)
    return ACKNOWLEDGED
  })
  add('GET', '/:index/_settings', (request) => ({ body: byName(of(request), (index) => settingsOf(index)) }))
  add('PUT', '/:index/_settings', (request) => {
    for (const index of of(request)) store.updateSettings(index, flatSettings(objectBody(request)))
    return ACKNOWLEDGED
  })
  for (const path of ['/_refresh', '/:index/_refresh', '/_flush', '/:index/_flush']) {
    add('GET|POST', path, (request) => {
      const indices = store.resolve(
        request.params.index ?? '',
        indexOptions(request.parameters, { ...READ, hidden: true }),
      )
      const total = indices.reduce((sum, { settings }) => sum + 1 + Number(settings.number_of_replicas ?? 1), 0)
      return { body: { _shards: { total, successful: indices.length, failed: 0 } } }
    })
  }
  add('GET', '/_resolve/index/:index', (request) => resolved(store, request))
  add('GET', '/_cat/indices', (request) => catIndices(store, request))
  add('GET', '/_cat/indices/:index', (request) => catIndices(store, request))
  add('PUT', '/_data_stream/:name', (request) => createDataStream(store, request.params.name!))
  add('GET', '/_data_stream', () => dataStreams(store, '*'))
  add('GET', '/_data_stream/:name', ({ params }) => dataStreams(store, params.name!))
  add('DELETE', '/_data_stream/:name', ({ params }) => {
    for (const index of store.resolve(params.name!, { ...READ, hidden: true })) {
      if (index.dataStream !== null) store.deleteIndex(index.name)
    }
    return ACKNOWLEDGED
  })
}

const byName = <T>(indices: readonly StoredIndex[], view: (index: StoredIndex) => T): Record<string, T> =>
  Object.fromEntries(indices.map((index) => [index.name, view(index)]))

function create(store: Store, request: ApiRequest): Answer {
  const name = request.params.index!
  const body = objectBody(request)
  const unknown = Object.keys(body).find((key) => !['settings', 'mappings', 'aliases'].includes(key))
  if (unknown !== undefined) {
    throw new ElasticsearchError(400, 'parse_exception', `unknown key [${unknown}] for create index`)
  }
  store.createIndex(name, body as IndexDefinition)
  return { body: { acknowledged: true, shards_acknowledged: true, index: name } }
}

function exists(store: Store, { params, parameters }: ApiRequest): boolean {
  try {
    return store.resolve(params.index!, indexOptions(parameters, READ)).length > 0
  } catch (error) {
    if (error instanceof ElasticsearchError && error.status === 404) return false
    throw error
  }
}

function remove(store: Store, { params, parameters }: ApiRequest): Answer {
  const name = params.index!
  if (store.dataStreams.has(name)) {
    throw illegalArgument(
      `The provided expression [${name}] matches a data stream, specify the corresponding concrete indices instead.`,
    )
  }
  for (const index of store.resolve(name, indexOptions(parameters, READ))) {
    if (index.aliases.has(name)) {
      throw illegalArgument(
        `The provided expression [${name}] matches an alias, specify the corresponding concrete indices instead.`,
      )
    }
    store.deleteIndex(index.name)
  }
  return ACKNOWLEDGED
}

function settingsOf(index: StoredIndex) {
  const { settings, uuid, name, created } = index
  return {
    settings: {
      index: shownSettings({
        number_of_shards: '1',
        number_of_replicas: '1',
        ...settings,
        uuid,
        provided_name: name,
        creation_date: created,
      }),
    },
  }
}

const described = (index: StoredIndex) => ({
  aliases: Object.fromEntries(index.aliases),
  mappings: index.mapping.toJSON(),
  ...settingsOf(index),
  ...(index.dataStream === null ? {} : { data_stream: index.dataStream }),
})

function resolved(store: Store, { params, parameters }: ApiRequest): Answer {
  const found = store.resolve(params.index!, indexOptions(parameters, { ...READ, hidden: false }))
  const streams = new Map<string, string[]>()
  const aliases = new Map<string, string[]>()
  for (const { name, dataStream, aliases: own } of found) {
    if (dataStream !== null) streams.set(dataStream, [...(streams.get(dataStream) ?? []), name])
    for (const alias of own.keys()) aliases.set(alias, [...(aliases.get(alias) ?? []), name])
  }
  return {
    body: {
      indices: found.map(({ name, aliases: own, dataStream }) => ({
        name,
        ...(own.size === 0 ? {} : { aliases: [...own.keys()].sort() }),
        attributes: ['open'],
        mode: 'standard',
        ...(dataStream === null ? {} : { data_stream: dataStream }),
      })),
      aliases: [...aliases].map(([name, indices]) => ({ name, indices })),
      data_streams: [...streams].map(([name, backing_indices]) => ({
        name,
        backing_indices,
        timestamp_field: '@timestamp',
      })),
    },
  }
}

function catIndices(store: Store, { params, parameters, headers }: ApiRequest): Answer {
  const rows = store.resolve(params.index ?? '*', indexOptions(parameters, READ)).map((index) => ({
    health: 'green',
    status: 'open',
    index: index.name,
    uuid: index.uuid,
    pri: '1',
    rep: String(index.settings.number_of_replicas ?? 1),
    'docs.count': String(index.size),
    'docs.deleted': String(index.documents.length - index.size),
  }))
  if (parameters.get('format') === 'json' || /json/.test(String(headers.accept))) return { body: rows }
  return { body: rows.map((row) => `${Object.values(row).join(' ')}\n`).join('') }
}

function createDataStream(store: Store, name: string): Answer {
  if (store.templates.forIndex(name)?.data_stream === undefined) {
    throw illegalArgument(`no matching index template found for data stream [${name}]`)
  }
  if (store.dataStreams.has(name)) {
    throw new ElasticsearchError(400, 'resource_already_exists_exception', `data_stream [${name}] already exists`)
  }
  store.createBackingIndex(name)
  return ACKNOWLEDGED
}

function dataStreams(store: Store, expression: string): Answer {
  const names = new Set(
    store.resolve(expression, { ...READ, hidden: true }).flatMap(({ dataStream }) => dataStream ?? []),
  )
  if (names.size === 0 && !expression.includes('*')) throw indexNotFound(expression)
  const streams = [...names].map((name) => ({
    name,
    timestamp_field: { name: '@timestamp' },
    indices: store.dataStreams
      .get(name)!
      .map((index) => ({ index_name: index, index_uuid: store.indices.get(index)!.uuid })),
    generation: store.dataStreams.get(name)!.length,
    status: 'GREEN',
    template: [...store.templates.index].find(([, template]) => template === store.templates.forIndex(name))?.[0],
    hidden: false,
    system: false,
  }))
  return { body: { data_streams: streams } }
}
