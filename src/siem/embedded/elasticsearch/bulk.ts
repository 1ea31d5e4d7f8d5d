/** `_bulk`: many writes in one request, each with its own answer. */
import { ElasticsearchError, illegalArgument } from '../errors.ts'
import { type Answer, type ApiRequest, flagOf, linesOf } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { isObject } from '../query/arguments.ts'
import type { Store } from '../store/store.ts'
import type { StoredIndex } from '../store/stored-index.ts'
import { documentOf, forcesRefresh, newId, updateDocument, writtenBody } from './documents.ts'

const ACTIONS = ['index', 'create', 'update', 'delete'] as const
type Action = (typeof ACTIONS)[number]

export function bulkRoutes(routes: Routes, store: Store): void {
  for (const path of ['/_bulk', '/:index/_bulk']) {
    routes.add('elasticsearch', 'POST|PUT', path, (request) => bulk(store, request))
  }
}

interface Operation {
  action: Action
  name: string
  id: string | undefined
  options: { ifSeqNo?: number; ifPrimaryTerm?: number }
  requireAlias: boolean
  /** The line with the document, empty for deletions. */
  body: string
}

function bulk(store: Store, request: ApiRequest): Answer {
  const from = performance.now()
  const operations = operationsOf(request)
  const forced = forcesRefresh(request)
  let errors = false
  const items = operations.map((operation) => {
    const item = perform(store, operation, forced)
    if ('error' in item) errors = true
    return { [operation.action]: item }
  })
  return { body: { errors, took: Math.round(performance.now() - from), items } }
}

/** Reads the whole request before anything is written: a malformed line fails all of it. */
function operationsOf(request: ApiRequest): Operation[] {
  const lines = linesOf(request, 'bulk')
  const operations: Operation[] = []
  for (let at = 0; at < lines.length; at += 1) {
    if (lines[at]!.trim() === '') continue
    const number = at + 1
    const [action, given] = actionOf(lines[at]!, number)
    const name = given._index ?? request.params.index
    if (name === undefined) throw validation(`${operations.length + 1}: index is missing;`)
    const needsBody = action !== 'delete'
    const body = needsBody ? lines[++at] : ''
    if (body === undefined)
      throw illegalArgument(`Malformed action/metadata line [${number}], expected a document after it`)
    operations.push({
      action,
      name: String(name),
      id: given._id === undefined || given._id === null ? undefined : String(given._id),
      options: {
        ...(given.if_seq_no === undefined ? {} : { ifSeqNo: Number(given.if_seq_no) }),
        ...(given.if_primary_term === undefined ? {} : { ifPrimaryTerm: Number(given.if_primary_term) }),
      },
      requireAlias: flagOf(request, 'require_alias', given.require_alias === true),
      body,
    })
  }
  if (operations.length === 0) throw validation('1: no requests added;')
  return operations
}

const validation = (reason: string) =>
  new ElasticsearchError(400, 'action_request_validation_exception', `Validation Failed: ${reason}`)

function actionOf(line: string, number: number): [Action, Record<string, unknown>] {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch (error) {
    throw illegalArgument(`Malformed action/metadata line [${number}], ${(error as Error).message}`)
  }
  const entry = isObject(parsed) ? Object.entries(parsed)[0] : undefined
  if (entry === undefined) {
    throw illegalArgument(
      `Malformed action/metadata line [${number}], expected START_OBJECT or END_OBJECT but found [VALUE_STRING]`,
    )
  }
  const [action, given] = entry
  if (!ACTIONS.includes(action as Action)) {
    throw illegalArgument(
      `Malformed action/metadata line [${number}], expected field [create], [delete], [index] or [update] but found [${action}]`,
    )
  }
  if (!isObject(given)) {
    throw illegalArgument(`Malformed action/metadata line [${number}], expected START_OBJECT but found [VALUE_STRING]`)
  }
  return [action as Action, given]
}

function perform(store: Store, operation: Operation, forced: boolean): Record<string, unknown> {
  const { action, name, options } = operation
  const id = operation.id ?? newId()
  let index: StoredIndex | undefined
  try {
    if (operation.requireAlias && store.indices.has(name)) {
      throw illegalArgument(`[require_alias] request flag is [true] and [${name}] is not an alias`)
    }
    index = store.writeTarget(name, action === 'index' || action === 'create' ? action : 'other')
    if (action === 'delete') {
      const written = store.delete(index, id, options)
      return { ...writtenBody(index, written, forced), status: written.result === 'not_found' ? 404 : 200 }
    }
    const body = documentOf(parseDocument(operation.body))
    const written =
      action === 'update'
        ? updateDocument(store, index, id, body, options)
        : store.put(index, id, body, { ...options, create: action === 'create' })
    return {
      ...writtenBody(index, written, forced),
      status: written.result === 'created' ? 201 : 200,
    }
  } catch (error) {
    if (!(error instanceof ElasticsearchError)) throw error
    return {
      _index: index?.name ?? name,
      _id: index === undefined ? (operation.id ?? null) : id,
      status: error.status,
      error: error.body,
    }
  }
}

function parseDocument(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw new ElasticsearchError(400, 'document_parsing_exception', `failed to parse: ${(error as Error).message}`)
  }
}
