/** Single documents: `_doc`, `_create`, `_update`, `_source`, `_mget`. */
import { randomBytes } from 'node:crypto'
import { ElasticsearchError, illegalArgument, indexNotFound, parsingError } from '../errors.ts'
import { type Answer, type ApiRequest, jsonOf, objectBody } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { isObject } from '../query/arguments.ts'
import { filterSource } from '../search/fetch.ts'
import type { Store } from '../store/store.ts'
import type { StoredIndex, WriteOptions, Written } from '../store/stored-index.ts'

export function documentRoutes(routes: Routes, store: Store): void {
  const add = (methods: string, path: string, handler: (request: ApiRequest) => Answer) =>
    routes.add('elasticsearch', methods, path, handler)
  add('POST', '/:index/_doc', (request) => write(store, request, 'index'))
  add('POST|PUT', '/:index/_doc/:id', (request) => write(store, request, operationOf(request)))
  add('POST|PUT', '/:index/_create/:id', (request) => write(store, request, 'create'))
  add('POST', '/:index/_update/:id', (request) => update(store, request))
  add('DELETE', '/:index/_doc/:id', (request) => remove(store, request))
  add('GET', '/:index/_doc/:id', (request) => get(store, request))
  add('GET', '/:index/_source/:id', (request) => source(store, request))
  add('GET|POST', '/_mget', (request) => multiGet(store, request))
  add('GET|POST', '/:index/_mget', (request) => multiGet(store, request))
}

/** An id such as Elasticsearch makes: 20 letters, digits, `-` and `_`. */
export const newId = (): string => randomBytes(15).toString('base64url')

const operationOf = ({ parameters }: ApiRequest) => (parameters.get('op_type') === 'create' ? 'create' : 'index')

function writeOptions({ parameters }: ApiRequest, create: boolean): WriteOptions {
  const seqNo = parameters.get('if_seq_no')
  const term = parameters.get('if_primary_term')
  return {
    create,
    ...(seqNo === null ? {} : { ifSeqNo: Number(seqNo) }),
    ...(term === null ? {} : { ifPrimaryTerm: Number(term) }),
  }
}

const NO_SHARDS = { total: 0, successful: 0, failed: 0 }

/** How many copies of a document there would be: this one and its replicas. */
const copiesOf = ({ settings }: StoredIndex) => 1 + Number(settings.number_of_replicas ?? 1)

/** How a write went, as the single-document APIs and bulk items tell it. */
export function writtenBody(index: StoredIndex, { id, version, result, seqNo }: Written, forcedRefresh: boolean) {
  return {
    _index: index.name,
    _id: id,
    _version: version,
    result,
    ...(forcedRefresh ? { forced_refresh: true } : {}),
    _shards: result === 'noop' ? NO_SHARDS : { total: copiesOf(index), successful: 1, failed: 0 },
    _seq_no: seqNo,
    _primary_term: 1,
  }
}

/** Whether a request forces a refresh, which answers repeat. */
export const forcesRefresh = ({ parameters }: ApiRequest): boolean => {
  const refresh = parameters.get('refresh')
  return refresh === '' || refresh === 'true'
}

export function documentOf(value: unknown): Record<string, unknown> {
  if (isObject(value)) return value
  throw new ElasticsearchError(400, 'document_parsing_exception', 'Malformed content, must start with an object')
}

function write(store: Store, request: ApiRequest, operation: 'index' | 'create'): Answer {
  const { index: name = '', id = newId() } = request.params
  const body = jsonOf(request)
  if (body === undefined) throw new ElasticsearchError(400, 'parse_exception', 'request body is required')
  const target = store.writeTarget(name, operation)
  const written = store.put(target, id, documentOf(body), writeOptions(request, operation === 'create'))
  const status = written.result === 'created' ? 201 : 200
  return {
    status,
    body: writtenBody(target, written, forcesRefresh(request)),
    headers: status === 201 ? { location: `/${encodeURIComponent(target.name)}/_doc/${encodeURIComponent(id)}` } : {},
  }
}

/** The one index that a read of a document means. */
function readTarget(store: Store, name: string): StoredIndex {
  const found = store.resolve(name, { ignoreUnavailable: false, allowNoIndices: false, hidden: true, wildcards: false })
  if (found.length === 1) return found[0]!
  throw illegalArgument(
    `alias [${name}] has more than one index associated with it [${found.map((index) => index.name).join(', ')}], can't execute a single index op`,
  )
}

function remove(store: Store, request: ApiRequest): Answer {
  const { index: name = '', id = '' } = request.params
  const target = store.writeTarget(name, 'other')
  const written = store.delete(target, id, writeOptions(request, false))
  return {
    status: written.result === 'not_found' ? 404 : 200,
    body: writtenBody(target, written, forcesRefresh(request)),
  }
}

function update(store: Store, request: ApiRequest): Answer {
  const { index: name = '', id = '' } = request.params
  const target = store.writeTarget(name, 'other')
  const written = updateDocument(store, target, id, objectBody(request), writeOptions(request, false))
  return {
    status: written.result === 'created' ? 201 : 200,
    body: writtenBody(target, written, forcesRefresh(request)),
  }
}

/** Merges a partial document into the one that is there, or puts the whole one that stands for a missing one. */
export function updateDocument(
  store: Store,
  index: StoredIndex,
  id: string,
  body: Record<string, unknown>,
  options: WriteOptions,
): Written {
  const { doc, upsert, doc_as_upsert: asUpsert, detect_noop: detectNoop = true } = body
  if (body.script !== undefined) throw illegalArgument('scripts are not supported by the embedded SIEM')
  if (!isObject(doc)) {
    throw new ElasticsearchError(
      400,
      'action_request_validation_exception',
      'Validation Failed: 1: script or doc is missing;',
    )
  }
  const existing = index.get(id)
  if (existing === undefined) {
    const whole = asUpsert === true ? doc : upsert
    if (!isObject(whole)) {
      throw new ElasticsearchError(404, 'document_missing_exception', `[${id}]: document missing`, {
        index_uuid: index.uuid,
        shard: '0',
        index: index.name,
      })
    }
    return store.put(index, id, whole, options)
  }
  const merged = mergeInto(existing.source, doc)
  if (detectNoop !== false && JSON.stringify(merged) === JSON.stringify(existing.source)) {
    return { id, version: existing.version, seqNo: existing.seqNo, result: 'noop' }
  }
  return store.put(index, id, merged, options)
}

function mergeInto(base: Record<string, unknown>, added: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...base }
  for (const [name, value] of Object.entries(added)) {
    const before = merged[name]
    merged[name] = isObject(before) && isObject(value) ? mergeInto(before, value) : value
  }
  return merged
}

function get(store: Store, request: ApiRequest): Answer {
  const { index: name = '', id = '' } = request.params
  const body = found(readTarget(store, name), id, sourceAsked(request))
  return { status: body.found ? 200 : 404, body }
}

/** `_source` and its companions among the parameters, in the form that a body has. */
function sourceAsked({ parameters }: ApiRequest): unknown {
  const includes = parameters.get('_source_includes')?.split(',')
  const excludes = parameters.get('_source_excludes')?.split(',')
  if (includes !== undefined || excludes !== undefined) return { includes, excludes }
  const plain = parameters.get('_source')
  return plain === null || plain === 'true' ? true : plain === 'false' ? false : plain.split(',')
}

function found(index: StoredIndex, id: string, asked: unknown) {
  const document = index.get(id)
  if (document === undefined) return { _index: index.name, _id: id, found: false }
  const { version, seqNo } = document
  const source = filterSource(document.source, asked)
  return {
    _index: index.name,
    _id: id,
    _version: version,
    _seq_no: seqNo,
    _primary_term: 1,
    found: true,
    ...(source === null ? {} : { _source: source }),
  }
}

function source(store: Store, request: ApiRequest): Answer {
  const { index: name = '', id = '' } = request.params
  const document = readTarget(store, name).get(id)
  if (document === undefined) {
    throw new ElasticsearchError(404, 'resource_not_found_exception', `Document not found [${name}]/[${id}]`)
  }
  return { body: filterSource(document.source, sourceAsked(request)) ?? {} }
}

function multiGet(store: Store, request: ApiRequest): Answer {
  const body = objectBody(request)
  const wanted = Array.isArray(body.docs) ? body.docs : [body.ids ?? []].flat().map((id) => ({ _id: id }))
  if (wanted.length === 0) {
    throw new ElasticsearchError(
      400,
      'action_request_validation_exception',
      'Validation Failed: 1: no documents to get;',
    )
  }
  const docs = wanted.map((entry) => {
    if (!isObject(entry)) throw parsingError('docs array element should include an object')
    const name = String(entry._index ?? request.params.index ?? '')
    const id = String(entry._id)
    try {
      return found(readTarget(store, name), id, entry._source ?? sourceAsked(request))
    } catch (error) {
      if (!(error instanceof ElasticsearchError)) throw error
      const failure = error.status === 404 ? indexNotFound(name) : error
      return { _index: name, _id: id, error: failure.answer.error }
    }
  })
  return { body: { docs } }
}
